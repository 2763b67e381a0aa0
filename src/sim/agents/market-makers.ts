import { type Random, stream } from '../../base/random.ts';
import type { Side } from '../../model/order.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { AgentMarketSettings } from './agent-settings.ts';

/** Quotes of a maker on each side. */
const LEVELS = 2;
/** How much of the way from the middle of the book to the value a maker sees. */
const INSIGHT = 0.6;
/** A position at which a maker stops adding to it, in typical quantities. */
const POSITION_LIMIT = 60;
/** Each maker's spread over the usual one: the first is the keenest. */
const WIDTH_FIRST = 1.2;
const WIDTH_STEP = 0.35;
/** Chance that a maker changes its mind about the value, and by how much in usual spreads. */
const OPINION_CHANCE = 0.02;
const OPINION_SPREAD = 0.25;
/** Chance that a maker looks for such a price before its own quotes. */
const SNIPE_CHANCE = 0.012;
const URGENCY_MAX = 8;
/** How urgent it is that a quote goes, and that a missing one comes; beside them what is merely misplaced waits. */
const SHOULD_GO = 1e9;
const MISSING = 1e6;
/** In reaches: how wrong a price is that makers take it. */
const SNIPE_AT = 0.75;
/** In usual spreads: quotes stay as far behind the other side. */
const GAP_MIN = 1;

/**
 * Market makers: each quotes both sides at several prices around what it takes the value for, leans away from what it holds, and stops adding at a
 * limit. One quote is renewed at a time, the one that is furthest from where it should be. Their quotes never take.
 *
 * Source: the leaning is that of M. Avellaneda and S. Stoikov, Quantitative Finance 8, 2008, with a fixed width.
 */
export class MarketMakers {
  /** Lots held, by maker. */
  readonly positions: Float64Array;
  /** Value at which all quotes were last where they should be, increments. */
  private settledAt = Number.NaN;
  private readonly desk: AgentDesk;
  private readonly random: Random;
  private readonly ids: Int32Array;
  private readonly prices: Float64Array;
  private readonly opinions: Float64Array;
  private readonly limitQty: number;
  /** What {@link seek} has found: 0 for none. */
  private worst = 0;
  private worstTarget = 0;

  constructor(settings: AgentMarketSettings, desk: AgentDesk) {
    const { seed, position, quantityTypical, behavior } = settings;
    this.desk = desk;
    this.random = stream(seed, `agents ${position} makers`);
    this.positions = new Float64Array(behavior.marketMakers);
    this.opinions = new Float64Array(behavior.marketMakers);
    // Quotes are numbered from 1, so that minus the number is never 0.
    this.ids = new Int32Array(behavior.marketMakers * LEVELS * 2 + 1);
    this.prices = new Float64Array(this.ids.length);
    this.limitQty = POSITION_LIMIT * quantityTypical;
  }

  /** How urgently quotes want renewing: 0 where the value is where it was, 1 where it is half a reach away, up to {@link URGENCY_MAX}. */
  urgency(value: number, reach: number): number {
    const { desk } = this;
    if (desk.best(1) > value + SNIPE_AT * reach || desk.best(-1) < value - SNIPE_AT * reach) return URGENCY_MAX;
    return Number.isNaN(this.settledAt) ? URGENCY_MAX : Math.min(URGENCY_MAX, Math.abs(value - this.settledAt) / (0.5 * reach));
  }

  /**
   * Renews the quote that needs it most, if any does.
   *
   * @param value increments; NaN while trading is halted: quotes are taken away
   * @param spread usual spread now, increments
   * @param reach what the value may move before a quote follows: the spread, or what it moves in a second where that is more
   */
  act(value: number, spread: number, reach: number): void {
    const { random } = this;
    const count = this.positions.length;
    if (count === 0) return;
    if (random.nextUint32() < SNIPE_CHANCE * 4294967296 && this.takeUpTo(value, reach)) return;
    if (random.nextUint32() < OPINION_CHANCE * 4294967296)
      this.opinions[random.nextBelow(count)] = OPINION_SPREAD * spread * random.nextNormal();
    if (Number.isNaN(value)) return this.withdraw();
    this.seek(value, spread, reach);
    if (this.worst === 0) this.settledAt = value;
    else this.renew(this.worst, this.worstTarget);
  }

