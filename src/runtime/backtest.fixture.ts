import { Backtest } from './backtest.ts';
import type { BacktestSpec } from './backtest-spec.ts';
import type { VenueSpec } from './venue-desks.ts';
import {
  type Bar,
  type Book,
  Strategy,
  type StrategyClass,
  type StrategySetup,
  type QuoteBar,
  type QuoteTick,
  type TradeTick,
  type StrategyFill,
} from '../core/strategy/strategy.ts';
import type { AccountDefinition } from '../model/account.ts';
import { type BarSpecification, isBarSpecificationRefusal, parseBarSpecification } from '../model/bar-specification.ts';
import {
  BlockKind,
  makeBarBlock,
  makeBookDeltaBlock,
  setBookDelta,
  makeQuoteBarBlock,
  makeQuoteBlock,
  makeTradeBlock,
  type BarBlock,
  type BookDeltaBlock,
  type MarketBlock,
  type QuoteBarBlock,
  type QuoteBlock,
  type TradeBlock,
} from '../model/blocks.ts';
import { type BookAction, BookFlag } from '../model/book-delta.ts';
import { makeCurrency } from '../model/currency.ts';
import type { DataGap, OrderEvent } from '../model/events.ts';
import type { FeeSchedule } from '../model/fees.ts';
import type { Instrument, InstrumentDefinition, InstrumentIndex } from '../model/instrument.ts';
import { instrumentWith } from '../model/instrument.fixture.ts';
import type { BlockReader } from '../ports/block-reader.ts';
import { DEFAULT_DEPTH_RULES } from '../sim/depth/depth-rules.ts';
import type { FeedBlock } from '../sim/depth/venue-feed.ts';
import { DEFAULT_FILL_RULES, type FillRules, type VenueDepth } from '../sim/matching/fill-rules.ts';
import { PeekedReader } from './peeked-reader.ts';

/*
 * Made markets for tests of the engine and of the backtest's loop. Prices are counts of a cent and quantities whole units unless a test says
 * otherwise; times are small microsecond numbers, so that every stamp in a test can be checked by eye.
 */

export const USD = makeCurrency('USD');
/** One dollar as money. */
export const DOLLAR = 100_000_000n;
export const NO_FEE: FeeSchedule = { kind: 'none' };

/** Prices in cents, whole quantities; an equity at XNYS unless changed. */
export function instrumentOf(change: Partial<InstrumentDefinition> = {}, index: InstrumentIndex = 0): Instrument {
  return instrumentWith({ id: 'ACME.XNYS', ...change }, index);
}

/** A dated future: only profit and loss move cash. */
export function futureOf(change: Partial<InstrumentDefinition> = {}, index: InstrumentIndex = 0): Instrument {
  return instrumentOf({ kind: 'FUTURE', base: makeCurrency('UNIT'), ...change }, index);
}

export function specificationOf(every: string): BarSpecification {
  const specification = parseBarSpecification(every, 'bars');
  if (isBarSpecificationRefusal(specification)) throw new Error(specification.reason);
  return specification;
}

/** Hands rows out in blocks of `rowsPerBlock`, always in the same arrays, as the contract of readers says. */
function readerOf<B extends MarketBlock>(
  block: B,
  count: number,
  rowsPerBlock: number,
  put: (block: B, row: number, index: number) => void,
): BlockReader<B> {
  let next = 0;
  return {
    next() {
      if (next >= count) return null;
      block.length = Math.min(rowsPerBlock, count - next);
      for (let row = 0; row < block.length; row += 1) put(block, row, next + row);
      next += block.length;
      return block;
    },
    close() {},
  };
}

/** [time, price, quantity = 1] */
export type TradeRow = readonly [ts: number, price: number, quantity?: number];

export function tradesOf(rows: readonly TradeRow[], instrument: InstrumentIndex = 0, rowsPerBlock = 1000): BlockReader<TradeBlock> {
  return readerOf(makeTradeBlock(instrument, rowsPerBlock), rows.length, rowsPerBlock, (block, row, index) => {
    const [ts, price, quantity = 1] = rows[index]!;
    block.tsEvent[row] = ts;
    block.tsInit[row] = ts;
    block.price[row] = price;
    block.quantity[row] = quantity;
    block.aggressorSide[row] = 0;
  });
}

/** [time, bid, ask, size = 1000] */
export type QuoteRow = readonly [ts: number, bid: number, ask: number, size?: number];

export function quotesOf(rows: readonly QuoteRow[], instrument: InstrumentIndex = 0, rowsPerBlock = 1000): BlockReader<QuoteBlock> {
  return readerOf(makeQuoteBlock(instrument, rowsPerBlock), rows.length, rowsPerBlock, (block, row, index) => {
    const [ts, bid, ask, size = 1000] = rows[index]!;
    block.tsEvent[row] = ts;
    block.tsInit[row] = ts;
    block.bidPrice[row] = bid;
    block.askPrice[row] = ask;
    block.bidSize[row] = size;
    block.askSize[row] = size;
  });
}

