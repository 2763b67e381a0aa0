import { WordChecksum } from './word-checksum.ts';
import { lowerBound } from '../src/base/sorted-search.ts';
import { isMoney } from '../src/core/portfolio/account-valuation.ts';
import type { Backtest } from '../src/runtime/backtest.ts';

/** An execution as every side of a comparison writes it down. */
export interface OutcomeFill {
  /** Position of the tick in the data. */
  readonly row: number;
  /** +1 bought, −1 sold. */
  readonly side: number;
  /** Cents. */
  readonly price: number;
  /** Whole units. */
  readonly quantity: number;
}

/** What a run came to. Two programs did the same work where their checksums agree. */
export interface Outcome {
  readonly fills: number;
  readonly samples: number;
  /** Final equity in 1e-8 USD. */
  readonly equity: string;
  readonly checksum: string;
}

/** Over row, side, price and quantity of every fill, every sample of equity bit by bit, and the final equity: what c/cross.c computes. */
export function outcomeOf(fills: readonly OutcomeFill[], samples: Float64Array, equity: bigint): Outcome {
  const checksum = new WordChecksum();
  for (const fill of fills) for (const value of [fill.row, fill.side, fill.price, fill.quantity]) checksum.mix(value);
  for (const bits of new BigUint64Array(samples.slice().buffer)) checksum.mix(bits);
  checksum.mix(equity);
  return { fills: fills.length, samples: samples.length, equity: String(equity), checksum: checksum.text };
}

/** @param ts times of the ticks, all different, so that a fill's time names its row */
export function outcomeOfBacktest(backtest: Backtest, ts: Float64Array): Outcome {
  const { engine, recorder, sampler } = backtest;
  const scale = engine.instruments[0]!.quantityScale;
  const fills = recorder.fills.map((fill) => ({
    row: rowAt(ts, fill.tsEvent),
    side: fill.side,
    price: fill.lastPx,
    quantity: fill.lastQty / scale,
  }));
  const equity = engine.portfolio.valuation.equity(0);
  if (!isMoney(equity)) throw new Error('the account has no equity: a conversion rate is missing');
  // The curve begins with what was there before the first tick, which is no work.
  const first = sampler.ts[0] === ts[0] ? 1 : 0;
  return outcomeOf(fills, sampler.equityApprox.slice(first, sampler.count), equity);
}

function rowAt(ts: Float64Array, time: number): number {
  const row = lowerBound(ts, 0, ts.length, time);
  if (ts[row] !== time) throw new Error(`a fill at ${time}, when there was no tick`);
  return row;
}