  /** Takes what stands at a price that is plainly wrong: who quotes knows first. */
  private takeUpTo(value: number, reach: number): boolean {
    const { desk } = this;
    const margin = SNIPE_AT * reach;
    const side = desk.best(1) > value + margin ? -1 : desk.best(-1) < value - margin ? 1 : 0;
    if (side === 0) return false;
    desk.takeUpTo(side, side > 0 ? Math.floor(value) : Math.ceil(value), desk.drawQty(2));
    return true;
  }

  /** A quote has traded so many lots. */
  onTrade(quote: number, lots: number): void {
    this.positions[makerOf(quote)]! += sideOfQuote(quote) * lots;
  }

  onEnd(quote: number): void {
    this.ids[quote] = 0;
  }

  /**
   * Finds the quote that is furthest from where it should be. A quote that is missing is further than any other, one that should not be there
   * further still.
   */
  private seek(value: number, spread: number, reach: number): void {
    const { desk, positions, opinions, limitQty, ids, prices } = this;
    const bestBid = desk.best(1);
    const bestAsk = desk.best(-1);
    const middle = middleOf(bestBid, bestAsk, value);
    const gap = Math.max(1, Math.round(GAP_MIN * spread));
    const step = Math.max(1, Math.round(0.75 * spread));
    const nearest = Math.max(1, 0.5 * reach);
    const farther = Math.max(1, reach);
    this.worst = 0;
    let worstError = 1;
    for (let maker = 0, quote = 1; maker < positions.length; maker += 1) {
      const held = positions[maker]! / limitQty;
      const width = Math.max(1, Math.round(spread * (WIDTH_FIRST + maker * WIDTH_STEP)));
      const bid = Math.floor(middle + opinions[maker]! - spread * held - width / 2 + 0.5);
      for (let level = 0; level < LEVELS; level += 1) {
        for (let side = 1; side >= -1; side -= 2, quote += 1) {
          // Behind the other side, so that it does not take.
          const price = side > 0 ? Math.min(bid - level * step, bestAsk - gap) : Math.max(bid + width + level * step, bestBid + gap);
          const target = side * held < 1 && price >= 1 ? price : 0;
          const isThere = ids[quote] !== 0;
          let error = Math.abs(target - prices[quote]!) / (level === 0 ? nearest : farther);
          if (target === 0) error = isThere ? SHOULD_GO : 0;
          else if (!isThere) error = MISSING / (1 + level);
          if (error < worstError) continue;
          this.worst = quote;
          this.worstTarget = target;
          worstError = error;
        }
      }
    }
  }

  /** Trading is halted: quotes are taken away, one at a time. */
  private withdraw(): void {
    const quote = this.ids.findIndex((id) => id !== 0);
    if (quote > 0) this.desk.engine.cancel(this.ids[quote]!);
  }

  private renew(quote: number, target: number): void {
    const { desk } = this;
    const id = this.ids[quote]!;
    if (target === 0) {
      desk.engine.cancel(id);
      return;
    }
    this.prices[quote] = target;
    const quantity = this.desk.drawQty(1 + levelOf(quote));
    if (id !== 0) {
      const slot = desk.engine.book.orders.index.get(id);
      desk.engine.modify(id, desk.engine.book.orders.cumQty(slot) + quantity, target, 0);
      return;
    }
    const fresh = desk.limit(sideOfQuote(quote), target, quantity);
    this.ids[quote] = fresh;
    desk.keepQuote(fresh, quote);
  }
}

/** What makers quote around: the middle of the book, most of the way to the value. */
function middleOf(bid: number, ask: number, value: number): number {
  const middle = (bid + ask) / 2;
  return Number.isFinite(middle) ? middle + INSIGHT * (value - middle) : value;
}

/** Quotes are numbered side by side: 1 and 2 are the first level of the first maker. */
function sideOfQuote(quote: number): Side {
  return (quote & 1) === 1 ? 1 : -1;
}

function levelOf(quote: number): number {
  return ((quote - 1) >> 1) % LEVELS;
}

function makerOf(quote: number): number {
  return Math.floor((quote - 1) / (2 * LEVELS));
}
