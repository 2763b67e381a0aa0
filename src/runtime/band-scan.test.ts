import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BandScan } from './band-scan.ts';
import { type MarketBlock, makeQuoteBlock, makeTradeBlock } from '../model/blocks.ts';

const ROWS = 40;

/** What {@link BandScan} stands for: every row is looked at, every time. */
function plainScan(lows: Float64Array, highs: Float64Array, from: number, to: number, low: number, high: number): number {
  for (let row = from; row < to; row += 1) if (lows[row]! <= low || highs[row]! >= high) return row;
  return to;
}

const price = fc.oneof(fc.integer({ min: 90, max: 110 }), fc.constantFrom(0, Number.NaN));
const column = fc.array(price, { minLength: ROWS, maxLength: ROWS });
const bound = fc.oneof(fc.integer({ min: 80, max: 120 }), fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY));
/** Rows rise from one question to the next, as in a run: `skip` rows on from where the one before began. */
const question = fc.record({ skip: fc.integer({ min: 0, max: 4 }), length: fc.integer({ min: 1, max: 12 }), low: bound, high: bound });
const passes = fc.array(fc.record({ lows: column, highs: column, questions: fc.array(question, { maxLength: 12 }) }), { maxLength: 3 });

function answersOf(scan: BandScan, block: MarketBlock, lows: Float64Array, highs: Float64Array, questions: readonly Question[]): string[] {
  const answers: string[] = [];
  let from = 0;
  for (const { skip, length, low, high } of questions) {
    from = Math.min(from + skip, ROWS - 1);
    const to = Math.min(from + length, ROWS);
    answers.push(`${scan.firstOutside(block, from, to, low, high)} as ${plainScan(lows, highs, from, to, low, high)}`);
  }
  return answers;
}

interface Question {
  readonly skip: number;
  readonly length: number;
  readonly low: number;
  readonly high: number;
}

function differing(answers: readonly string[]): string[] {
  return answers.filter((answer) => answer.split(' as ')[0] !== answer.split(' as ')[1]);
}

describe('the scan that remembers', () => {
  it('answers every question as the scan that looks at every row, also of blocks that are refilled', () => {
    fc.assert(
      fc.property(passes, (refills) => {
        const scan = new BandScan();
        const trades = makeTradeBlock(0, ROWS);
        const quotes = makeQuoteBlock(0, ROWS);
        const answers: string[] = [];
        for (const { lows, highs, questions } of refills) {
          scan.forget();
          trades.price.set(lows);
          answers.push(...answersOf(scan, trades, trades.price, trades.price, questions));
          quotes.bidPrice.set(lows);
          quotes.askPrice.set(highs);
          answers.push(...answersOf(scan, quotes, quotes.bidPrice, quotes.askPrice, questions));
        }
        expect(differing(answers)).toEqual([]);
      }),
    );
  });

  it('looks at a row once while what it has seen lies inside the band', () => {
    const scan = new BandScan();
    const trades = makeTradeBlock(0, ROWS);
    trades.price.fill(100);
    expect(scan.firstOutside(trades, 0, 30, 50, 150)).toBe(30);
    // A row that has been passed is not read again: what it holds now is not seen.
    trades.price[20] = 500;
    expect(scan.firstOutside(trades, 10, 25, 60, 140)).toBe(25);
    trades.price[35] = 500;
    expect(scan.firstOutside(trades, 10, ROWS, 60, 140)).toBe(35);
  });
});
