import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedDataFolder, WITHOUT_SHARED_DATA } from '../../reference/shared-data.ts';
import type { RunResult } from '../../src/contract/run-result.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GOOG = join(sharedDataFolder(), 'daily-hourly-misc/GOOG.csv');
const isMissing = !existsSync(GOOG);
const SKIPPED = isMissing ? WITHOUT_SHARED_DATA : '';

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program as a person would; `interruptWhen` sends Ctrl-C once standard error holds the text. */
function quanthybrid(args: readonly string[], interruptWhen: string | null = null): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'src/app/main.ts', ...args], { cwd: ROOT });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
      if (interruptWhen !== null && err.includes(interruptWhen)) child.kill('SIGINT');
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
  });
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const generated = (to: string): string => `
period: { from: 2024-01-01, to: ${to} }
instruments: [{ id: ABC-USD.SIM, kind: spot }]
accounts: [{ balances: { USD: 100000 } }]
data: [{ kind: trades, generated: { seed: 7, startPrice: 100, tradesPerMinute: 60 } }]
strategies: [{ use: moving-average-crossover, parameters: { every: 5m } }]
`;

const goog = (): string => `
instruments: [{ id: GOOG.NASDAQ, kind: equity, quote: USD }]
accounts: [{ balances: { USD: 10000 } }]
data: [{ csv: ${GOOG} }]
strategies: [{ use: moving-average-crossover, parameters: { fast: 10, slow: 30 } }]
statistics: { preset: backtesting.py, benchmarkFromBar: 29 }
`;