/** [time, what it does, side, price, quantity, flags = LAST, order id = 0] */
export type DeltaRow = readonly [
  ts: number,
  action: BookAction,
  side?: number,
  price?: number,
  quantity?: number,
  flags?: number,
  orderId?: number,
];

export function deltasOf(rows: readonly DeltaRow[], instrument: InstrumentIndex = 0, rowsPerBlock = 1000): BlockReader<BookDeltaBlock> {
  return readerOf(makeBookDeltaBlock(instrument, rowsPerBlock), rows.length, rowsPerBlock, (block, row, index) => {
    const [ts, action, side = 0, price = 0, quantity = 0, flags = BookFlag.LAST, orderId = 0] = rows[index]!;
    setBookDelta(block, row, { ts, action, side, price, quantity, orderId, flags });
  });
}

/** [close time, open, high, low, close, volume = 1000] */
export type BarRow = readonly [tsClose: number, open: number, high: number, low: number, close: number, volume?: number];

export interface BarsOptions {
  readonly instrument?: InstrumentIndex;
  readonly series?: number;
  /** Length of a bar in microseconds. */
  readonly stepUs?: number;
  readonly rowsPerBlock?: number;
}

export const MINUTE = 60_000_000;

export function barsOf(rows: readonly BarRow[], options: BarsOptions = {}): BlockReader<BarBlock> {
  const { instrument = 0, series = 0, stepUs = MINUTE, rowsPerBlock = 1000 } = options;
  return readerOf(makeBarBlock(instrument, series, rowsPerBlock), rows.length, rowsPerBlock, (block, row, index) => {
    const [ts, open, high, low, close, volume = 1000] = rows[index]!;
    block.tsOpen[row] = ts - stepUs;
    block.tsEvent[row] = ts;
    block.tsInit[row] = ts;
    block.open[row] = open;
    block.high[row] = high;
    block.low[row] = low;
    block.close[row] = close;
    block.volume[row] = volume;
  });
}

/** Bars whose four prices are one, a step apart from `stepUs` on. */
export function flatBars(closes: readonly number[], options: BarsOptions = {}): BlockReader<BarBlock> {
  const { stepUs = MINUTE } = options;
  return barsOf(
    closes.map((close, index): BarRow => [(index + 1) * stepUs, close, close, close, close]),
    options,
  );
}

/** [close time, bid (all four prices), ask (the same); 0 for an absent side] */
export type QuoteBarRow = readonly [tsClose: number, bid: number, ask: number];

/** Bars of bid and ask that do not move within a bar. */
export function flatQuoteBars(rows: readonly QuoteBarRow[], options: BarsOptions = {}): BlockReader<QuoteBarBlock> {
  const { instrument = 0, series = 0, stepUs = MINUTE, rowsPerBlock = 1000 } = options;
  return readerOf(makeQuoteBarBlock(instrument, series, rowsPerBlock), rows.length, rowsPerBlock, (block, row, index) => {
    const [ts, bid, ask] = rows[index]!;
    block.tsOpen[row] = ts - stepUs;
    block.tsEvent[row] = ts;
    block.tsInit[row] = ts;
    for (const column of [block.bidOpen, block.bidHigh, block.bidLow, block.bidClose]) column[row] = bid;
    for (const column of [block.askOpen, block.askHigh, block.askLow, block.askClose]) column[row] = ask;
  });
}

/** What a test strategy does; `s` is the strategy itself, with every public method. */
export interface Script {
  readonly onStart?: (s: Strategy) => void;
  readonly onTrade?: (s: Strategy, trade: TradeTick) => void;
  readonly onQuote?: (s: Strategy, quote: QuoteTick) => void;
  readonly onBook?: (s: Strategy, book: Book) => void;
  readonly onBar?: (s: Strategy, bar: Bar) => void;
  readonly onQuoteBar?: (s: Strategy, bar: QuoteBar) => void;
  readonly onOrderEvent?: (s: Strategy, event: OrderEvent) => void;
  readonly onFill?: (s: Strategy, fill: StrategyFill) => void;
  readonly onTimer?: (s: Strategy, name: string, ts: number) => void;
  readonly onGap?: (s: Strategy, gap: DataGap) => void;
  readonly onStop?: (s: Strategy) => void;
}

/** A strategy class that does what the script says. */
export function scripted(script: Script): StrategyClass {
  return class Scripted extends Strategy {
    override onStart(): void {
      script.onStart?.(this);
    }
    override onTrade(trade: TradeTick): void {
      script.onTrade?.(this, trade);
    }
    override onQuote(quote: QuoteTick): void {
      script.onQuote?.(this, quote);
    }
    override onBook(book: Book): void {
      script.onBook?.(this, book);
    }
    override onBar(bar: Bar): void {
      script.onBar?.(this, bar);
    }
    override onQuoteBar(bar: QuoteBar): void {
      script.onQuoteBar?.(this, bar);
    }
    override onOrderEvent(event: OrderEvent): void {
      script.onOrderEvent?.(this, event);
    }
    override onFill(fill: StrategyFill): void {
      script.onFill?.(this, fill);
    }
    override onTimer(name: string, ts: number): void {
      script.onTimer?.(this, name, ts);
    }
    override onGap(gap: DataGap): void {
      script.onGap?.(this, gap);
    }
    override onStop(): void {
      script.onStop?.(this);
    }
  } as unknown as new (
    setup: StrategySetup,
  ) => Strategy;
}

