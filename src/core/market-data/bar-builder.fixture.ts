import fc from 'fast-check';
import { expect } from 'vitest';
import { type BarSource, type BarSpecification, isBarSpecificationRefusal, parseBarSpecification } from '../../model/bar-specification.ts';
import { makeBarBlock } from '../../model/blocks.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import type { BarInput } from './bar-accumulator.ts';
import { type BarBuilder, makeBarBuilder } from './bar-builder.ts';
import { type BarRow, barRows, testInstrument, type TradeRow } from './market-data.fixture.ts';

/* Drives bar builders as the engine does, and a slower twin of them. */

export const MINUTE = 60_000_000;
export const utc = (text: string): number => Date.parse(`${text}Z`) * 1000;

export function specification(text: string, from: BarSource = 'trades'): BarSpecification {
  const result = parseBarSpecification(text, from);
  if (isBarSpecificationRefusal(result)) throw new Error(result.reason);
  return result;
}

export function builderOf(
  text: string,
  from: BarSource = 'trades',
  calendar: TradingCalendar | null = null,
  emptyBars: 'skip' | 'repeat' = 'skip',
): BarBuilder {
  return makeBarBuilder({ specification: specification(text, from), instrument: testInstrument(), calendar, emptyBars });
}

/** Drives a builder as the engine does, in pieces of the given lengths (then to the end), and closes what time closes at `untilTs`. */
export function build(
  builder: BarBuilder,
  block: BarInput,
  untilTs: number,
  pieces: readonly number[] = [],
): { rows: BarRow[]; tsInits: number[]; gapped: boolean[] } {
  const out = makeBarBlock(0, 9, 20_000);
  const gapped: boolean[] = [];
  const take = (): void => {
    builder.take(out);
    gapped.push(builder.wasGapped);
  };
  let piece = 0;
  let row = 0;
  let pieceEnd = 0;
  while (row < block.length) {
    while (pieceEnd <= row) pieceEnd = Math.min(block.length, row + (pieces[piece++] ?? block.length));
    while (builder.nextCloseTs <= block.tsInit[row]!) take();
    const end = builder.scan(block, row, pieceEnd);
    expect(end).toBeGreaterThan(row);
    builder.accumulate(block, row, end);
    if (builder.isComplete) take();
    row = end;
  }
  while (builder.nextCloseTs <= Math.min(untilTs, Number.MAX_SAFE_INTEGER)) take();
  return { rows: barRows(out), tsInits: Array.from(out.tsInit.subarray(0, out.length)), gapped };
}

const key =
  (edges: (ts: number) => readonly [number, number]) =>
  (ts: number): string =>
    edges(ts).join();

/** The obvious twin: groups rows by the text of their interval. */
export function naiveTimeBars(rows: readonly TradeRow[], edges: (ts: number) => readonly [number, number] | null): BarRow[] {
  const groups = new Map<string, TradeRow[]>();
  for (const row of rows) {
    const interval = edges(row[0]);
    if (interval === null) continue;
    const name = key(() => interval)(row[0]);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, group]) => {
    const [start, end] = name.split(',').map(Number) as [number, number];
    const prices = group.map(([, price]) => price);
    return [
      start,
      end,
      prices[0]!,
      Math.max(...prices),
      Math.min(...prices),
      prices.at(-1)!,
      group.reduce((sum, [, , quantity]) => sum + quantity, 0),
    ];
  });
}

export const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 });
