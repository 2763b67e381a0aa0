import { describe, expect, it } from 'vitest';
import { BlockKind } from '../../src/model/blocks.ts';
import { Dice, drawStreams, makeBacktest, runToEnd, type Stream, trader, watch } from '../simulation/world.fixture.ts';

/** What was decided and what came of it, in order, each with when it was known. */
function traceOf(streams: readonly Stream[], seed: number, latencyUs: number): readonly { readonly ts: number; readonly line: string }[] {
  const trace: { ts: number; line: string }[] = [];
  const backtest = makeBacktest({
    streams,
    strategies: [trader(seed), trader(seed + 1, [1])],
    orderEntryUs: latencyUs,
    responseUs: latencyUs,
  });
  watch(backtest, (record) => {
    trace.push({
      ts: record.tsInit,
      line: JSON.stringify(record, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
    });
  });
  runToEnd(backtest);
  return trace;
}

/** The order of all rows: time, kind, stream, row. */
function cutAfter(streams: readonly Stream[], count: number): { readonly streams: readonly Stream[]; readonly ts: number } {
  const all = streams.flatMap((stream, place) => stream.rows.map((row, at) => ({ place, at, ts: row[0]!, kind: stream.kind })));
  all.sort((a, b) => a.ts - b.ts || a.kind - b.kind || a.place - b.place || a.at - b.at);
  const kept = all.slice(0, count);
  return {
    streams: streams.map((stream, place) => ({ ...stream, rows: stream.rows.slice(0, kept.filter((row) => row.place === place).length) })),
    ts: kept.at(-1)!.ts,
  };
}

function expectPrefix(streams: readonly Stream[], seed: number, latencyUs: number): number {
  const dice = new Dice(seed + 99);
  const whole = traceOf(streams, seed, latencyUs);
  const rows = streams.reduce((sum, stream) => sum + stream.rows.length, 0);
  for (let cut = 0; cut < 4; cut += 1) {
    const part = cutAfter(streams, 2 + dice.below(rows - 2));
    const trace = traceOf(part.streams, seed, latencyUs);
    const difference = trace.findIndex((item, at) => item.line !== whole[at]?.line);
    expect(`seed ${seed}: ${difference < 0 ? 'same' : `${trace[difference]!.line} instead of ${whole[difference]?.line}`}`).toBe(
      `seed ${seed}: same`,
    );
    // Nothing that was known before the cut is missing either.
    expect(trace.length).toBeGreaterThanOrEqual(whole.filter((item) => item.ts < part.ts).length);
  }
  return whole.length;
}

describe('what comes later', () => {
  const kinds: readonly (readonly [string, (stream: Stream) => boolean])[] = [
    ['bars', (stream) => stream.kind === BlockKind.BARS],
    ['ticks', (stream) => stream.kind !== BlockKind.BARS],
    ['bars and ticks of several instruments', () => true],
  ];
  for (const [name, isIn] of kinds) {
    it(`changes no decision before it: ${name}, with bars of several frames built from them`, () => {
      let decisions = 0;
      for (let seed = 0; seed < 20; seed += 1) {
        const streams = drawStreams(seed, 60).map((stream) => (isIn(stream) ? stream : { ...stream, rows: [] }));
        decisions += expectPrefix(streams, seed, [0, 1, 3_000_000][seed % 3]!);
      }
      expect(decisions).toBeGreaterThan(1_500);
    });
  }
});
