import type { Instrument } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { LimitTable, RateLimit, ScopeLimits } from './limits.ts';

/** Messages are counted apart: a budget for new orders that is spent must not hold up a cancel. */
export const MESSAGE_KINDS = ['NEW', 'MODIFY', 'CANCEL'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

const LIMIT_OF = { NEW: 'maxNewOrders', MODIFY: 'maxModifies', CANCEL: 'maxCancels' } as const satisfies Record<
  MessageKind,
  keyof ScopeLimits
>;

/** Orders of {@link MessageRates.wasAsked} that are kept beyond the open ones before those that have ended are forgotten. */
const ASKED_SPARE = 4096;

interface CounterState {
  /** `strategy 0 NEW`: whose messages, of which kind. */
  readonly name: string;
  /** Times of the newest messages, oldest first. */
  readonly times: readonly number[];
}

export interface MessageRatesState {
  readonly counters: readonly CounterState[];
  readonly asked: readonly ClientOrderId[];
}

/** The times of the newest messages of one kind and scope: as many as its limit permits, so that the oldest tells whether there is room. */
class MessageCounter {
  readonly limit: RateLimit;
  readonly #times: Float64Array;
  /** Place of the oldest time, and of the next. */
  #oldest = 0;

  constructor(limit: RateLimit) {
    this.limit = limit;
    this.#times = new Float64Array(limit.count).fill(Number.NEGATIVE_INFINITY);
  }

  /** True where one more would be too many within the window that ends at `ts`. */
  isFull(ts: number): boolean {
    return this.limit.count === 0 || this.#times[this.#oldest]! > ts - this.limit.windowUs;
  }

  note(ts: number): void {
    if (this.limit.count === 0) return;
    this.#times[this.#oldest] = ts;
    this.#oldest = (this.#oldest + 1) % this.limit.count;
  }

  times(): readonly number[] {
    const times: number[] = [];
    for (let at = 0; at < this.limit.count; at += 1) {
      const ts = this.#times[(this.#oldest + at) % this.limit.count]!;
      if (ts !== Number.NEGATIVE_INFINITY) times.push(ts);
    }
    return times;
  }
}

/** A limit that has no room. */
export interface FullRate {
  readonly whose: string;
  readonly limit: RateLimit;
}

/**
 * How many messages went out of late, by strategy, account and firm (C-07). A sent message counts at once, whatever becomes of it.
 *
 * Exact: of a limit of n the n newest times are kept, and the message after them is too many while the oldest lies within the window. O(1).
 */
export class MessageRates {
  readonly #instruments: readonly Instrument[];
  /** Whether the orders that {@link wasAsked} keeps are open still. */
  readonly #isOpen: (id: ClientOrderId) => boolean;
  readonly #counters = new Map<string, MessageCounter>();
  /** By kind, strategy and instrument: those that such a message counts to. Filled at the first of each. */
  #covering: (readonly (readonly [whose: string, counter: MessageCounter])[] | undefined)[] = [];
  #limits: LimitTable;
  #asked = new Set<ClientOrderId>();
  #askedMax = ASKED_SPARE;
  /** Whether anybody's messages are counted. */
  isCounting = false;

  constructor(limits: LimitTable, instruments: readonly Instrument[], isOpen: (id: ClientOrderId) => boolean) {
    this.#limits = limits;
    this.#instruments = instruments;
    this.#isOpen = isOpen;
    this.setLimits(limits);
  }

  /** What was counted under a limit that stays or changes goes on counting. */
  setLimits(limits: LimitTable): void {
    const former = [...this.#counters].map(([name, counter]) => ({ name, times: counter.times() }));
    this.#limits = limits;
    this.isCounting = limits.hasAny(Object.values(LIMIT_OF));
    this.#counters.clear();
    this.#covering = [];
    this.#restore(former);
  }

  /** The first limit that has no room for one more message; null where it may go. */
  full(kind: MessageKind, strategy: number, instrument: Instrument, ts: number): FullRate | null {
    for (const [whose, counter] of this.#coveringOf(kind, strategy, instrument))
      if (counter.isFull(ts)) return { whose, limit: counter.limit };
    return null;
  }

  /** A message goes out. */
  note(kind: MessageKind, strategy: number, instrument: Instrument, ts: number): void {
    for (const [, counter] of this.#coveringOf(kind, strategy, instrument)) counter.note(ts);
  }

  /** A cancel goes out: one that is asked for again of the same order has no right of way. */
  noteCancel(id: ClientOrderId, strategy: number, instrument: Instrument, ts: number): void {
    this.note('CANCEL', strategy, instrument, ts);
    if (this.#asked.size >= this.#askedMax) {
      this.#asked = new Set([...this.#asked].filter(this.#isOpen));
      this.#askedMax = 2 * this.#asked.size + ASKED_SPARE;
    }
    this.#asked.add(id);
  }

  /** A cancel of the order went out before. */
  wasAsked(id: ClientOrderId): boolean {
    return this.#asked.has(id);
  }

  saveState(): MessageRatesState {
    // Scopes and kinds in the order of their first message would differ from one way of getting here to another.
    const counters = [...this.#counters].map(([name, counter]) => ({ name, times: counter.times() }));
    counters.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { counters, asked: [...this.#asked].filter(this.#isOpen).sort((a, b) => a - b) };
  }

  /** After the limits. */
  loadState({ counters, asked }: MessageRatesState): void {
    this.#counters.clear();
    this.#covering = [];
    this.#restore(counters);
    this.#asked = new Set(asked);
    this.#askedMax = 2 * asked.length + ASKED_SPARE;
  }

  #restore(counters: readonly CounterState[]): void {
    const times = new Map(counters.map((counter) => [counter.name, counter.times]));
    for (const [name, limit] of this.#named()) {
      const counter = new MessageCounter(limit);
      for (const ts of times.get(name) ?? []) counter.note(ts);
      this.#counters.set(name, counter);
    }
  }

  /** Every limit that is set, by whose and of what it is. */
  *#named(): Generator<readonly [name: string, limit: RateLimit]> {
    for (const kind of MESSAGE_KINDS) {
      const of = (whose: string, limits: ScopeLimits): readonly (readonly [string, RateLimit])[] => {
        const limit = limits[LIMIT_OF[kind]];
        return limit === undefined ? [] : [[`${whose} ${kind}`, limit]];
      };
      yield* of('firm', this.#limits.firm);
      const venues = new Map(this.#instruments.map(({ venue, index }) => [venue, index]));
      for (const [venue, index] of venues) yield* of(`account ${venue}`, this.#limits.account(index));
      for (let strategy = 0; strategy < this.#limits.strategyCount; strategy += 1)
        yield* of(`strategy ${strategy}`, this.#limits.strategy(strategy));
    }
  }

  #coveringOf(kind: MessageKind, strategy: number, { index, venue }: Instrument): readonly (readonly [string, MessageCounter])[] {
    // An order that the venue made of its own accord may be nobody's: −1.
    const scopes = this.#limits.strategyCount + 1;
    const place = (MESSAGE_KINDS.indexOf(kind) * scopes + strategy + 1) * this.#instruments.length + index;
    const known = this.#covering[place];
    if (known !== undefined) return known;
    const found = [`strategy ${strategy}`, `account ${venue}`, 'firm'].flatMap((whose) => {
      const counter = this.#counters.get(`${whose} ${kind}`);
      return counter === undefined ? [] : [[whose.split(' ')[0]!, counter] as const];
    });
    this.#covering[place] = found;
    return found;
  }
}
