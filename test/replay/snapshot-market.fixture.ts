import type { EquityLimits, RateLimit, RiskLimits, ScopeLimits } from '../../src/core/risk/limits.ts';
import type { EngineInput } from '../../src/core/engine-input.ts';
import { MarketPhase } from '../../src/model/market-phase.ts';
import { type TradingScope, TradingState } from '../../src/model/trading-state.ts';
import {
  BlockKind,
  makeBarBlock,
  makeBookDeltaBlock,
  makeQuoteBarBlock,
  makeQuoteBlock,
  makeTradeBlock,
  type MarketBlock,
} from '../../src/model/blocks.ts';
import { BookAction, BookFlag } from '../../src/model/book-delta.ts';
import { TradingCalendar } from '../../src/model/calendar.ts';
import { makeCurrency } from '../../src/model/currency.ts';
import type { InstrumentIndex } from '../../src/model/instrument.ts';
import { instrumentWith } from '../../src/model/instrument.fixture.ts';
import type { BlockReader } from '../../src/ports/block-reader.ts';
import type { FeedBlock } from '../../src/sim/depth/venue-feed.ts';
import { Chance } from '../properties/scenario.fixture.ts';

/*
 * A market of every kind of instrument and data, and of what people and venues do besides, drawn from a seed: shares that split and pay, a future that
 * ends, perpetuals that fund, order books by order and by level, bars that come recorded, gaps, rows that are refused, and commands.
 */

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
/** Ten minutes before a UTC midnight, so that DAY orders end on the way. */
export const START = Date.UTC(2024, 2, 5, 23, 50) * 1000;
export const TRADING_FROM = START + 2 * MINUTE;
export const EXPIRY = START + 17 * MINUTE;

export const USD = makeCurrency('USD');
export const EUR = makeCurrency('EUR');
/** So many decimals that price × quantity is no safe integer. */
export const USDT = makeCurrency('USDT', 12);
export const BTC = makeCurrency('BTC', 10);
const SPOT_LOT = 100_000_000;

export const [SHARE, FUTURE, PERPETUAL, INVERSE, SPOT, FX] = [0, 1, 2, 3, 4, 5] as const;

export const INSTRUMENTS = [
  instrumentWith({ id: 'ACME.XNYS' }, SHARE),
  instrumentWith({ id: 'DAX.EUREX', kind: 'FUTURE', base: makeCurrency('UNIT'), quote: EUR, multiplier: 5, expiryTs: EXPIRY }, FUTURE),
  instrumentWith({ id: 'BTC-PERP.PERPS', kind: 'PERPETUAL', base: BTC, quote: USDT, quantityDecimals: 2 }, PERPETUAL),
  instrumentWith({ id: 'XBTUSD.PERPS', kind: 'INVERSE_PERPETUAL', base: BTC, quote: USD, settlement: BTC }, INVERSE),
  instrumentWith({ id: 'BTC-USDT.SPOTS', kind: 'SPOT', base: BTC, quote: USDT, quantityDecimals: 10, lotSize: SPOT_LOT }, SPOT),
  instrumentWith({ id: 'EUR-USD.FXD', kind: 'FX', base: EUR, quote: USD, priceDecimals: 4 }, FX),
] as const;

/** The share trades in two sessions with a break of two minutes. */
export const SHARE_CALENDAR = new TradingCalendar({
  name: 'two sessions',
  zone: 'UTC',
  spanFromTs: START - 86_400 * SECOND,
  spanToTs: START + 2 * 86_400 * SECOND,
  sessionOpen: Float64Array.of(START, START + 9 * MINUTE),
  sessionClose: Float64Array.of(START + 7 * MINUTE, START + 30 * MINUTE),
  sessionDay: Float64Array.of(19_787, 19_788),
});

/** What comes in, one row or one other thing at a time. */
export type Input =
  | { readonly kind: 'row'; readonly ts: number; readonly block: MarketBlock; readonly row: number }
  | { readonly kind: 'engine'; readonly ts: number; readonly input: EngineInput }
  | { readonly kind: 'ageMax'; readonly ts: number; readonly instrument: InstrumentIndex; readonly ageMaxUs: number }
  | { readonly kind: 'timeOut'; readonly ts: number }
  /** A report that no venue of ours has made: `what` says which, the last fill is what it is made of. */
  | { readonly kind: 'stray'; readonly ts: number; readonly what: StrayReport };

