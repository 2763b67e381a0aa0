import { REPORT_BITS, REPORT_KIND, REPORT_REASON, ReportKind } from '../../src/sim/exchange/exchange-reports.ts';
import type { AgentMarketSettings } from '../../src/sim/agents/agent-settings.ts';
import { FeedEvent, MarketEvents } from '../../src/sim/agents/market-events.ts';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
/** Seconds over which a move is looked at, and how far it goes at least, in usual spreads. */
const MOVE_SECONDS = 300;
const MOVE_SPREADS = 3;
export const DAY = 1440 * MINUTE;

/** What is stated of a market in docs/concepts/generated-markets.md. */
export interface StylizedFacts {
  /** Excess kurtosis of the middle's log returns of a minute. */
  readonly kurtosis: number;
  /** Autocorrelation of those returns: at one minute, and mean of 2 to 20. */
  readonly returnsAt1: number;
  readonly returnsAt2To20: number;
  /** Autocorrelation of their absolute values: at one minute, and means. */
  readonly sizesAt1: number;
  readonly sizesAt5To15: number;
  readonly sizesAt45To75: number;
  /** Share of time with a spread of one increment, of the usual spread or less, mean, and what it is below of 99 % of time. */
  readonly spreadOneShare: number;
  readonly spreadUsualShare: number;
  readonly spreadMean: number;
  readonly spread99: number;
  /** Autocorrelation of the signs of market orders, by distance in market orders. */
  readonly signsAt1: number;
  readonly signsAt10: number;
  readonly signsAt80To120: number;
  /**
   * Of market orders after a move of the middle over five minutes by three usual spreads or more: share with its sign less share against it. Who follows a
   * trend makes it larger; what is left without them is the persistence of the others, who also made the move.
   */
  readonly signsAfterMove: number;
  /** Variance over mean of the count of orders and cancels in a second, within a minute: 1 where they do not cluster. */
  readonly clustering: number;
  /** Lots bid at the best price, mean of the second to fourth level, and at ten increments behind the best, over the second to fourth. */
  readonly depthBest: number;
  readonly depthTen: number;
  /** Deviation of a year. */
  readonly volatility: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function autocorrelation(values: readonly number[], lag: number): number {
  const middle = mean(values);
  let product = 0;
  let square = 0;
  for (let at = 0; at < values.length; at += 1) {
    square += (values[at]! - middle) ** 2;
    if (at >= lag) product += (values[at]! - middle) * (values[at - lag]! - middle);
  }
  return product / square;
}

const meanAutocorrelation = (values: readonly number[], from: number, to: number): number =>
  mean(Array.from({ length: to - from + 1 }, (_, at) => autocorrelation(values, from + at)));

/** What is seen of a market, minute by minute, without asking how it is made. */
class Observations {
  readonly middles: number[] = [];
  readonly signs: number[] = [];
  readonly spreadTime = new Map<number, number>();
  readonly depth = new Float64Array(11);
  readonly dispersions: number[] = [];
  /** Products of the sign of a market order and that of the move before it. */
  readonly followed: number[] = [];
  /** The middle at every second. */
  private readonly everySecond: number[] = [];
  private readonly perSecond = new Float64Array(60);

  spread(spread: number, us: number): void {
    this.spreadTime.set(spread, (this.spreadTime.get(spread) ?? 0) + us);
  }

  event(second: number): void {
    this.perSecond[second]! += 1;
  }

  second(middle: number): void {
    this.everySecond.push(middle);
  }

  /** A market order. @param moveMin increments */
  marketOrder(side: number, moveMin: number): void {
    this.signs.push(side);
    const { everySecond } = this;
    const move = everySecond.at(-1)! - (everySecond.at(-1 - MOVE_SECONDS) ?? Number.NaN);
    if (Math.abs(move) >= moveMin) this.followed.push(side * Math.sign(move));
  }

