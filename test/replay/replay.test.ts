import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { digestOf } from './digest-program.fixture.ts';
import { runEngine } from '../properties/engine-side.fixture.ts';
import { drawScenario } from '../properties/scenario.fixture.ts';
import { drawStreams, makeBacktest, runToEnd, trader, watch } from '../simulation/world.fixture.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('INV-15 the same run', () => {
  it('gives the same digest twice, and another one with another seed', () => {
    for (const seed of SEEDS) expect(digestOf(seed)).toBe(digestOf(seed));
    expect(new Set(SEEDS.map(digestOf)).size).toBe(SEEDS.length);
  });

  it('gives the same digest in another process', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['scripts/run-ts.mjs', 'test/replay/digest-program.fixture.ts', '3'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe(digestOf(3));
  });

  it('gives the same digest with blocks of 1, 7, 64 and 8192 rows, and however few rows are stepped at a time', () => {
    for (const seed of SEEDS) {
      const streams = drawStreams(seed, 40);
      const digests = [1, 7, 64, 8192].flatMap((blockRows) =>
        [1, 3, 100, 100_000].map((stepRowsMax) =>
          runToEnd(makeBacktest({ streams, strategies: [trader(seed), trader(seed + 1)], blockRows, stepRowsMax }), stepRowsMax).digest(),
        ),
      );
      expect([seed, new Set(digests).size]).toEqual([seed, 1]);
    }
  });

  it('gives the same digest in generated markets with every rule, row by row or in one piece', () => {
    for (let seed = 500_000; seed < 500_300; seed += 1) {
      const scenario = drawScenario(seed);
      const whole = runEngine(scenario, { blockRows: 8192, stepRowsMax: 4096 }).digest;
      expect([seed, runEngine(scenario, { blockRows: 1, stepRowsMax: 1 }).digest]).toEqual([seed, whole]);
    }
  });

  it('does not depend on the order in which streams of different kinds are listed', () => {
    for (const seed of SEEDS) {
      const streams = drawStreams(seed, 40);
      const [a, trades, c, quotes] = streams as [(typeof streams)[0], (typeof streams)[0], (typeof streams)[0], (typeof streams)[0]];
      // Quotes before trades before bars at one instant, whatever the list; the two streams of bars keep theirs.
      const digests = [
        [a, trades, c, quotes],
        [quotes, trades, a, c],
        [a, c, trades, quotes],
        [trades, a, quotes, c],
      ].map((listed) => runToEnd(makeBacktest({ streams: listed, strategies: [trader(seed)] })).digest());
      expect([seed, new Set(digests).size]).toEqual([seed, 1]);
      const swapped = runToEnd(makeBacktest({ streams: [c, trades, a, quotes], strategies: [trader(seed)] })).digest();
      expect(swapped).not.toBe(digests[0]);
    }
  });

  it('asks nothing of the machine: with clock, chance, timers, network and process replaced by stubs that throw', () => {
    const expected = digestOf(2);
    const backtest = makeBacktest({ streams: drawStreams(2, 60), strategies: [trader(2), trader(3)], orderEntryUs: 5_000 });
    const names = [
      'Date',
      'performance',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'process',
      'fetch',
      'crypto',
      'Intl',
    ] as const;
    const thrower = (name: string): unknown =>
      new Proxy(function stub() {}, {
        get: () => {
          throw new Error(`${name} was read`);
        },
        apply: () => {
          throw new Error(`${name} was called`);
        },
        construct: () => {
          throw new Error(`${name} was made`);
        },
      });
    const world = globalThis as unknown as Record<string, unknown>;
    const kept = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
    const { random } = Math;
    let digest = '';
    try {
      for (const name of names) Object.defineProperty(world, name, { value: thrower(name), configurable: true, writable: true });
      Math.random = () => {
        throw new Error('Math.random was called');
      };
      digest = runToEnd(backtest).digest();
    } finally {
      Math.random = random;
      names.forEach((name, place) => {
        if (kept[place] === undefined) delete world[name];
        else Object.defineProperty(world, name, kept[place]);
      });
    }
    expect(digest).toBe(expected);
  });

  it('has every record in the order of time', () => {
    const stamps: number[] = [];
    const backtest = makeBacktest({ streams: drawStreams(7, 60), strategies: [trader(7)], orderEntryUs: 1_000, responseUs: 2_000 });
    watch(backtest, (record) => stamps.push(record.tsInit));
    runToEnd(backtest);
    expect(stamps.length).toBeGreaterThan(100);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
  });
});