export type StrayReport = (typeof STRAY_REPORTS)[number];
const STRAY_REPORTS = ['again', 'changed', 'unknown order', 'one more', 'late', 'no figures', 'rejected', 'long name'] as const;

/** Columns of a row by name, besides its times. */
type Values = Readonly<Record<string, number>>;
interface DrawnRow {
  readonly kind: BlockKind;
  readonly instrument: InstrumentIndex;
  readonly ts: number;
  readonly values: Values;
}

interface RestingOrder {
  readonly id: number;
  readonly side: 1 | -1;
  price: number;
  quantity: number;
}

/** The others have lots of one. */
export const SPOT_LIMITS = { 'BTC-USDT.SPOTS': { maxOrderQty: 60 * SPOT_LOT } } as const;

const BLOCK_ROWS = 6;
const MINUTES = 24;

class Market {
  private readonly chance: Chance;
  private readonly mid = [10_000, 180_000, 4_000_000, 4_010_000, 4_000_500, 10_850];
  private readonly orders: RestingOrder[] = [];
  private readonly levels = new Map<number, number>();
  private nextOrder = 1;
  private ts = START;
  private readonly inputs: Input[] = [];
  /** The scope that must not trade, or only reduce. */
  private halted: TradingScope | null = null;
  /** Rows of one stream that follow one another, until another input comes. */
  private run: DrawnRow[] = [];

  constructor(seed: number) {
    this.chance = new Chance(seed);
  }

  draw(): readonly Input[] {
    let minute = 0;
    this.snapshotOfOrders();
    this.snapshotOfLevels();
    while (this.ts < START + MINUTES * MINUTE) {
      this.ts += this.chance.pick([0, 1, 1_000, 200_000, 2 * SECOND, 5 * SECOND, 8 * SECOND, 8 * SECOND]);
      while (START + (minute + 1) * MINUTE <= this.ts) {
        minute += 1;
        this.bars(START + minute * MINUTE, minute);
      }
      if (this.chance.oneIn(45)) this.command();
      else if (this.chance.oneIn(150)) this.put({ kind: 'stray', ts: this.ts, what: this.chance.pick(STRAY_REPORTS) });
      else if (this.chance.oneIn(9)) this.put({ kind: 'timeOut', ts: this.ts });
      else this.tick();
    }
    this.endRun();
    return this.inputs;
  }

  private tick(): void {
    const { chance } = this;
    const instrument = chance.pick([SHARE, FUTURE, FUTURE, PERPETUAL, PERPETUAL, PERPETUAL, INVERSE, SPOT, SPOT, FX] as const);
    const step = instrument === FX ? 3 : Math.ceil(this.mid[instrument]! / (instrument === FUTURE ? 600 : 4_000));
    this.mid[instrument] = Math.max(1_000, this.mid[instrument]! + chance.below(2 * step + 1) - step);
    const isBook = (instrument === PERPETUAL || instrument === SPOT) && !chance.oneIn(3);
    if (isBook) return instrument === PERPETUAL ? this.changeOfOrders() : this.changeOfLevels();
    if (instrument === INVERSE || instrument === FX || (instrument === FUTURE && chance.oneIn(2))) return this.quote(instrument, step);
    this.trade(instrument, step);
  }

  private trade(instrument: InstrumentIndex, step: number): void {
    const { chance } = this;
    // One in thirty cannot be: it is refused.
    const price = chance.oneIn(30) ? 0 : this.mid[instrument]! + chance.below(step) - (step >> 1);
    const quantity = (1 + chance.below(60)) * INSTRUMENTS[instrument]!.lotSize;
    this.add(BlockKind.TRADES, instrument, { price, quantity, aggressorSide: chance.pick([1, -1, 0]) });
  }

  private quote(instrument: InstrumentIndex, step: number): void {
    const { chance } = this;
    const bid = this.mid[instrument]! - 1 - chance.below(step);
    const isOneSided = chance.oneIn(15);
    const [bidSize, askSize] = [1 + chance.below(90), isOneSided ? 0 : 1 + chance.below(90)];
    const values = { bidPrice: bid, askPrice: isOneSided ? 0 : bid + 1 + chance.below(step), bidSize, askSize };
    this.add(BlockKind.QUOTES, instrument, values);
    if (chance.oneIn(8)) this.add(BlockKind.QUOTES, instrument, values);
  }

