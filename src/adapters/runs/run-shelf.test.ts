import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRunRecord, RUN_CURVE_POINTS_MAX, type RunRecord, runRecordText, thinCurve } from './run-record.ts';
import { keepRun, RUN_RECORD_BYTES_MAX, RunShelf } from './run-shelf.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'runs-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function record(run: string, tsStarted: number, change: Partial<RunRecord> = {}): RunRecord {
  const figures = { totalReturn: 0.1, sharpeRatio: null };
  const common = {
    version: 1,
    kind: 'backtest',
    name: `of ${run}`,
    note: 'fast=5',
    status: 'completed',
    digest: 'abc',
    currency: 'USD',
  } as const;
  return { ...common, run, tsStarted, equity: [100, 110], figures, ...change };
}

const keep = (each: RunRecord, report: string | null = '<!doctype html>'): void => keepRun(path.join(place, each.run), each, report);

describe('the shelf of runs', () => {
  it('lists what was kept, the newest first, in pages without a hole and without a double', async () => {
    for (const at of [3, 1, 5, 2, 4]) keep(record(`r${at}`, at * 1_000_000));
    const shelf = new RunShelf([place]);
    const first = await shelf.page(null, 2);
    const second = await shelf.page(first.at(-1)!.sequence, 2);
    const third = await shelf.page(second.at(-1)!.sequence, 2);
    expect([first, second, third].map((page) => page.map(({ run }) => run))).toEqual([['r5', 'r4'], ['r3', 'r2'], ['r1']]);
    expect(first[0]).toMatchObject({ sequence: 5, name: 'of r5', currency: 'USD', equity: [100, 110], hasReport: true });
    // What is not defined is NaN again, as it was before JSON had it.
    expect(first[0]!.figures).toEqual({ totalReturn: 0.1, sharpeRatio: Number.NaN });
  });

  it('a run that is kept again takes its own place, and loses a report that is not its own', async () => {
    keep(record('r1', 1_000_000));
    keep(record('r1', 2_000_000, { status: 'stopped' }), null);
    const shelf = new RunShelf([place]);
    expect(await shelf.page(null, 10)).toMatchObject([{ run: 'r1', status: 'stopped', hasReport: false }]);
    expect(await shelf.report('r1')).toBeNull();
    expect(readdirSync(path.join(place, 'r1'))).toEqual(['run.json']);
  });

  it('sees at once what was written since it looked', async () => {
    const shelf = new RunShelf([place, path.join(place, 'not there')]);
    expect(await shelf.page(null, 10)).toEqual([]);
    keep(record('r1', 1_000_000));
    expect(await shelf.page(null, 10)).toHaveLength(1);
    keep(record('r1', 1_000_000, { name: 'another name' }));
    expect(await shelf.run('r1')).toMatchObject({ name: 'another name' });
    rmSync(path.join(place, 'r1'), { recursive: true });
    expect([await shelf.run('r1'), await shelf.report('r1')]).toEqual([null, null]);
  });

  it('shows what runs now in the place of what its folder says', async () => {
    keep(record('now', 1_000_000, { status: 'ended' }));
    const shelf = new RunShelf([place], () => record('now', 1_000_000, { kind: 'session', status: 'running' }));
    expect(await shelf.page(null, 10)).toMatchObject([{ run: 'now', kind: 'session', status: 'running', hasReport: false }]);
  });

  it('no name leads out of the shelf, and no link is followed', async () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'outside-'));
    try {
      keepRun(path.join(outside, 'r9'), record('r9', 1), 'secret');
      symlinkSync(path.join(outside, 'r9'), path.join(place, 'r9'));
      keep(record('r1', 1_000_000), null);
      symlinkSync(path.join(outside, 'r9', 'report.html'), path.join(place, 'r1', 'report.html'));
      const shelf = new RunShelf([place]);
      expect((await shelf.page(null, 10)).map(({ run }) => run)).toEqual(['r1']);
      for (const name of ['..', '.', 'r9', '../outside/r9', path.join(outside, 'r9')])
        expect([name, await shelf.report(name)]).toEqual([name, null]);
      expect(await shelf.report('r1')).toBeNull();
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('passes over what is no record, and what is too long for one', async () => {
    const texts = {
      empty: '',
      torn: runRecordText(record('torn', 1)).slice(0, 40),
      other: '{"version":2}',
      more: JSON.stringify({ ...record('more', 1), extra: 1 }),
      path: JSON.stringify(record('../path', 1)),
      long: runRecordText(record('long', 1)).padEnd(RUN_RECORD_BYTES_MAX + 1),
    };
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(path.join(place, name));
      writeFileSync(path.join(place, name, 'run.json'), text);
    }
    writeFileSync(path.join(place, 'run.json'), runRecordText(record('loose', 1)));
    expect(await new RunShelf([place]).page(null, 10)).toEqual([]);
  });

  it('says why a run cannot be kept', () => {
    writeFileSync(path.join(place, 'taken'), '');
    expect(() => keepRun(path.join(place, 'taken', 'r1'), record('r1', 1), null)).toThrow(
      expect.objectContaining({ code: 'RUN_NOT_KEPT' }),
    );
  });
});

describe('the record of a run', () => {
  it('is read back as it was written', () => {
    expect(parseRunRecord(runRecordText(record('r1', 5)))).toEqual(record('r1', 5));
  });

  it('a thinned curve keeps its ends and extremes, in order, within its bound', () => {
    const curve = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 1000 });
    fc.assert(
      fc.property(curve, (values) => {
        const thin = thinCurve(values);
        expect(thin.length).toBe(Math.min(values.length, RUN_CURVE_POINTS_MAX));
        expect([thin[0], thin.at(-1)]).toEqual([values[0], values.at(-1)]);
        expect([Math.min(...thin), Math.max(...thin)]).toEqual([Math.min(...values), Math.max(...values)]);
        let from = 0;
        for (const [at, value] of thin.entries()) {
          // A stretch of one point shows it twice.
          const found = values.indexOf(value, at > 0 && thin[at - 1] === value ? Math.max(0, from - 1) : from);
          expect(found).toBeGreaterThanOrEqual(0);
          from = found + 1;
        }
      }),
    );
  });
});