describe('quanthybrid backtest', () => {
  it('--json prints one object on standard output and nothing else, the same in another process', async () => {
    const file = write('short.yaml', generated('2024-01-02'));
    const [first, second] = await Promise.all([quanthybrid(['backtest', file, '--json']), quanthybrid(['backtest', file, '--json'])]);
    expect([first.status, first.out.split('\n').length, first.out.endsWith('}\n')]).toEqual([0, 2, true]);
    const result = JSON.parse(first.out) as RunResult;
    const again = JSON.parse(second.out) as RunResult;
    expect(result.status).toBe('completed');
    expect(result.fills.length).toBeGreaterThan(0);
    expect(result.statistics['sharpeRatio']).toBeNull();
    expect(result.statisticsUndefined['sharpeRatio']).toContain('30 are needed');
    expect([again.runId, again.digest]).toEqual([result.runId, result.digest]);
  });

  it('bad input ends with status 2, the line on standard error and with --json the error as an object on standard output', async () => {
    const file = write('bad.yaml', generated('2024-01-02').replace('accounts', 'acounts'));
    const ended = await quanthybrid(['backtest', file, '--json']);
    expect([ended.status, JSON.parse(ended.out)]).toMatchObject([2, { status: 'failed', error: { code: 'RUN_FILE_INVALID' } }]);
    expect(ended.err).toContain(`${file}:4`);
    expect(ended.err).toContain('Did you mean "accounts"?');
  });

  it('a wrong command line ends with status 2, and help with 0', async () => {
    const [wrong, help] = await Promise.all([quanthybrid(['backtest']), quanthybrid(['backtest', '--help'])]);
    expect(wrong.status).toBe(2);
    expect([help.status, help.out.includes('Examples:')]).toEqual([0, true]);
  });

  it('ends quietly with status 141 when the reader of its output has gone', async () => {
    const file = write('piped.yaml', generated('2024-01-02'));
    const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'src/app/main.ts', 'backtest', file, '--json'], { cwd: ROOT });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.destroy();
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect([status, err.includes('EPIPE'), err.includes('error')]).toEqual([141, false, false]);
  });

  it('a strategy that throws ends with status 1, its handler, file and line, where the run stood and what was logged last', async () => {
    write(
      'thrower.ts',
      "import { Strategy } from 'quanthybrid';\nexport class Thrower extends Strategy {\n  override onStart(): void {\n    this.log('so far');\n    throw new Error('kaboom');\n  }\n}\n",
    );
    const file = write(
      'thrower.yaml',
      generated('2024-01-02').replace('use: moving-average-crossover, parameters: { every: 5m }', 'file: ./thrower.ts'),
    );
    const ended = await quanthybrid(['backtest', file, '--json']);
    expect([ended.status, JSON.parse(ended.out)]).toMatchObject([1, { status: 'failed', error: { code: 'STRATEGY_FAILED' } }]);
    expect(ended.err).toMatch(/Thrower\.onStart failed at .*thrower\.ts:5:\d+: kaboom \[STRATEGY_FAILED\]/);
    expect(ended.err).toMatch(
      /The run stood at 2024-01-01T00:00:00\.000000Z, after 0 events; no result .*\n.*\n {2}2024-01-01T00:00:00\.000000Z so far\n/,
    );
  });

  it.each(['null', "Symbol('a')", '{ toString() { throw new Error(); } }'])(
    'a strategy that throws %s, which is no error, ends with status 1 and one object with STRATEGY_FAILED',
    async (thrown) => {
      write(
        'odd-thrower.ts',
        `import { Strategy } from 'quanthybrid';\nexport class Odd extends Strategy {\n  override onStart(): void {\n    throw ${thrown};\n  }\n}\n`,
      );
      const file = write(
        'odd-thrower.yaml',
        generated('2024-01-02').replace('use: moving-average-crossover, parameters: { every: 5m }', 'file: ./odd-thrower.ts'),
      );
      const ended = await quanthybrid(['backtest', file, '--json']);
      expect([ended.status, JSON.parse(ended.out)]).toMatchObject([1, { status: 'failed', error: { code: 'STRATEGY_FAILED' } }]);
      expect(ended.err).toContain('throw new Error(…) instead');
    },
  );

  it('a strategy that answers its own denials without end ends with status 1, the code and what to do', async () => {
    write(
      'endless.ts',
      "import { Strategy } from 'quanthybrid';\nexport class Endless extends Strategy {\n  override onStart(): void {\n    this.marketOrder(0, 'BUY', -1);\n  }\n  override onOrderEvent(event): void {\n    if (event.kind === 'OrderDenied') this.marketOrder(0, 'BUY', -1);\n  }\n}\n",
    );
    const file = write(
      'endless.yaml',
      generated('2024-01-02').replace('use: moving-average-crossover, parameters: { every: 5m }', 'file: ./endless.ts'),
    );
    const ended = await quanthybrid(['backtest', file]);
    expect(ended.status).toBe(1);
    expect(ended.err).toMatch(/without end\. Do not repeat in onOrderEvent .* \[STRATEGY_ENDLESS\]/);
    expect(ended.err).not.toContain('defect');
  });

  it('a strategy that asks for what cannot be ends with status 1, its place and what to do', async () => {
    write(
      'mistaken.ts',
      "import { Strategy } from 'quanthybrid';\nexport class Mistaken extends Strategy {\n  override onStart(): void {\n    this.cancelOrder(9);\n  }\n}\n",
    );
    const file = write(
      'mistaken.yaml',
      generated('2024-01-02').replace('use: moving-average-crossover, parameters: { every: 5m }', 'file: ./mistaken.ts'),
    );
    const ended = await quanthybrid(['backtest', file]);
    expect(ended.status).toBe(1);
    expect(ended.err).toMatch(/Mistaken\.onStart failed at .*mistaken\.ts:4:\d+: there is no order 9\. .* \[STRATEGY_MISTAKE\]/);
  });

  it('Ctrl-C ends cleanly with status 130 and says how far it got', async () => {
    const file = write('long.yaml', generated('2026-01-01'));
    const ended = await quanthybrid(['backtest', file, '--json'], 'events');
    expect(ended.status).toBe(130);
    const result = JSON.parse(ended.out) as RunResult;
    expect(result.status).toBe('stopped');
    expect(result.period.to < '2026-01-01').toBe(true);
    expect(result.events).toBeGreaterThan(0);
  });

  it.skipIf(isMissing)(
    `GOOG with SMA 10/30 comes to 51,959.95, and closed at the last open to 51,422.99 with the published statistics${SKIPPED}`,
    async () => {
      const file = write('goog.yaml', goog());
      const report = join(folder, 'report.html');
      const [open, closed] = await Promise.all([
        quanthybrid(['backtest', file, '--report', report]),
        quanthybrid(['backtest', file, '--json', '--set', 'atEnd=closeAtLastOpen']),
      ]);
      expect([open.status, open.out.includes('51,959.95 USD')]).toEqual([0, true]);
      expect(readFileSync(report, 'utf8')).toContain('<!DOCTYPE html>');
      const { accounts, statistics } = JSON.parse(closed.out) as RunResult;
      expect(accounts[0]!.equity).toBe('51422.99');
      const published = {
        sharpeRatio: 0.580623,
        sortinoRatio: 1.085343,
        exposure: 0.96741155,
        alpha: 3.94373911,
        beta: 0.038034,
        buyAndHoldReturn: 5.22060185,
        systemQualityNumber: 1.076619,
      };
      for (const [name, value] of Object.entries(published)) expect(statistics[name], name).toBeCloseTo(value, 6);
    },
  );

  it.skipIf(isMissing)(`GOOG with SMA 10/20 and 0.2 % fees comes to 56,263.51934 to the last digit${SKIPPED}`, async () => {
    const file = write('goog-fees.yaml', `${goog()}venues: [{ name: NASDAQ, fees: { kind: percentage, rate: 0.002 } }]\n`);
    const ended = await quanthybrid(['backtest', file, '--json', '--set', 'strategy.parameters.slow=20']);
    const result = JSON.parse(ended.out) as RunResult;
    expect(result.accounts[0]!.equity).toBe('56263.51934');
    expect(result.trades[0]).toMatchObject({ side: 'SELL', quantity: '59', entryPrice: '169.02', exitPrice: '179.13', pnl: '-637.5717' });
  });
});