/** A margin account without margin asked for: an order is never refused for money. */
export function accountOf(change: Partial<AccountDefinition> = {}): AccountDefinition {
  return {
    venue: 'XNYS',
    type: 'MARGIN',
    baseCurrency: USD,
    positionMode: 'NETTING',
    costMethod: 'AVERAGE',
    openingBalances: [{ currency: USD, amount: 10_000n * DOLLAR }],
    margin: { kind: 'none' },
    instrumentMargins: [],
    ...change,
  };
}

export interface RunOptions {
  readonly instruments?: readonly Instrument[];
  readonly streams: readonly BlockReader[];
  readonly strategies: readonly (
    | StrategyClass
    | { readonly strategyClass: StrategyClass; readonly parameters: Readonly<Record<string, unknown>> }
  )[];
  readonly accounts?: readonly AccountDefinition[];
  /** Bars by name, one series per entry; none unless given. */
  readonly series?: readonly { readonly instrument: InstrumentIndex; readonly every: string }[];
  readonly rules?: Partial<FillRules>;
  readonly fee?: FeeSchedule;
  readonly latencyUs?: { readonly orderEntryUs: number; readonly responseUs: number };
  /** Kinds that move orders; default: whatever an instrument has. */
  readonly matchOn?: readonly BlockKind[];
  /** What the venues play, where orders trade against recorded books: the same rows again. */
  readonly recorded?: () => readonly BlockReader<FeedBlock>[];
  readonly engine?: Partial<BacktestSpec['engine']>;
  readonly spec?: Partial<Omit<BacktestSpec, 'engine' | 'streams'>>;
}

/** Each venue plays what is of its own instruments, without a latency of the feed. */
function depthOf(recorded: () => readonly BlockReader<FeedBlock>[], venue: string, instruments: readonly Instrument[]): VenueDepth {
  const own = instruments.filter((instrument) => instrument.venue === venue).map(({ index }) => index);
  return {
    rules: new Map(own.map((index) => [index, DEFAULT_DEPTH_RULES])),
    delay: { kind: 'stated', latency: { kind: 'constant', us: 0 } },
    open: () =>
      recorded()
        .map((reader) => new PeekedReader(reader))
        .filter((reader) => own.includes(reader.instrument))
        .map((reader) => reader as unknown as BlockReader<FeedBlock>),
  };
}

/** A backtest of one venue per account; every instrument trades by the same rules. */
export function backtestOf(options: RunOptions): Backtest {
  const instruments = options.instruments ?? [instrumentOf()];
  const accounts = options.accounts ?? [accountOf()];
  const { rules, fee = NO_FEE, latencyUs = { orderEntryUs: 0, responseUs: 0 } } = options;
  const matchOn = options.matchOn ?? [BlockKind.TRADES, BlockKind.QUOTES, BlockKind.BARS];
  const venues: VenueSpec[] = accounts.map(({ venue }) => ({
    venue,
    ...latencyUs,
    ...(options.recorded === undefined ? {} : { depth: depthOf(options.recorded, venue, instruments) }),
    instruments: instruments
      .filter((instrument) => instrument.venue === venue)
      .map((instrument) => ({ instrument, rules: { ...DEFAULT_FILL_RULES, ...rules }, fees: fee, matchOn, matchSeries: -1 })),
  }));
  return new Backtest({
    name: 'test',
    identity: ['test'],
    venues,
    fees: instruments.map(() => fee),
    streams: options.streams,
    accountEvents: [],
    sampling: { kind: 'bar' },
    atEnd: 'leaveOpen',
    stepRowsMax: 4096,
    ...options.spec,
    engine: {
      instruments,
      calendars: instruments.map(() => null),
      accounts,
      conversions: [],
      series: (options.series ?? []).map(({ instrument, every }) => ({ instrument, specification: specificationOf(every) })),
      hasTrades: () => true,
      hasQuotes: () => true,
      hasBookDeltas: () => true,
      strategies: options.strategies.map((entry, index) => {
        const { strategyClass, parameters } = 'strategyClass' in entry ? entry : { strategyClass: entry, parameters: {} };
        return { name: `s${index}`, strategyClass, parameters, instruments: instruments.map((instrument) => instrument.index) };
      }),
      limits: {},
      weightBufferPpb: instruments.map(() => 0),
      startTs: 0,
      tradingFromTs: 0,
      historyRows: 64,
      ...options.engine,
    },
  });
}

/** Runs to the end of the data and closes the books. */
export function runAll(options: RunOptions): Backtest {
  const backtest = backtestOf(options);
  while (!backtest.advance(1000));
  backtest.finish();
  return backtest;
}

/** Fills as `side quantity @ price at time`, for comparing at a glance. */
export function fillsOf(backtest: Backtest): string[] {
  return backtest.recorder.fills.map((fill) => `${fill.side > 0 ? 'BUY' : 'SELL'} ${fill.lastQty} @ ${fill.lastPx} at ${fill.tsEvent}`);
}
