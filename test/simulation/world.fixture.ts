import {
  type Bar,
  type QuoteTick,
  Strategy,
  type StrategyClass,
  type StrategyFill,
  type TradeTick,
} from '../../src/core/strategy/strategy.ts';
import type { StrategySlot } from '../../src/core/host/strategy-host.ts';
import type { RiskLimits } from '../../src/core/risk/limits.ts';
import { parseBarSpecification, type BarSpecification } from '../../src/model/bar-specification.ts';
import { BlockKind, makeBarBlock, makeQuoteBlock, makeTradeBlock, type MarketBlock } from '../../src/model/blocks.ts';
import { makeCurrency } from '../../src/model/currency.ts';
import type { Recorded } from '../../src/model/events.ts';
import type { FeeSchedule } from '../../src/model/fees.ts';
import type { InstrumentIndex } from '../../src/model/instrument.ts';
import { instrumentWith } from '../../src/model/instrument.fixture.ts';
import type { ParameterDescriptors } from '../../src/model/parameters.ts';
import type { BlockReader } from '../../src/ports/block-reader.ts';
import { Backtest } from '../../src/runtime/backtest.ts';
import { DEFAULT_FILL_RULES } from '../../src/sim/matching/fill-rules.ts';

/*
 * A small exchange: AAA and CCC (shares, bars of a minute), BBB (a future, trades and quotes). Stamps of the three fall together all the time.
 */

export const USD = makeCurrency('USD', 8);
const MINUTE = 60_000_000;
export const START = Date.UTC(2024, 2, 5, 9) * 1000;
const DOLLAR = 100_000_000n;
export const FEE: FeeSchedule = { kind: 'percentage', ratePpb: 500_000, on: 'both', rounding: { to: 'exact' } };

const defined = (symbol: string, kind: 'EQUITY' | 'FUTURE', index: number) => instrumentWith({ id: `${symbol}.SIM`, kind }, index);
export const INSTRUMENTS = [defined('AAA', 'EQUITY', 0), defined('BBB', 'FUTURE', 1), defined('CCC', 'EQUITY', 2)] as const;
export const AAA = 0;
export const BBB = 1;
export const CCC = 2;

/** Park and Miller's generator: the tests' own chance, one multiplication. */
export class Dice {
  state: number;

  constructor(seed: number) {
    this.state = (seed % 2147483646) + 1;
    for (let i = 0; i < 5; i += 1) this.below(2);
  }

  below(n: number): number {
    this.state = (this.state * 48271) % 2147483647;
    return this.state % n;
  }
}

/** A row as [time, value …]; what the values are depends on the stream. */
type Row = readonly number[];

export interface Stream {
  readonly kind: BlockKind;
  readonly instrument: InstrumentIndex;
  readonly series: number;
  readonly rows: readonly Row[];
}

/** Four streams over `minutes` minutes. */
export function drawStreams(seed: number, minutes: number): readonly Stream[] {
  const dice = new Dice(seed);
  const bars = (): Row[] => {
    let price = 10_000;
    return Array.from({ length: minutes }, (_, minute) => {
      const step = (): number => Math.max(5_000, price + dice.below(201) - 100);
      const [open, a, b, close] = [price + dice.below(21) - 10, step(), step(), step()];
      price = close;
      return [START + (minute + 1) * MINUTE, open, Math.max(open, a, b, close), Math.min(open, a, b, close), close, 50 + dice.below(500)];
    });
  };
  const trades: Row[] = [];
  const quotes: Row[] = [];
  let price = 20_000;
  let ts = START;
  while (ts < START + minutes * MINUTE) {
    ts += [0, 1_000, 5_000_000, 10_000_000, MINUTE - (ts % MINUTE)][dice.below(5)]!;
    price = Math.max(10_000, price + dice.below(41) - 20);
    if (dice.below(2) === 0) trades.push([ts, price, 1 + dice.below(50)]);
    else quotes.push([ts, price - dice.below(4), price + 1 + dice.below(4), 1 + dice.below(90), 1 + dice.below(90)]);
  }
  return [
    { kind: BlockKind.BARS, instrument: AAA, series: 0, rows: bars() },
    { kind: BlockKind.TRADES, instrument: BBB, series: -1, rows: trades },
    { kind: BlockKind.BARS, instrument: CCC, series: 1, rows: bars() },
    { kind: BlockKind.QUOTES, instrument: BBB, series: -1, rows: quotes },
  ];
}