  private bars(ts: number, minute: number): void {
    const { chance } = this;
    const open = this.mid[SHARE]!;
    const [a, b, close] = [open + chance.below(61) - 30, open + chance.below(61) - 30, open + chance.below(61) - 30];
    this.mid[SHARE] = close;
    const [high, low] = [Math.max(open, a, b, close), Math.min(open, a, b, close)];
    this.add(BlockKind.BARS, SHARE, { tsOpen: ts - MINUTE, open, high, low, close, volume: 20 + chance.below(300) }, ts);
    if (minute % 2 === 1) return;
    const bid = this.mid[FX]!;
    const side = (name: 'bid' | 'ask', price: number): Values => ({
      [`${name}Open`]: price,
      [`${name}High`]: price + 3,
      [`${name}Low`]: price - 3,
      [`${name}Close`]: price + 1,
      [`${name}Size`]: 500,
    });
    this.add(BlockKind.QUOTE_BARS, FX, { tsOpen: ts - 2 * MINUTE, ...side('bid', bid), ...side('ask', bid + 4) }, ts);
  }

  private snapshotOfOrders(): void {
    this.orders.length = 0;
    this.delta(PERPETUAL, BookAction.CLEAR, 0, 0, 0, 0, BookFlag.SNAPSHOT);
    for (let place = 0; place < 12; place += 1) {
      const side = place % 2 === 0 ? 1 : -1;
      // Some stand far outside the window of the ladder.
      const away = this.chance.oneIn(6) ? 100_000 + this.chance.below(90_000) : 1 + this.chance.below(9);
      this.rest(side, this.mid[PERPETUAL]! - side * away, place === 11 ? BookFlag.LAST | BookFlag.SNAPSHOT : BookFlag.SNAPSHOT);
    }
  }

  private rest(side: 1 | -1, price: number, flags: number): void {
    const order = { id: this.nextOrder, side, price, quantity: 1 + this.chance.below(40) };
    this.nextOrder += 1 + this.chance.below(5_000_000_000);
    this.orders.push(order);
    this.delta(PERPETUAL, BookAction.ADD, side, price, order.quantity, order.id, flags);
  }

  private changeOfOrders(): void {
    const { chance } = this;
    if (chance.oneIn(40)) {
      this.delta(PERPETUAL, BookAction.GAP, 0, 0, 0, 0, BookFlag.LAST);
      if (chance.oneIn(2)) this.snapshotOfOrders();
      return;
    }
    if (chance.oneIn(25)) return this.snapshotOfOrders();
    // What the price has run over goes first, in one event with what follows; sometimes not, and the book is crossed.
    const mid = this.mid[PERPETUAL]!;
    for (const order of chance.oneIn(6) ? [] : [...this.orders]) if (order.side * (order.price - mid) >= 0) this.leave(order, 0);
    const known = this.orders.length === 0 ? undefined : chance.pick(this.orders);
    if (known === undefined || chance.oneIn(2)) {
      const side = chance.pick([1, -1] as const);
      return this.rest(side, mid - side * (1 + chance.below(12)), BookFlag.LAST);
    }
    if (chance.oneIn(12)) return this.delta(PERPETUAL, BookAction.REDUCE, 1, 0, 1, 999_999_999_999, BookFlag.LAST);
    if (chance.oneIn(3)) return this.leave(known, BookFlag.LAST);
    known.quantity = Math.max(1, known.quantity + chance.below(21) - 10);
    if (chance.oneIn(2)) known.price = mid - known.side * (1 + chance.below(12));
    this.delta(PERPETUAL, BookAction.MODIFY, known.side, known.price, known.quantity, known.id, BookFlag.LAST);
  }

  private leave(order: RestingOrder, flags: number): void {
    this.orders.splice(this.orders.indexOf(order), 1);
    this.delta(PERPETUAL, BookAction.REDUCE, order.side, order.price, order.quantity, order.id, flags);
  }

  private snapshotOfLevels(): void {
    this.levels.clear();
    this.delta(SPOT, BookAction.CLEAR, 0, 0, 0, 0, BookFlag.SNAPSHOT);
    for (const away of [1, -1, 2, -3, 5, -6, 90_000, -150_000]) {
      const price = this.mid[SPOT]! + away;
      this.level(Math.sign(-away) as 1 | -1, price, 1 + this.chance.below(500), away === -150_000 ? BookFlag.LAST : 0);
    }
  }

