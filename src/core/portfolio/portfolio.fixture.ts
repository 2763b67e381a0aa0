import type { AccountDefinition, LeverageMargin, MarginTerms } from '../../model/account.ts';
import { type Currency, makeCurrency } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Instrument, InstrumentDefinition, InstrumentKind, Price, Quantity } from '../../model/instrument.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import { LiquiditySide, Side } from '../../model/order.ts';
import type { ClosedTrade } from '../../model/position.ts';
import { parseBigDecimal, parseDecimal } from '../../base/decimal.ts';
import { ClosedTradeLog } from './closed-trade-log.ts';
import { Portfolio, type PortfolioOptions } from './portfolio.ts';

/** What the tests of this folder build their cases from. Decimals are texts, so that a case reads as it is written on paper. */

export const USD = makeCurrency('USD');
export const EUR = makeCurrency('EUR');
export const USDT = makeCurrency('USDT');
export const BTC = makeCurrency('BTC');
export const ETH = makeCurrency('ETH');

export function instrument(
  kind: InstrumentKind,
  id: string,
  base: Currency,
  quote: Currency,
  more: Partial<InstrumentDefinition>,
  index = 0,
): Instrument {
  return instrumentWith({ id, kind, base, quote, settlement: kind === 'INVERSE_PERPETUAL' ? base : quote, ...more }, index);
}

/** Money from a decimal text. */
export function money(text: string, currency: Currency): bigint {
  const count = parseBigDecimal(text, currency.decimals);
  if (typeof count === 'string') throw new Error(`${text}: ${count}`);
  return count;
}

function count(text: string, decimals: number): number {
  const value = parseDecimal(text, decimals);
  if (typeof value === 'string') throw new Error(`${text}: ${value}`);
  return value;
}

export function price(text: string, of: Instrument): Price {
  return count(text, of.priceDecimals);
}

export function quantity(text: string, of: Instrument): Quantity {
  return count(text, of.quantityDecimals);
}

let lastTradeId = 0;

/** `fill(spy, 'BUY', '512', '97.84', '2.56')`: commission in settlement money. */
export function fill(of: Instrument, side: 'BUY' | 'SELL', qty: string, px: string, commission = '0', more: Partial<Fill> = {}): Fill {
  lastTradeId += 1;
  const lastQty = quantity(qty, of);
  return {
    kind: 'OrderFilled',
    clientOrderId: lastTradeId,
    strategy: 0,
    instrument: of.index,
    tsEvent: lastTradeId * 1000,
    tsInit: lastTradeId * 1000,
    tradeId: `T-${lastTradeId}`,
    side: Side[side],
    lastQty,
    lastPx: price(px, of),
    cumQty: lastQty,
    leavesQty: 0,
    commission: money(commission, of.settlement),
    liquiditySide: LiquiditySide.TAKER,
    tag: '',
    ...more,
  };
}

export const NO_MARGIN: MarginTerms = { kind: 'none' };

export function leverage(
  times: number,
  initialRatePpb: number,
  maintenanceRatePpb: number,
  more: Partial<LeverageMargin> = {},
): LeverageMargin {
  return {
    kind: 'leverage',
    leveragePpb: times * 1_000_000_000,
    initialRatePpb,
    maintenanceRatePpb,
    markedAt: 'MARK',
    locks: 'INITIAL',
    ...more,
  };
}

export function account(venue: string, baseCurrency: Currency, opening: string, more: Partial<AccountDefinition> = {}): AccountDefinition {
  return {
    venue,
    type: 'MARGIN',
    baseCurrency,
    positionMode: 'NETTING',
    costMethod: 'AVERAGE',
    openingBalances: [{ currency: baseCurrency, amount: money(opening, baseCurrency) }],
    margin: NO_MARGIN,
    instrumentMargins: [],
    ...more,
  };
}

/** A portfolio whose marks are set by hand. */
export function portfolioOf(
  instruments: readonly Instrument[],
  accounts: readonly AccountDefinition[],
  more: Partial<PortfolioOptions> = {},
): { readonly portfolio: Portfolio; readonly mark: (of: Instrument, px: string) => void } {
  const marks: Price[] = instruments.map(() => 0);
  const portfolio = new Portfolio({
    accounts,
    instruments,
    strategyCount: 3,
    conversions: [],
    startTs: 0,
    marks: { markPrice: (index) => marks[index]! },
    ...more,
  });
  return {
    portfolio,
    mark: (of, px) => {
      marks[of.index] = price(px, of);
    },
  };
}

/** The trades that a piece of work has closed. */
export function closedBy(work: (log: ClosedTradeLog) => unknown): readonly ClosedTrade[] {
  const log = new ClosedTradeLog();
  work(log);
  return [...log];
}
