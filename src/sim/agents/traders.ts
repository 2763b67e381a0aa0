import { type Random, stream } from '../../base/random.ts';
import type { Side } from '../../model/order.ts';
import { TradingPhase } from '../exchange/exchange-order.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { AgentBehavior, AgentMarketSettings } from './agent-settings.ts';
import { valueStepUs } from './fundamental-value.ts';

/** Large orders that are being worked at once. */
const LARGE_ORDERS = 2;
/** Slices of a large order: Pareto with this exponent, so that signs at distance n are alike with about n^(1 − exponent). */
const SLICES_EXPONENT = 1.4;
const SLICES_MAX = 2000;
/** In usual spreads: a large order waits with a limit order where the price has run away from the value by as much. */
const PATIENCE = 3;
/** Averages of the middle whose difference is the trend: they look back so long. */
const FAST_US = 20_000_000;
const LONG_US = 180_000_000;
/** In deviations of a second: trend followers see nothing below it. */
const TREND_MIN = 1.5;
/** What trend followers hold at most, in typical quantities. */
const TREND_LIMIT = 400;
/** Share of market orders that do not look at what the best price shows. */
const CARELESS = 0.15;
const SIZE_MAX = 40;
/** In reaches: how much worse a price a careless order takes at most. */
const PROTECTION = 5;
/** Of the distances of limit orders from the best price, in reaches. */
const DISTANCE_SCALE = 1.5;
/** Lowest price of an order, increments. */
const PRICE_MIN = 1;

/**
 * Those who send market orders, and background traders, who send limit orders as well.
 *
 * - Large orders are cut into slices and worked over time, which makes signs of market orders alike over long distances
 *   (F. Lillo, S. Mike and J. D. Farmer, Physical Review E 71, 2005).
 * - Trend followers buy what has risen (C. Chiarella and G. Iori, Quantitative Finance 2, 2002).
 * - The others buy rather where the price is below the value.
 * - Limit orders stand at and behind the best price, at distances with a power law.
 */
export class Traders {
  /** Lots that trend followers hold. */
  trendPosition = 0;
  private readonly desk: AgentDesk;
  private readonly behavior: AgentBehavior;
  private readonly random: Random;
  private readonly quantityTypical: number;
  private readonly largeSides = new Int8Array(LARGE_ORDERS);
  private readonly slicesLeft = new Int32Array(LARGE_ORDERS);
  private readonly fastWeight: number;
  private readonly longWeight: number;
  private reach = 1;
  private fastAverage = Number.NaN;
  private longAverage = Number.NaN;

  constructor(settings: AgentMarketSettings, desk: AgentDesk) {
    this.desk = desk;
    this.behavior = settings.behavior;
    this.quantityTypical = settings.quantityTypical;
    this.fastWeight = valueStepUs(settings.eventsPerSecond) / FAST_US;
    this.longWeight = valueStepUs(settings.eventsPerSecond) / LONG_US;
    this.random = stream(settings.seed, `agents ${settings.position} traders`);
  }

  /** A step of time has gone: trend followers look at the price. */
  look(): void {
    const middle = this.middle();
    if (Number.isNaN(middle)) return;
    if (Number.isNaN(this.fastAverage)) {
      this.fastAverage = middle;
      this.longAverage = middle;
    }
    this.fastAverage += this.fastWeight * (middle - this.fastAverage);
    this.longAverage += this.longWeight * (middle - this.longAverage);
  }

  /** Sends a limit order that does not take. @param reach what the value moves meanwhile, or the spread, increments */
  rest(value: number, spread: number, reach: number): void {
    const { desk, random } = this;
    const side: Side = random.nextUint32() < 0x8000_0000 ? 1 : -1;
    const other = desk.best(-side);
    const own = desk.best(side);
    const best = Number.isFinite(own) ? own : Math.round(Number.isFinite(other) ? other - side * spread : value - (side * spread) / 2);
    // Nobody offers at a price that is plainly wrong.
    const reference = side > 0 ? Math.min(best, Math.floor(value + 0.5 * reach)) : Math.max(best, Math.ceil(value - 0.5 * reach));
    const isImproving = random.nextUint32() < 0x3000_0000 && Math.abs(other - reference) > spread + 0.5;
    const distance = isImproving ? -1 : Math.floor(DISTANCE_SCALE * reach * desk.drawDistance());
    const price = reference - side * distance;
    // A price that would be below the lowest there is becomes the lowest.
    const passive = side > 0 ? Math.max(PRICE_MIN, Math.min(price, other - 1)) : Math.max(PRICE_MIN, price, other + 1);
    if (side > 0 && passive >= other) return;
    desk.keepBackground(desk.limit(side, passive, desk.drawQty(1)));
  }