  private level(side: 1 | -1, price: number, quantity: number, flags: number): void {
    this.levels.set(side * price, quantity);
    this.delta(SPOT, BookAction.SET, side, price, quantity * SPOT_LOT, 0, flags);
  }

  private changeOfLevels(): void {
    const { chance } = this;
    if (chance.oneIn(25)) return this.snapshotOfLevels();
    const mid = this.mid[SPOT]!;
    for (const key of [...this.levels.keys()]) {
      const side = Math.sign(key) as 1 | -1;
      if (side * (Math.abs(key) - mid) < 0) continue;
      this.levels.delete(key);
      this.delta(SPOT, BookAction.SET, side, Math.abs(key), 0, 0, 0);
    }
    const side = chance.pick([1, -1] as const);
    this.level(side, mid - side * (1 + chance.below(8)), chance.below(4) * 100, BookFlag.LAST);
  }

  private delta(
    instrument: InstrumentIndex,
    action: BookAction,
    side: number,
    price: number,
    quantity: number,
    orderId: number,
    flags: number,
  ): void {
    this.add(BlockKind.BOOK_DELTAS, instrument, { action, side, price, quantity, orderId, flags });
  }

  private command(): void {
    const { chance } = this;
    const { ts } = this;
    const { halted } = this;
    if (halted !== null && chance.oneIn(2)) {
      this.halted = null;
      this.tell({ kind: 'Release', scope: halted, reason: 'test' });
      return this.tell({ kind: 'TradingState', scope: halted, state: TradingState.ACTIVE, reason: 'test' });
    }
    const stamps = { tsEvent: ts, tsInit: ts };
    const scope = chance.pick<TradingScope>([
      chance.oneIn(4) ? { kind: 'FIRM' } : { kind: 'STRATEGY', strategy: 0 },
      { kind: 'ACCOUNT', venue: 'PERPS' },
      { kind: 'STRATEGY', strategy: 1 },
      { kind: 'INSTRUMENT', instrument: FUTURE },
    ]);
    const draws: (() => void)[] = [
      () => this.tell({ kind: 'Account', event: { kind: 'DividendPaid', instrument: SHARE, amountPerUnit: 1_234_567n, ...stamps } }),
      () => this.tell({ kind: 'Account', event: { kind: 'SplitEffective', instrument: SHARE, numerator: 3, denominator: 2, ...stamps } }),
      () => {
        const funding = { kind: 'FundingApplied', instrument: PERPETUAL, ratePpt: 12_345_678 } as const;
        this.tell({ kind: 'Account', event: { ...funding, markPrice: this.mid[PERPETUAL]!, ...stamps } });
      },
      () => {
        const gap = { kind: 'DataGap', instrument: chance.below(6), tsFrom: ts, tsTo: ts + 20 * SECOND, reason: 'MARKED' } as const;
        this.tell({ kind: 'Gap', gap: { ...gap, ...stamps } });
      },
      () => this.halt({ kind: 'Kill', scope, reason: 'test', flatten: chance.oneIn(2) }),
      () => this.halt({ kind: 'TradingState', scope, state: chance.pick(Object.values(TradingState)), reason: 'test' }),
      () => this.tell({ kind: 'Limits', limits: this.limits(), what: 'test' }),
      () => {
        const phase = chance.oneIn(2) ? MarketPhase.TRADING : chance.pick(Object.values(MarketPhase));
        this.tell({ kind: 'Phase', instrument: chance.below(6), phase, reason: 'test' });
      },
      () => this.put({ kind: 'ageMax', ts, instrument: SHARE, ageMaxUs: chance.pick([5 * SECOND, 90 * SECOND, Infinity]) }),
    ];
    chance.pick(draws)();
  }

  private limits(): RiskLimits {
    const { chance } = this;
    return {
      instruments: SPOT_LIMITS,
      everyInstrument: { maxOrderQty: 30 + chance.below(30), denyOnStale: chance.oneIn(2), denyOnGap: true },
      firm: { maxOpenOrders: 12 + chance.below(20), ...this.messageRates() },
      accounts: {
        PERPS: { maxExposure: { amount: 2n * 10n ** 18n, currency: USDT }, ...this.losses() },
        XNYS: this.losses(),
      },
      strategies: { 0: { ...this.messageRates(), maxDailyLoss: { amount: BigInt(chance.below(300)) * 10n ** 8n, currency: USDT } } },
      day: { kind: 'CALENDAR', instrument: SHARE },
      onLoss: { state: chance.pick(['REDUCING', 'HALTED']), openOrders: chance.pick(['CANCEL', 'KEEP']) },
    };
  }

