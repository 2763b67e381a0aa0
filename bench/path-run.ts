import { marginAccount } from './margin-account.ts';
import { type BookFlow, blocksOf, readerOfBlocks } from './book-flow.ts';
import { PathStrategy } from './path-strategy.ts';
import { TICK_INSTRUMENT_ID } from './ticks.ts';
import { WordChecksum } from './word-checksum.ts';
import { isMoney } from '../src/core/portfolio/account-valuation.ts';
import type { RiskLimits } from '../src/core/risk/limits.ts';
import { BlockKind, type BookDeltaBlock, type TradeBlock } from '../src/model/blocks.ts';
import { makeCurrency } from '../src/model/currency.ts';
import type { FeeSchedule } from '../src/model/fees.ts';
import { instrumentWith } from '../src/model/instrument.fixture.ts';
import { LiquiditySide } from '../src/model/order.ts';
import { Backtest } from '../src/runtime/backtest.ts';
import { DEFAULT_DEPTH_RULES } from '../src/sim/depth/depth-rules.ts';
import { DEFAULT_FILL_RULES } from '../src/sim/matching/fill-rules.ts';

const USD = makeCurrency('USD');
const MONEY = 10n ** BigInt(USD.decimals);
const FEES: FeeSchedule = { kind: 'makerTaker', makerPpb: 50_000, takerPpb: 200_000, rounding: { to: 'exact' } };
/** A position of 25 lots is worth about 25,000 USD, and without leverage that is the margin it needs: fees take about 2,000 of the opening balance. */
const OPENING_USD = 28_700n;
const NO_LEVERAGE_PPB = 1_000_000_000;
/*
 * How long the market takes to the house, an order to the venue, and its answer back, in microseconds. Rows lie on multiples of 10, so that no two
 * kinds of arrivals ever fall together.
 */
const FEED_US = 1001;
const ORDER_ENTRY_US = 1003;
const RESPONSE_US = 1002;
/** Equity is written down once, at the end. */
const SAMPLE_US = 86_400_000_000;
const ADVANCE_ROWS = 1_000_000;

/**
 * Limits on one strategy in one instrument, so narrow that each denies some orders: a lot is worth about 1,000 USD. What is long comes to its position
 * limit, what is short to the exposure first.
 */
const LIMITS: RiskLimits = {
  everyInstrument: { maxOrderQty: 30, maxOrderValue: dollars(25_000n), maxLongQty: 25, maxShortQty: 36 },
  strategies: { 0: { maxOpenOrders: 3, maxExposure: dollars(26_500n) } },
};

/** What an order is denied for, numbered as the control numbers it. */
const DENIAL_CODES = [
  'QUANTITY_EXCEEDS_MAXIMUM',
  'NOTIONAL_EXCEEDS_MAX_PER_ORDER',
  'MAX_OPEN_ORDERS',
  'POSITION_LIMIT',
  'EXPOSURE_LIMIT',
  'MARGIN_EXCEEDS_FREE_BALANCE',
] as const;

function dollars(units: bigint): { readonly amount: bigint; readonly currency: typeof USD } {
  return { amount: units * MONEY, currency: USD };
}

/** A flow cut into blocks, which every run reads anew, twice: the venue before the house. */
export interface PathData {
  readonly deltas: readonly BookDeltaBlock[];
  readonly trades: readonly TradeBlock[];
}

export function pathData(flow: BookFlow): PathData {
  return { deltas: blocksOf(flow.deltas), trades: blocksOf(flow.trades) };
}

