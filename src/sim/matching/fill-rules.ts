import { assert } from '../../base/assert.ts';
import type { BlockKind } from '../../model/blocks.ts';
import { DAY_US } from '../../model/civil-date.ts';
import type { Money } from '../../model/currency.ts';
import type { FeeSchedule } from '../../model/fees.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { checkDepthRules, type DepthRules } from '../depth/depth-rules.ts';
import type { FeedBlock, FeedDelay } from '../depth/venue-feed.ts';
import type { LatencyModel } from '../latency.ts';
import type { Slippage } from './slippage.ts';

/**
 * When a market order fills, and at what. `nextOpen` and `nextTrade` are two names of one rule: it waits for the next matching event
 * (a bar's open, a trade, a quote's far side). `thisClose` and `last` fill at once at the last price seen; `touch` fills at once at the
 * ask (buy) or bid (sell) if the quote is at least as new as the last price, else at the last price. Where nothing has been seen yet,
 * the order waits for the next event. Examples: docs/concepts/fills.md.
 */
type MarketRule = 'nextOpen' | 'nextTrade' | 'thisClose' | 'last' | 'touch';

/**
 * Order in which a bar's extremes are assumed to have been visited. `nearestFirst`: the one nearer to the open, the high when equally
 * near. `worstFirst`: the low first for a long account and the high first for a short one; flat, the high first where all working orders
 * buy, the low first where all sell, else nearestFirst.
 */
export type PathRule = 'openHighLowClose' | 'openLowHighClose' | 'nearestFirst' | 'worstFirst';

export interface FillRules {
  readonly market: MarketRule;
  /** `touch`: a resting limit fills when the price reaches it. `through`: only when the price goes `throughTicks` increments beyond it. */
  readonly limitFill: 'touch' | 'through';
  readonly throughTicks: number;
  /** On bars: whether the limit of a stop-limit is judged from the rest of the triggering bar, or from the next bar. */
  readonly triggeredLimit: 'sameBar' | 'nextBar';
  readonly path: PathRule;
  /** Share of a bar's volume, a trade's quantity or a quote's size that our own orders may take together, rounded down to lots; null for no bound. */
  readonly volumeShare: { readonly numerator: number; readonly denominator: number } | null;
  readonly slippage: Slippage;
}

export const DEFAULT_FILL_RULES: FillRules = {
  market: 'nextOpen',
  limitFill: 'touch',
  throughTicks: 1,
  triggeredLimit: 'sameBar',
  path: 'nearestFirst',
  volumeShare: null,
  slippage: { kind: 'none' },
};

/** One instrument as this venue trades it. */
export interface VenueInstrument {
  readonly instrument: Instrument;
  readonly rules: FillRules;
  readonly fees: FeeSchedule;
  /** Kinds of data whose rows move working orders. Rows of other kinds only update the last price and the touch. */
  readonly matchOn: readonly BlockKind[];
  /** Of BARS and QUOTE_BARS, the one series that moves orders; −1 for any (right where an instrument has one series only). */
  readonly matchSeries: number;
}

export interface VenueConfig {
  readonly instruments: readonly VenueInstrument[];
  /** Microseconds from the house to the venue, and back. */
  readonly orderEntryUs: number;
  readonly responseUs: number;
  /** In place of the two, where lengths differ from message to message; what is sent later never arrives earlier. */
  readonly latency?: { readonly orderEntry: LatencyModel; readonly response: LatencyModel };
  /** Instruments trade against recorded books; null or left out: by rows as they go by. */
  readonly depth?: VenueDepth | null;
}

/** The books that a venue plays, and how orders trade against them. */
export interface VenueDepth {
  /**
   * Opens a recording: the venue reads it for itself, ahead of the house by the latency of the feed. Null where there is none: the venue is told of rows
   * when the house has them, as SimulatedVenue.tell says.
   */
  readonly open: (() => readonly BlockReader<FeedBlock>[]) | null;
  readonly delay: FeedDelay;
  /** By instrument. */
  readonly rules: ReadonlyMap<InstrumentIndex, DepthRules>;
}

/** What the venue asks of its surroundings; all must be deterministic. */
export interface VenueServices {
  /** Quantity (> 0, in the order's direction) for an order marked SIZE_AT_FILL that is about to fill at `price`; 0 cancels it. */
  sizeAtFill(clientOrderId: ClientOrderId, price: Price): Quantity;
  /**
   * What the account has to pay for this instrument with, in its quote currency, the venue's own fills included that the house has not heard of;
   * null where a purchase takes no cash or the account may owe.
   */
  cashFor(instrument: InstrumentIndex): Money | null;
  /** End of the trading day that is running at `ts` or, when none is, of the next: the first session close strictly after `ts`. */
  sessionCloseAfter(instrument: InstrumentIndex, ts: number): number;
}

/** The trading day of a market without a calendar: ends at the next UTC midnight. */
export function utcDayEndAfter(ts: number): number {
  return (Math.floor(ts / DAY_US) + 1) * DAY_US;
}

/** True where a market order fills in the step in which it arrives. */
export function fillsAtOnce(rule: MarketRule): boolean {
  return rule === 'thisClose' || rule === 'last' || rule === 'touch';
}

/** @throws InvariantError on a broken bound: the run file's reader has validated user input */
export function checkVenueConfig(config: VenueConfig): void {
  assert(Number.isSafeInteger(config.orderEntryUs) && config.orderEntryUs >= 0, 'orderEntryUs is a whole number of microseconds >= 0');
  assert(Number.isSafeInteger(config.responseUs) && config.responseUs >= 0, 'responseUs is a whole number of microseconds >= 0');
  for (const rules of config.depth?.rules.values() ?? []) checkDepthRules(rules);
  for (const { instrument, rules, matchOn } of config.instruments) {
    assert(matchOn.length > 0, `${instrument.id}: at least one kind of data moves orders`);
    assert(Number.isSafeInteger(rules.throughTicks) && rules.throughTicks >= 1, `${instrument.id}: throughTicks >= 1`);
    const share = rules.volumeShare;
    if (share === null) continue;
    const isRatio = Number.isSafeInteger(share.numerator) && Number.isSafeInteger(share.denominator);
    assert(isRatio && share.numerator > 0 && share.denominator > 0, `${instrument.id}: volumeShare is a ratio of whole numbers above zero`);
  }
}