  private messageRates(): Pick<ScopeLimits, 'maxNewOrders' | 'maxModifies' | 'maxCancels'> {
    const rate = (): RateLimit => ({ count: 3 + this.chance.below(20), windowUs: (1 + this.chance.below(60)) * SECOND });
    return { maxNewOrders: rate(), maxModifies: rate(), maxCancels: { ...rate(), count: this.chance.below(2) } };
  }

  /** Losses that such a market brings, now and then. */
  private losses(): EquityLimits {
    const { chance } = this;
    return {
      maxDailyLossPpm: chance.below(60_000),
      maxDrawdownPpm: chance.below(90_000),
      ...(chance.oneIn(2) ? { drawdownDays: 1 + chance.below(3) } : {}),
    };
  }

  /** One scope at a time, so that the others go on trading. */
  private halt(input: Extract<EngineInput, { readonly scope: TradingScope }>): void {
    if (this.halted !== null) return;
    this.halted = input.scope;
    this.tell(input);
  }

  private tell(input: EngineInput): void {
    this.put({ kind: 'engine', ts: this.ts, input });
  }

  private put(input: Input): void {
    this.endRun();
    this.inputs.push(input);
  }

  private add(kind: BlockKind, instrument: InstrumentIndex, values: Values, ts = this.ts): void {
    const last = this.run.at(-1);
    if (last !== undefined && (last.kind !== kind || last.instrument !== instrument || this.run.length === BLOCK_ROWS)) this.endRun();
    this.run.push({ kind, instrument, ts, values });
  }

  private endRun(): void {
    const rows = this.run;
    this.run = [];
    const first = rows[0];
    if (first === undefined) return;
    const block = blockOf(first);
    block.length = rows.length;
    const columns = block as unknown as Record<string, Float64Array>;
    rows.forEach(({ ts, values }, row) => {
      block.tsInit[row] = ts;
      block.tsEvent[row] = ts;
      for (const [name, value] of Object.entries(values)) columns[name]![row] = value;
      this.inputs.push({ kind: 'row', ts, block, row });
    });
  }
}

function blockOf({ kind, instrument }: DrawnRow): MarketBlock {
  switch (kind) {
    case BlockKind.TRADES:
      return makeTradeBlock(instrument, BLOCK_ROWS);
    case BlockKind.QUOTES:
      return makeQuoteBlock(instrument, BLOCK_ROWS);
    case BlockKind.BARS:
      return makeBarBlock(instrument, 0, BLOCK_ROWS);
    case BlockKind.QUOTE_BARS:
      return makeQuoteBarBlock(instrument, 0, BLOCK_ROWS);
    default:
      return makeBookDeltaBlock(instrument, BLOCK_ROWS);
  }
}

/** The same inputs for the same seed, in blocks of their own at each call. */
export function drawInputs(seed: number): readonly Input[] {
  return new Market(seed).draw();
}

/** The changes of the book of an instrument, or its trades, as a venue plays them: a block for each row. */
export function recordingOf(seed: number, instrument: InstrumentIndex, kind: FeedBlock['kind']): BlockReader<FeedBlock> {
  const rows = drawInputs(seed).flatMap((input) =>
    input.kind === 'row' && input.block.instrument === instrument && input.block.kind === kind ? [input as RecordedRow] : [],
  );
  // Readers refuse what cannot be.
  const fit = rows.filter(({ block, row }) => block.kind === BlockKind.BOOK_DELTAS || block.price[row]! > 0);
  let next = 0;
  return {
    next() {
      const found = fit[next];
      if (found === undefined) return null;
      next += 1;
      const single = kind === BlockKind.TRADES ? makeTradeBlock(instrument, 1) : makeBookDeltaBlock(instrument, 1);
      single.length = 1;
      const [from, to] = [found.block, single] as unknown as [Record<string, Float64Array>, Record<string, Float64Array>];
      for (const [name, column] of Object.entries(to)) if (ArrayBuffer.isView(column)) column[0] = from[name]![found.row]!;
      return single;
    },
    close() {},
  };
}

type RecordedRow = Extract<Input, { kind: 'row' }> & { readonly block: FeedBlock };