  minute(middle: number, quantities: readonly number[]): void {
    this.middles.push(middle);
    quantities.forEach((quantity, at) => (this.depth[at]! += quantity));
    const counts = [...this.perSecond];
    const average = mean(counts);
    if (average > 0) this.dispersions.push(mean(counts.map((count) => (count - average) ** 2)) / average);
    this.perSecond.fill(0);
  }
}

function observe(settings: AgentMarketSettings, days: number): Observations {
  const seen = new Observations();
  const events = new MarketEvents(settings, settings.startTs + days * DAY);
  const { market } = events;
  const { bids, asks } = market.engine.book;
  let minuteTs = settings.startTs + MINUTE;
  let secondTs = settings.startTs;
  let beforeTs = settings.startTs;
  let spread = Number.NaN;
  /** The middle that the event before has left. */
  let before = (asks.bestKey - bids.bestKey) / 2;
  while (events.next()) {
    for (; market.ts >= minuteTs; minuteTs += MINUTE) {
      const quantities = Array.from({ length: 11 }, (_, behind) => bids.quantityAt(bids.bestKey + behind));
      seen.minute((asks.bestKey - bids.bestKey) / 2, quantities);
    }
    for (; market.ts >= secondTs; secondTs += SECOND) seen.second(before);
    if (Number.isFinite(spread)) seen.spread(spread, market.ts - beforeTs);
    beforeTs = market.ts;
    spread = asks.bestKey + bids.bestKey;
    before = (asks.bestKey - bids.bestKey) / 2;
    if (events.event !== FeedEvent.CHANGE) continue;
    const { rows, length } = market.engine.reports;
    if (rows[REPORT_KIND] !== ReportKind.MODIFIED) seen.event(Math.floor((market.ts - settings.startTs) / SECOND) % 60);
    let side = 0;
    for (let report = 0; report < length; report += 1)
      if (rows[(report << REPORT_BITS) | REPORT_KIND] === ReportKind.TRADE) side = rows[(report << REPORT_BITS) | REPORT_REASON]!;
    if (side !== 0) seen.marketOrder(side, MOVE_SPREADS * settings.spreadTicks);
  }
  return seen;
}

/** Lets a market run and measures it. Means and sums only; nothing of the program's own statistics takes part. */
export function factsOf(settings: AgentMarketSettings, days: number): StylizedFacts {
  const { middles, signs, spreadTime, depth, dispersions, followed } = observe(settings, days);
  const returns = middles.slice(1).map((middle, at) => Math.log(middle / middles[at]!));
  const sizes = returns.map(Math.abs);
  const average = mean(returns);
  const variance = mean(returns.map((value) => (value - average) ** 2));
  const spreads = [...spreadTime].sort(([one], [other]) => one - other);
  const total = spreads.reduce((sum, [, us]) => sum + us, 0);
  const shareUpTo = (most: number): number => spreads.reduce((sum, [spread, us]) => sum + (spread <= most ? us : 0), 0) / total;
  const nextLevels = (depth[1]! + depth[2]! + depth[3]!) / 3;
  return {
    kurtosis: mean(returns.map((value) => (value - average) ** 4)) / variance ** 2 - 3,
    returnsAt1: autocorrelation(returns, 1),
    returnsAt2To20: meanAutocorrelation(returns, 2, 20),
    sizesAt1: autocorrelation(sizes, 1),
    sizesAt5To15: meanAutocorrelation(sizes, 5, 15),
    sizesAt45To75: meanAutocorrelation(sizes, 45, 75),
    spreadOneShare: shareUpTo(1),
    spreadUsualShare: shareUpTo(settings.spreadTicks),
    spreadMean: spreads.reduce((sum, [spread, us]) => sum + spread * us, 0) / total,
    spread99: spreads.find(([spread]) => shareUpTo(spread) >= 0.99)![0],
    signsAt1: autocorrelation(signs, 1),
    signsAt10: autocorrelation(signs, 10),
    signsAt80To120: meanAutocorrelation(signs, 80, 120),
    signsAfterMove: mean(followed),
    clustering: mean(dispersions),
    depthBest: depth[0]! / nextLevels,
    depthTen: depth[10]! / nextLevels,
    volatility: Math.sqrt(variance * 525_600),
  };
}
