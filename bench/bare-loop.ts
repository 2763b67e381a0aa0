import { FAST_PERIOD, SLOW_PERIOD } from './cross-strategy.ts';
import type { OutcomeFill } from './outcome.ts';
import type { TradeBlock } from '../src/model/blocks.ts';

/*
 * What c/cross.c does, in TypeScript: one loop over two columns, called for a few thousand rows at a time, everything in locals. No strategy class,
 * no risk, no orders, no ledger. It shows how much of the way to C, and to the queue, is the language's: an engine that hands each tick to a
 * user's class cannot be faster than this.
 */

const BLOCK_ROWS = 4096;
const SAMPLE_US = 60_000_000;
const MONEY_PER_TICK = 1_000_000; // a cent in 1e-8 USD
const FEE_DIVISOR = 10_000; // 0.01 %
const MAINTENANCE_DIVISOR = 20; // half of a tenth
const EQUITY_START = 1_000_000_000_000_000; // 10,000,000 USD

export interface BareOutcome {
  readonly fills: readonly OutcomeFill[];
  readonly samples: Float64Array;
  readonly equity: bigint;
}

/** All amounts are whole numbers below 2^53. */
class BareLoop {
  readonly fills: OutcomeFill[] = [];
  readonly samples: number[] = [];
  private readonly ts: Float64Array;
  private readonly price: Float64Array;
  private fast: number;
  private slow: number;
  private cash = EQUITY_START;
  private held = 0;
  private side = 0;
  private due: number;

  constructor({ tsInit, price }: TradeBlock) {
    this.ts = tsInit;
    this.price = price;
    this.fast = price[0]! / 100;
    this.slow = this.fast;
    this.due = dueFrom(tsInit[0]!);
  }

  /** Handles rows [from, to). */
  step(from: number, to: number): void {
    const { ts, price } = this;
    const fastAlpha = 2 / (FAST_PERIOD + 1);
    const slowAlpha = 2 / (SLOW_PERIOD + 1);
    const fastRest = 1 - fastAlpha;
    const slowRest = 1 - slowAlpha;
    let { fast, slow, cash, held, side, due } = this;
    for (let row = from; row < to; row += 1) {
      if (ts[row]! > due) {
        this.samples.push((cash + held * price[row - 1]! * MONEY_PER_TICK) / 1e8);
        due = dueFrom(ts[row]!);
      }
      const valueOfOne = price[row]! * MONEY_PER_TICK;
      const now = price[row]! / 100;
      if (row > 0) {
        fast = fastAlpha * now + fastRest * fast;
        slow = slowAlpha * now + slowRest * slow;
      }
      if (held !== 0 && cash + held * valueOfOne <= valueOfOne / MAINTENANCE_DIVISOR) throw new Error('the account was closed by force');
      if (row < SLOW_PERIOD - 1) continue;
      const wanted = fast > slow ? 1 : -1;
      if (wanted === side) continue;
      side = wanted;
      const signed = wanted - held;
      cash -= signed * valueOfOne + (valueOfOne * Math.abs(signed)) / FEE_DIVISOR;
      held = wanted;
      this.fills.push({ row, side: wanted, price: price[row]!, quantity: Math.abs(signed) });
    }
    this.fast = fast;
    this.slow = slow;
    this.cash = cash;
    this.held = held;
    this.side = side;
    this.due = due;
  }

  equityAt(row: number): number {
    return this.cash + this.held * this.price[row]! * MONEY_PER_TICK;
  }
}

function dueFrom(ts: number): number {
  return Math.ceil(ts / SAMPLE_US) * SAMPLE_US;
}

/** Runs the first `rows` ticks. */
export function runBareLoop(ticks: TradeBlock, rows: number): BareOutcome {
  const loop = new BareLoop(ticks);
  for (let row = 0; row < rows; row += BLOCK_ROWS) loop.step(row, Math.min(rows, row + BLOCK_ROWS));
  const equity = loop.equityAt(rows - 1);
  return { fills: loop.fills, samples: Float64Array.from([...loop.samples, equity / 1e8]), equity: BigInt(equity) };
}