  /** Cancels an order: one at a price that is plainly wrong, else any. */
  cancel(value: number, reach: number): void {
    const { desk } = this;
    const margin = 0.5 * reach;
    if (desk.best(1) > value + margin && desk.cancelBest(1)) return;
    if (desk.best(-1) < value - margin && desk.cancelBest(-1)) return;
    if (desk.backgroundCount > 0) desk.cancelAnyBackground();
  }

  /** Sends a market order, or what a patient trader sends in its place. @param deviation of the value over a second, increments */
  take(value: number, spread: number, deviation: number): void {
    const { random, behavior } = this;
    this.reach = Math.max(spread, deviation);
    const middle = this.middle();
    const choice = random.nextDouble();
    if (choice < behavior.splitting) return this.slice(value, middle, spread);
    const trend = (this.fastAverage - this.longAverage) / Math.max(1, deviation);
    if (choice < behavior.splitting + behavior.trendFollowing && Math.abs(trend) > TREND_MIN) return this.follow(trend > 0 ? 1 : -1);
    const pull = Number.isNaN(middle) ? 0 : Math.max(-0.4, Math.min(0.4, (value - middle) / (6 * spread)));
    this.send(random.nextDouble() < 0.5 + pull ? 1 : -1);
  }

  /** The next slice of one of the large orders. */
  private slice(value: number, middle: number, spread: number): void {
    const { random } = this;
    const large = random.nextBelow(LARGE_ORDERS);
    if (this.slicesLeft[large] === 0) {
      this.largeSides[large] = random.nextUint32() < 0x8000_0000 ? 1 : -1;
      this.slicesLeft[large] = Math.min(SLICES_MAX, Math.floor(random.nextPareto(1, SLICES_EXPONENT)));
    }
    this.slicesLeft[large]! -= 1;
    const side = this.largeSides[large] as Side;
    if (side * (middle - value) > PATIENCE * spread) {
      const { desk } = this;
      const own = desk.best(side);
      if (Number.isFinite(own)) desk.keepBackground(desk.limit(side, own, desk.drawQty(1)));
    } else this.send(side);
  }

  private follow(side: Side): void {
    if (side * this.trendPosition >= TREND_LIMIT * this.quantityTypical) return;
    const lots = this.send(side);
    this.trendPosition += side * lots;
  }

  /** Takes what the best price shows or, carelessly, more. @returns lots ordered */
  private send(side: Side): number {
    const { desk, random } = this;
    const shown = desk.bestQty(-side);
    const drawn = Math.min(SIZE_MAX * this.quantityTypical, desk.drawQty(0.8));
    if (desk.engine.book.phase !== TradingPhase.CONTINUOUS) return this.gather(side, Math.min(drawn, shown - side * desk.waitingQty()));
    const isCareless = random.nextDouble() < CARELESS;
    if (!isCareless || drawn <= shown) {
      const lots = shown === 0 ? drawn : Math.min(drawn, shown);
      desk.market(side, lots);
      return lots;
    }
    // Half of those who want more than is shown take no worse price than they see: what is left of their order rests.
    const other = desk.best(-side);
    const isResting = random.nextUint32() < 0x8000_0000;
    if (!Number.isFinite(other)) desk.market(side, drawn);
    else if (isResting) desk.keepBackground(desk.limit(side, other, drawn));
    else desk.takeUpTo(side, Math.max(PRICE_MIN, other + side * Math.ceil(PROTECTION * this.reach)), drawn);
    return drawn;
  }

  /**
   * Trading is halted: an order waits for the auction. Those that wait on one side outweigh those on the other by no more than stands at the best
   * price, so that the auction does not eat into a book that nobody refills until it is over.
   *
   * @returns lots ordered
   */
  private gather(side: Side, lots: number): number {
    if (lots <= 0) return 0;
    this.desk.market(side, lots);
    return lots;
  }

  private middle(): number {
    const middle = (this.desk.best(1) + this.desk.best(-1)) / 2;
    return Number.isFinite(middle) ? middle : Number.NaN;
  }
}