export interface World {
  readonly streams: readonly Stream[];
  readonly strategies: readonly StrategySlot[];
  readonly blockRows?: number;
  readonly stepRowsMax?: number;
  readonly orderEntryUs?: number;
  readonly responseUs?: number;
  readonly limits?: RiskLimits;
  readonly dollars?: bigint;
}

export function makeBacktest(world: World): Backtest {
  return new Backtest(specOf(world));
}

/** A run, whose blocks are read once. */
export function specOf(world: World): ConstructorParameters<typeof Backtest>[0] {
  const {
    streams,
    strategies,
    blockRows = 64,
    stepRowsMax = 4096,
    orderEntryUs = 0,
    responseUs = 0,
    limits = {},
    dollars = 1_000_000n,
  } = world;
  const minute = parseBarSpecification('1m', 'bars') as BarSpecification;
  return {
    name: 'world',
    identity: [],
    engine: {
      instruments: INSTRUMENTS,
      calendars: [null, null, null],
      accounts: [
        {
          venue: 'SIM',
          type: 'MARGIN',
          baseCurrency: USD,
          positionMode: 'NETTING',
          costMethod: 'AVERAGE',
          instrumentMargins: [],
          openingBalances: [{ currency: USD, amount: dollars * DOLLAR }],
          margin: {
            kind: 'leverage',
            leveragePpb: 2_000_000_000,
            initialRatePpb: 1_000_000_000,
            maintenanceRatePpb: 250_000_000,
            markedAt: 'MARK',
            locks: 'INITIAL',
          },
        },
      ],
      conversions: [],
      series: [
        { instrument: AAA, specification: minute },
        { instrument: CCC, specification: minute },
      ],
      hasTrades: (instrument) => instrument === BBB,
      hasQuotes: (instrument) => instrument === BBB,
      hasBookDeltas: () => false,
      strategies,
      limits,
      weightBufferPpb: [0, 0, 0],
      startTs: START,
      tradingFromTs: START,
      historyRows: 256,
    },
    venues: [
      {
        venue: 'SIM',
        orderEntryUs,
        responseUs,
        instruments: INSTRUMENTS.map((instrument) => ({
          instrument,
          fees: FEE,
          matchSeries: -1,
          matchOn: instrument.index === BBB ? [BlockKind.TRADES, BlockKind.QUOTES] : [BlockKind.BARS],
          rules: { ...DEFAULT_FILL_RULES, volumeShare: { numerator: 1, denominator: 10 } },
        })),
      },
    ],
    fees: [FEE, FEE, FEE],
    streams: streams.map((stream) => readerOf(stream, blockRows)),
    accountEvents: [],
    sampling: { kind: 'interval', everyUs: 3_600_000_000 },
    atEnd: 'leaveOpen',
    stepRowsMax,
  };
}

/** Hands out blocks in the same arrays again and again, as the contract of readers says. */
export function readerOf(stream: Stream, blockRows: number): BlockReader {
  const { kind, instrument, series, rows } = stream;
  const block: MarketBlock =
    kind === BlockKind.BARS
      ? makeBarBlock(instrument, series, blockRows)
      : kind === BlockKind.TRADES
        ? makeTradeBlock(instrument, blockRows)
        : makeQuoteBlock(instrument, blockRows);
  const names =
    kind === BlockKind.BARS
      ? ['open', 'high', 'low', 'close', 'volume']
      : kind === BlockKind.TRADES
        ? ['price', 'quantity']
        : ['bidPrice', 'askPrice', 'bidSize', 'askSize'];
  const columns = block as unknown as Record<string, Float64Array>;
  let next = 0;
  return {
    next() {
      const part = rows.slice(next, next + blockRows);
      next += part.length;
      block.length = part.length;
      part.forEach(([ts, ...values], row) => {
        block.tsEvent[row] = ts!;
        block.tsInit[row] = ts!;
        if (kind === BlockKind.BARS) columns['tsOpen']![row] = ts! - MINUTE;
        names.forEach((name, place) => {
          columns[name]![row] = values[place]!;
        });
      });
      return part.length === 0 ? null : block;
    },
    close() {},
  };
}

/** Keeps everything that a run records, beside what the recorder keeps. */
export function watch(backtest: Backtest, listener: (record: Recorded) => void): void {
  const take = backtest.recorder.take.bind(backtest.recorder);
  backtest.recorder.take = (record) => {
    listener(record);
    take(record);
  };
}

