import type { StrategyClass } from '../../core/strategy/strategy.ts';
import { BookImbalance } from '../../strategies/book-imbalance.ts';
import { BollingerMeanReversion } from '../../strategies/bollinger-mean-reversion.ts';
import { CrossVenueArbitrage } from '../../strategies/cross-venue-arbitrage.ts';
import { DonchianBreakout } from '../../strategies/donchian-breakout.ts';
import { Grid } from '../../strategies/grid.ts';
import { MarketMaking } from '../../strategies/market-making.ts';
import { MovingAverageCrossover } from '../../strategies/moving-average-crossover.ts';
import { Pairs } from '../../strategies/pairs.ts';
import { RegimeSwitch } from '../../strategies/regime-switch.ts';

/** The strategies that come with the program, by the name that `use:` takes. */
export const SHIPPED_STRATEGIES: ReadonlyMap<string, StrategyClass> = new Map<string, StrategyClass>([
  ['moving-average-crossover', MovingAverageCrossover as unknown as StrategyClass],
  ['bollinger-mean-reversion', BollingerMeanReversion as unknown as StrategyClass],
  ['donchian-breakout', DonchianBreakout as unknown as StrategyClass],
  ['pairs', Pairs as unknown as StrategyClass],
  ['regime-switch', RegimeSwitch as unknown as StrategyClass],
  ['market-making', MarketMaking as unknown as StrategyClass],
  ['book-imbalance', BookImbalance as unknown as StrategyClass],
  ['grid', Grid as unknown as StrategyClass],
  ['cross-venue-arbitrage', CrossVenueArbitrage as unknown as StrategyClass],
]);
