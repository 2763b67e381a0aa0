import { describe, expect, it } from 'vitest';
import { Ema } from '../../indicators/ema.ts';
import { Sma } from '../../indicators/sma.ts';
import { Strategy, type StrategySetup } from './strategy.ts';
import { isRefusal, loadStrategy, saveStrategy } from './strategy-state.ts';

const SETUP = { parameters: { fast: 3 }, instruments: [0], context: {} } as unknown as StrategySetup;

/** Through text and back into a fresh instance: what a restart does. */
function reborn<S extends Strategy>(strategyClass: new (setup: StrategySetup) => S, change: (strategy: S) => void): S {
  const former = new strategyClass(SETUP);
  change(former);
  const next = new strategyClass(SETUP);
  loadStrategy(next, JSON.parse(JSON.stringify(saveStrategy(former, strategyClass))));
  return next;
}

class Holder extends Strategy {
  value: unknown = 'as constructed';
}

describe('the state of a strategy', () => {
  it.each([
    ['numbers', 1.5],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['minus infinity', Number.NEGATIVE_INFINITY],
    ['minus zero', -0],
    ['texts', 'x'],
    ['booleans', false],
    ['null', null],
    ['undefined', undefined],
    ['big integers', -(2n ** 70n)],
    ['arrays', [1, [Number.NaN, 'a'], undefined, []]],
    ['objects', { a: { b: [Number.NaN, null] }, c: undefined, d: -0 }],
    ['objects that look like the marks of the format', { number: 'NaN', indicator: 1, plain: { bigint: '5' }, undefined: true }],
    ['a key named code', { code: 'STRATEGY_STATE_NOT_PLAIN' }],
  ])('survives text and back: %s', (_name, value) => {
    const next = reborn(Holder, (strategy) => {
      strategy.value = value;
    });
    expect(next.value).toStrictEqual(value);
    expect(Object.is(next.value, value) || typeof value === 'object').toBe(true);
  });

  it('is refused where a class declares #private fields, which nobody else can read, and saves nothing by itself', () => {
    class Hidden extends Strategy {
      #count = 0;
      counted(): number {
        this.#count += 1;
        return this.#count;
      }
    }
    class Bare extends Strategy {
      #held: number | undefined;
      hold(): number | undefined {
        this.#held = 1;
        return this.#held;
      }
    }
    class Below extends Hidden {
      value = 1;
    }
    for (const [strategyClass, path] of [
      [Hidden, '#count'],
      [Bare, '#held'],
      [Below, '#count'],
    ] as const) {
      const saved = saveStrategy(new strategyClass(SETUP), strategyClass);
      expect(saved).toEqual({ code: 'STRATEGY_STATE_NOT_PLAIN', path });
      expect(isRefusal(saved)).toBe(true);
    }
  });

  it('may be kept in #private fields by a class that saves and loads it itself, and beside #private methods by any', () => {
    class Own extends Strategy {
      #count = 0;
      override saveState(): unknown {
        return this.#count;
      }
      override loadState(state: unknown): void {
        this.#count = state as number;
      }
      count(): number {
        this.#count += 1;
        return this.#count;
      }
    }
    expect(reborn(Own, (strategy) => strategy.count()).count()).toBe(2);
    class Method extends Strategy {
      value = 1;
      #double(): number {
        return this.value * 2;
      }
      get #half(): number {
        return this.value / 2;
      }
      change(): void {
        this.value = this.#double() + this.#half;
      }
    }
    expect(reborn(Method, (strategy) => strategy.change()).value).toBe(2.5);
  });

  it('leaves out what the framework brings', () => {
    expect(saveStrategy(new Holder(SETUP), Holder)).toEqual({ fields: { value: 'as constructed' } });
  });

  it('holds indicators, alone, in arrays and in objects, and they go on as if nothing had happened', () => {
    class Watcher extends Strategy {
      readonly one = new Sma(2);
      readonly many = [new Ema(3), new Ema(5)];
      readonly named = { slow: new Sma(4) };
    }
    const feed = (strategy: Watcher, values: readonly number[]): number[] =>
      values.flatMap((value) => [strategy.one, ...strategy.many, strategy.named.slow].map((indicator) => indicator.update(value)));
    const untouched = new Watcher(SETUP);
    feed(untouched, [1, 5, 2, 8]);
    const next = reborn(Watcher, (strategy) => feed(strategy, [1, 5, 2, 8]));
    expect(next.one).toBeInstanceOf(Sma);
    expect(feed(next, [4, 9, 3])).toEqual(feed(untouched, [4, 9, 3]));
  });

  it.each([
    ['a function', (): number => 1, 'value'],
    ['a date', new Date(0), 'value'],
    ['a map inside', { inside: [new Map()] }, 'value.inside[0]'],
    ['an instance of a class of its own', new (class Box {})(), 'value'],
    ['a typed array', new Float64Array(1), 'value'],
    ['a symbol', Symbol('x'), 'value'],
  ])('refuses %s, by the path of the field', (_name, value, path) => {
    const strategy = new Holder(SETUP);
    strategy.value = value;
    const saved = saveStrategy(strategy, Holder);
    expect(isRefusal(saved)).toBe(true);
    expect(saved).toEqual({ code: 'STRATEGY_STATE_NOT_PLAIN', path });
  });

  it('stops at a structure that holds itself', () => {
    const strategy = new Holder(SETUP);
    const loop: unknown[] = [];
    loop.push(loop);
    strategy.value = loop;
    expect(() => saveStrategy(strategy, Holder)).toThrow('nested deeper than 20');
  });

  it('is what saveState says where a strategy has one', () => {
    class Own extends Strategy {
      readonly box = new Map<string, number>();
      override saveState(): unknown {
        return [...this.box];
      }
      override loadState(state: unknown): void {
        for (const [key, value] of state as [string, number][]) this.box.set(key, value);
      }
    }
    expect([...reborn(Own, (strategy) => strategy.box.set('a', 1)).box]).toEqual([['a', 1]]);
  });
});