export function runToEnd(backtest: Backtest, rowsPerAdvance = 1_000_000): Backtest {
  while (!backtest.advance(rowsPerAdvance));
  backtest.finish();
  return backtest;
}

const traderParameters = {
  seed: { type: 'integer', default: 1, min: 0, max: 1_000_000_000, description: 'What its decisions are drawn from.' },
} as const satisfies ParameterDescriptors;

/**
 * Trades at random, from a number that everything it can see is stirred into: the row, last prices, touch, history, bars it has built, fills.
 * Whatever it is shown differently makes it decide differently. Its state is one plain number.
 */
export class RandomTrader extends Strategy<typeof traderParameters> {
  static override readonly parameters = traderParameters;

  private stirred = this.parameters.seed;
  private sent = 0;

  override onStart(): void {
    for (const instrument of this.instruments) {
      this.subscribeTrades(instrument);
      this.subscribeQuotes(instrument);
      if (instrument === BBB) for (const every of ['1m', '7t', '200v']) this.subscribeBars(instrument, every);
      else for (const every of ['1m', '3m', '5m']) this.subscribeBars(instrument, every);
    }
    this.setInterval('tick', 7 * MINUTE);
  }

  override onBar(bar: Bar): void {
    const history = this.bars(bar.series);
    for (let ago = 0; ago < Math.min(3, history.length); ago += 1) this.stir(history.close(ago));
    this.see(bar.instrument, bar.close);
  }

  override onTrade(trade: TradeTick): void {
    this.see(trade.instrument, trade.price);
  }

  override onQuote(quote: QuoteTick): void {
    this.see(quote.instrument, quote.bidPrice);
  }

  override onTimer(): void {
    this.see(this.instruments[0]!, this.now);
  }

  override onFill(fill: StrategyFill): void {
    this.stir(fill.price);
    if (this.draw(3) === 0) this.ask(fill.instrument);
  }

  private see(instrument: InstrumentIndex, value: number): void {
    this.stir(value);
    for (const other of this.instruments) {
      this.stir(this.lastPrice(other));
      this.stir(this.bestBid(other));
      this.stir(this.position(other));
    }
    if (this.draw(6) === 0) this.ask(instrument);
    const open = this.openOrders();
    if (open.length > 0 && this.draw(5) === 0) this.cancelOrder(open[this.draw(open.length)]!.clientOrderId);
    else if (open.length > 0 && this.draw(8) === 0) {
      const order = open[this.draw(open.length)]!;
      if (order.limitPrice !== 0) this.modifyOrder(order.clientOrderId, { quantity: 1 + this.draw(40) });
    }
  }

  private ask(instrument: InstrumentIndex): void {
    const price = this.lastPrice(instrument);
    if (Number.isNaN(price) || this.sent > 3_000) return;
    this.sent += 1;
    const side = this.draw(2) === 0 ? 'BUY' : 'SELL';
    const quantity = 1 + this.draw(30);
    const near = (): number => this.roundPrice(instrument, price + (this.draw(101) - 50) / 100);
    const reduceOnly = this.draw(6) === 0;
    switch (this.draw(5)) {
      case 0:
        this.marketOrder(instrument, side, quantity, { reduceOnly });
        return;
      case 1:
        this.stopOrder(instrument, side, quantity, near(), { timeInForce: 'DAY', reduceOnly });
        return;
      case 2:
        this.targetWeight(instrument, (this.draw(21) - 10) / 20, { sizeAt: this.draw(2) === 0 ? 'fill' : 'decision' });
        return;
      case 3:
        this.flatten(instrument);
        return;
      default:
        this.limitOrder(instrument, side, quantity, near(), { reduceOnly });
    }
  }

  private stir(value: number): void {
    const count = Number.isNaN(value) ? 7 : Math.round(value * 1000) % 2147483647;
    this.stirred = (Math.imul(this.stirred ^ count, 0x01000193) ^ (this.stirred >>> 15)) >>> 0;
  }

  private draw(n: number): number {
    this.stir(0.017);
    return Math.floor((this.stirred / 4294967296) * n);
  }
}

export function slotOf(
  strategyClass: StrategyClass,
  instruments: readonly InstrumentIndex[],
  parameters: Readonly<Record<string, unknown>>,
): StrategySlot {
  return { name: strategyClass.name, strategyClass, parameters, instruments };
}
export const trader = (seed: number, instruments: readonly InstrumentIndex[] = [AAA, BBB, CCC]): StrategySlot =>
  slotOf(RandomTrader as unknown as StrategyClass, instruments, { seed });