/** A whole backtest on recorded books as the command line builds it: book of orders, strategy, risk, orders, venue with queues and latency, positions, ledger, recorder. */
function pathBacktest(data: PathData): Backtest {
  const instrument = instrumentWith({ id: TICK_INSTRUMENT_ID, kind: 'PERPETUAL', base: makeCurrency('BTC') });
  return new Backtest({
    name: 'path',
    identity: ['path'],
    engine: {
      instruments: [instrument],
      calendars: [null],
      accounts: [marginAccount(USD, OPENING_USD * MONEY, NO_LEVERAGE_PPB)],
      conversions: [],
      series: [],
      hasTrades: () => true,
      hasQuotes: () => false,
      hasBookDeltas: () => true,
      strategies: [{ name: 'path', strategyClass: PathStrategy, parameters: {}, instruments: [0] }],
      limits: LIMITS,
      weightBufferPpb: [0],
      startTs: 0,
      tradingFromTs: 0,
      historyRows: 1024,
    },
    venues: [
      {
        venue: 'SIM',
        instruments: [{ instrument, rules: DEFAULT_FILL_RULES, fees: FEES, matchOn: [BlockKind.BOOK_DELTAS], matchSeries: -1 }],
        orderEntryUs: ORDER_ENTRY_US,
        responseUs: RESPONSE_US,
        depth: {
          rules: new Map([[0, DEFAULT_DEPTH_RULES]]),
          open: () => [readerOfBlocks(data.deltas), readerOfBlocks(data.trades)],
          delay: { kind: 'stated', latency: { kind: 'constant', us: FEED_US } },
        },
      },
    ],
    fees: [FEES],
    streams: [readerOfBlocks(data.deltas), readerOfBlocks(data.trades)],
    accountEvents: [],
    sampling: { kind: 'interval', everyUs: SAMPLE_US },
    atEnd: 'leaveOpen',
    stepRowsMax: 8192,
  });
}

export function runPath(data: PathData): Backtest {
  const backtest = pathBacktest(data);
  while (!backtest.advance(ADVANCE_ROWS));
  backtest.finish();
  return backtest;
}

/** What a run came to; two programs did the same where all of it agrees. Money in 1e-8 USD. */
export interface PathOutcome {
  readonly orders: number;
  readonly fills: number;
  readonly denials: number;
  /** Denials by {@link DENIAL_CODES}, in that order, with spaces between. */
  readonly denied: string;
  readonly position: number;
  readonly realized: string;
  readonly commissions: string;
  readonly equity: string;
  /** Over every fill (order, side, price, quantity, whether it took, fee, when it was made and heard of), every denial (order, code) and the numbers above. */
  readonly checksum: string;
}

export function pathOutcome({ engine, recorder }: Backtest): PathOutcome {
  const { portfolio } = engine;
  const equity = portfolio.valuation.equity(0);
  if (!isMoney(equity)) throw new Error('the account has no equity');
  const held = portfolio.positions.position(0, 0);
  const checksum = new WordChecksum();
  for (const fill of recorder.fills) {
    const isTaker = fill.liquiditySide === LiquiditySide.TAKER ? 1 : 0;
    for (const word of [fill.clientOrderId, fill.side, fill.lastPx, fill.lastQty, isTaker, fill.commission, fill.tsEvent, fill.tsInit])
      checksum.mix(word);
  }
  const counts = DENIAL_CODES.map(() => 0);
  for (const { clientOrderId, code } of recorder.denials) {
    const number = (DENIAL_CODES as readonly string[]).indexOf(code);
    if (number < 0) throw new Error(`the control knows no denial for ${code}`);
    counts[number]! += 1;
    checksum.mix(clientOrderId);
    checksum.mix(number);
  }
  const [orders, fills, denials] = [engine.orders.table.length - 1, recorder.fills.length, recorder.denialCount];
  const [realized, commissions] = [held?.realizedPnl ?? 0n, held?.commission ?? 0n];
  const position = portfolio.positions.venueQuantity(0);
  for (const word of [orders, fills, denials, position, realized, commissions, equity]) checksum.mix(word);
  return {
    ...{ orders, fills, denials, denied: counts.join(' '), position },
    ...{ realized: String(realized), commissions: String(commissions), equity: String(equity) },
    checksum: checksum.text,
  };
}
