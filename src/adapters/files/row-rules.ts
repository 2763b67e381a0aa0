import { unreachable } from '../../base/assert.ts';
import { BlockKind, type PricedBlock } from '../../model/blocks.ts';
import type { CsvField } from './csv-format.ts';
import type { DataCode } from './input-problem.ts';

/** What a row is found to be. A fault names the field that is shown. */
interface Verdict {
  readonly code: DataCode;
  readonly field: CsvField | null;
  readonly rule?: string;
}

/** Verdicts by number; 0 is a good row. */
export const VERDICT_FILTERED = 255;
export const VERDICTS: readonly (Verdict | null)[] = [
  null,
  { code: 'NUMBER_ZERO', field: 'open' },
  { code: 'NUMBER_ZERO', field: 'high' },
  { code: 'NUMBER_ZERO', field: 'low' },
  { code: 'NUMBER_ZERO', field: 'close' },
  { code: 'HIGH_BELOW_LOW', field: 'high' },
  { code: 'OPEN_CLOSE_OUTSIDE_RANGE', field: 'open', rule: 'The open lies outside the low and high.' },
  { code: 'OPEN_CLOSE_OUTSIDE_RANGE', field: 'close', rule: 'The close lies outside the low and high.' },
  { code: 'NUMBER_ZERO', field: 'price' },
  { code: 'NUMBER_ZERO', field: 'quantity' },
  { code: 'NUMBER_ZERO', field: 'bid' },
  { code: 'NUMBER_ZERO', field: 'ask' },
  { code: 'NUMBER_ZERO', field: 'bidOpen', rule: 'Some prices of the bid are zero and some are not.' },
  { code: 'HIGH_BELOW_LOW', field: 'bidHigh' },
  { code: 'OPEN_CLOSE_OUTSIDE_RANGE', field: 'bidClose', rule: 'The open or close of the bid lies outside its low and high.' },
  { code: 'NUMBER_ZERO', field: 'askOpen', rule: 'Some prices of the ask are zero and some are not.' },
  { code: 'HIGH_BELOW_LOW', field: 'askHigh' },
  { code: 'OPEN_CLOSE_OUTSIDE_RANGE', field: 'askClose', rule: 'The open or close of the ask lies outside its low and high.' },
  { code: 'TIME_OUT_OF_RANGE', field: 'time' },
  { code: 'TIME_BACKWARDS', field: 'time' },
  { code: 'TIME_DUPLICATE', field: 'time' },
  { code: 'BARS_OVERLAP', field: 'time' },
  { code: 'VALUE_MISSING', field: 'bid', rule: 'Both sides are empty.' },
];
const ZERO_OPEN = 1;
const HIGH_LOW = 5;
const OPEN_OUTSIDE = 6;
const CLOSE_OUTSIDE = 7;
const ZERO_PRICE = 8;
const ZERO_QUANTITY = 9;
const ZERO_BID = 10;
const ZERO_ASK = 11;
const BID_BAR = 12;
const ASK_BAR = 15;
export const VERDICT_TIME_RANGE = 18;
export const VERDICT_BACKWARDS = 19;
export const VERDICT_DUPLICATE = 20;
export const VERDICT_OVERLAP = 21;
const BOTH_EMPTY = 22;

/**
 * Judges the values of rows `from` to `to` and writes a number of {@link VERDICTS} per row. One leaf loop per kind.
 *
 * @param mayBeEmpty quotes: a side of 0 is an absent side
 * @returns false when every row is good
 */
export function judgeValues(block: PricedBlock, from: number, to: number, verdicts: Uint8Array, mayBeEmpty: boolean): boolean {
  switch (block.kind) {
    case BlockKind.BARS: {
      const { open, high, low, close } = block;
      return judge(from, to, verdicts, (r) => judgeBar(open[r]!, high[r]!, low[r]!, close[r]!));
    }
    case BlockKind.TRADES: {
      const { price, quantity } = block;
      return judge(from, to, verdicts, (r) => (price[r]! <= 0 ? ZERO_PRICE : quantity[r]! <= 0 ? ZERO_QUANTITY : 0));
    }
    case BlockKind.QUOTES: {
      const { bidPrice, askPrice } = block;
      return judge(from, to, verdicts, (r) => judgeQuote(bidPrice[r]!, askPrice[r]!, mayBeEmpty));
    }
    case BlockKind.QUOTE_BARS: {
      const { bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose } = block;
      return judge(from, to, verdicts, (r) => {
        const bid = judgeSide(bidOpen[r]!, bidHigh[r]!, bidLow[r]!, bidClose[r]!, BID_BAR, mayBeEmpty);
        if (bid !== 0) return bid;
        const ask = judgeSide(askOpen[r]!, askHigh[r]!, askLow[r]!, askClose[r]!, ASK_BAR, mayBeEmpty);
        return ask === 0 && bidOpen[r] === 0 && askOpen[r] === 0 ? BOTH_EMPTY : ask;
      });
    }
    default:
      return unreachable(block);
  }
}

function judge(from: number, to: number, verdicts: Uint8Array, verdictOf: (r: number) => number): boolean {
  let worst = 0;
  for (let r = from; r < to; r += 1) {
    const verdict = verdictOf(r);
    verdicts[r] = verdict;
    worst |= verdict;
  }
  return worst !== 0;
}

function judgeBar(open: number, high: number, low: number, close: number): number {
  if (open <= 0) return ZERO_OPEN;
  if (high <= 0) return ZERO_OPEN + 1;
  if (low <= 0) return ZERO_OPEN + 2;
  if (close <= 0) return ZERO_OPEN + 3;
  if (high < low) return HIGH_LOW;
  if (open > high || open < low) return OPEN_OUTSIDE;
  return close > high || close < low ? CLOSE_OUTSIDE : 0;
}

function judgeQuote(bid: number, ask: number, mayBeEmpty: boolean): number {
  if (mayBeEmpty) return bid === 0 && ask === 0 ? BOTH_EMPTY : 0;
  return bid === 0 ? ZERO_BID : ask === 0 ? ZERO_ASK : 0;
}

function judgeSide(open: number, high: number, low: number, close: number, base: number, mayBeEmpty: boolean): number {
  if (open === 0 || high === 0 || low === 0 || close === 0) {
    return mayBeEmpty && open === 0 && high === 0 && low === 0 && close === 0 ? 0 : base;
  }
  if (high < low) return base + 1;
  return open > high || open < low || close > high || close < low ? base + 2 : 0;
}

/** Columns of a block, for moving rows. */
export function blockColumns(block: PricedBlock): readonly (Float64Array | Int8Array)[] {
  return Object.values(block).filter((value): value is Float64Array | Int8Array => ArrayBuffer.isView(value));
}
