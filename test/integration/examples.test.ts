import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedDataFolder } from '../../reference/shared-data.ts';
import { resolveRun } from '../../src/app/backtest/resolve-run.ts';
import { runBacktest } from '../../src/app/backtest/run-backtest.ts';
import { readRunFile } from '../../src/app/run-file/read-run-file.ts';
import { loadStrategyFile } from '../../src/app/strategies/load-strategy-file.ts';
import type { RunResult } from '../../src/contract/run-result.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const EXAMPLES = path.join(ROOT, 'examples');
const RECORDING = path.join(sharedDataFolder(), 'l2-binance-raw/usdm_btcusdt_20240808.gz');
const MINUTES_MS = 180_000;

async function resultOf(file: string, overrides: readonly string[] = []): Promise<RunResult> {
  const { result } = await runBacktest(await resolveRun(readRunFile(file, overrides), loadStrategyFile));
  return result;
}

describe('the examples', () => {
  it.each(readdirSync(EXAMPLES).filter((name) => existsSync(path.join(EXAMPLES, name, 'run.yaml'))))(
    '%s runs from its folder alone, trades, and says in its first line how',
    async (name) => {
      const file = path.join(EXAMPLES, name, 'run.yaml');
      const result = await resultOf(file);
      expect([result.status, result.orderCounts.denied, result.notes.denials]).toEqual(['completed', 0, []]);
      expect(result.fills.length).toBeGreaterThan(4);
      const [first] = readFileSync(file, 'utf8').split('\n');
      expect(first).toMatch(name === 'start' ? /npx quanthybrid demo/ : new RegExp(`quanthybrid backtest examples/${name}/run.yaml`));
    },
    MINUTES_MS,
  );

  it('book-maker quotes both sides at the best prices, rests in the queue, and holds no more than it may', async () => {
    const { fills } = await resultOf(path.join(EXAMPLES, 'book-maker/run.yaml'));
    const count = (side: string): number => fills.filter((fill) => fill.side === side).length;
    expect(Math.min(count('BUY'), count('SELL'))).toBeGreaterThan(50);
    let held = 0;
    for (const { side, quantity, liquidity } of fills) {
      held += (side === 'BUY' ? 1 : -1) * Number(quantity);
      expect(liquidity).toBe('MAKER');
      expect(Math.abs(held)).toBeLessThan(5.005);
    }
  });

  it.skipIf(!existsSync(RECORDING))(
    'book-maker trades on a recording of Binance USD-M with the file beside it',
    async () => {
      const overrides = [0, 1].map((index) => `data.${index}.recording.file=${RECORDING}`);
      const result = await resultOf(path.join(EXAMPLES, 'book-maker/binance-usdm.yaml'), overrides);
      expect([result.status, result.orderCounts.denied]).toEqual(['completed', 0]);
      expect(new Set(result.fills.map(({ side, liquidity }) => `${side} ${liquidity}`))).toEqual(new Set(['BUY MAKER', 'SELL MAKER']));
    },
    MINUTES_MS,
  );
});
