import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

interface Ended {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly err: string;
}

/** @param interruptAtLine Ctrl-C once so many lines have come */
function live(args: readonly string[], interruptAtLine = Number.POSITIVE_INFINITY): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'src/app/main.ts', 'data', 'live', ...args], { cwd: ROOT });
    let out = '';
    let err = '';
    let isInterrupted = false;
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (isInterrupted || out.split('\n').length <= interruptAtLine) return;
      isInterrupted = true;
      child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, lines: out.split('\n').filter((line) => line !== ''), err }));
  });
}

const LINE =
  /^(2024-01-01T00:0[0-4]:\d\d\.\d{6}Z) {2}bid (\d+\.\d{2}) x \d+\.\d{3} {2}ask (\d+\.\d{2}) x \d+\.\d{3} {2}last (—|\d+\.\d{2} x \d+\.\d{3} (buy|sell))$/;

describe('data live', () => {
  it('prints the market of a seed as it happens, the same again, until its time has come', async () => {
    const args = ['--from', '2024-01-01', '--to', '2024-01-01T00:05', '--speed', '5000', '--seed', '7'];
    const first = await live(args);
    expect([first.status, first.lines.length > 300]).toEqual([0, true]);
    const times = first.lines.map((line) => {
      const [, time, bid, ask] = LINE.exec(line) ?? [line];
      expect(Number(bid), line).toBeLessThan(Number(ask));
      return time!;
    });
    expect(times).toEqual([...times].sort());
    expect(first.err).toMatch(/^AAA-USD\.SIM, seed 7, 5000 times as fast as the clock; Ctrl-C ends it\. The market is made up/);
    expect(first.err.replaceAll(',', '')).toMatch(new RegExp(`\\n\\d+ trades ${first.lines.length} lines(; [^\\n]+)?\\n$`));
    // Five minutes in 0.3 ms of the clock are more than any machine plays.
    const fastest = await live([...args, '--speed', '1000000']);
    const tradesOf = (err: string): string | undefined => /\n([\d,]+) trades/.exec(err)?.[1];
    expect(tradesOf(fastest.err)).toBe(tradesOf(first.err));
    // Where the test itself reads too slowly, lines are passed over and that is said.
    if (!`${first.err}${fastest.err}`.includes('passed over')) expect(fastest.lines).toEqual(first.lines);
    expect(fastest.err).toMatch(/ lines(; [^;\n]+)*; the machine played it [\d,]+(\.\d+)? times as fast as the clock\n$/);
  });

  it('goes on until Ctrl-C, from the minute that it is, and says then what there was', async () => {
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const { status, lines, err } = await live(['--speed', '500'], 20);
    expect(status).toBe(130);
    expect(lines.length).toBeGreaterThanOrEqual(20);
    expect(Date.parse(lines[0]!.slice(0, 23))).toBeGreaterThanOrEqual(minute);
    expect(err).toMatch(/ trades, [\d,]+ lines/);
  });

  it.each([
    [['--speed', '0'], '--speed takes a number from 0.001 to 1000000'],
    [['--start-price', '100.123'], '--start-price has more decimals than prices have here (2).'],
    [['--from', '2024-01-02', '--to', '2024-01-01'], 'The market ends before it starts'],
    [['--from', '2024-01-01', '--to', '2054-01-01'], 'has 1000000000 events at most'],
  ])('refuses %j with a code', async (args, rule) => {
    const { status, lines, err } = await live(args);
    expect([status, lines]).toEqual([2, []]);
    expect(err).toContain(rule);
    expect(err).toContain('[OPTION_INVALID]');
  });
});
