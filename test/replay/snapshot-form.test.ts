import v8 from 'node:v8';
import { describe, expect, it } from 'vitest';
import { ENGINE_STATE_VERSION, type EngineState } from '../../src/core/engine-state.ts';
import { Engine } from '../../src/core/engine.ts';
import type { EngineOptions } from '../../src/core/engine-options.ts';
import { Strategy, type StrategyClass } from '../../src/core/strategy/strategy.ts';
import { accountOf, instrumentOf, scripted } from '../../src/runtime/backtest.fixture.ts';
import { drawInputs } from './snapshot-market.fixture.ts';
import { Session } from './snapshot-session.fixture.ts';

function sessionAfter(seed: number, inputs: number): Session {
  const session = new Session(seed);
  session.start();
  for (const input of drawInputs(seed).slice(0, inputs)) session.take(input);
  return session;
}

/** Paths of all that is not plain data: numbers, texts, booleans, bigints, null, arrays, typed arrays and plain objects. */
function notPlain(value: unknown, path: string): string[] {
  if (value === null || ['number', 'string', 'boolean', 'bigint'].includes(typeof value)) return [];
  if (typeof value !== 'object') return [path];
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return [];
  if (Array.isArray(value)) return value.flatMap((part, at) => notPlain(part, `${path}[${at}]`));
  if (Object.getPrototypeOf(value) !== Object.prototype) return [path];
  return Object.entries(value).flatMap(([name, part]) => notPlain(part, `${path}.${name}`));
}

describe('a saved session', () => {
  it('is plain data, and the same after it was written and read', () => {
    for (const seed of [2, 5, 9]) {
      const state = sessionAfter(seed, 400).saveState();
      expect(notPlain(state, '')).toEqual([]);
      expect(v8.deserialize(v8.serialize(state))).toEqual(state);
      expect(structuredClone(state)).toEqual(state);
    }
  });

  it('is a copy: what is done after changes nothing in it, neither where it was saved nor where it was loaded', () => {
    for (const seed of [3, 4]) {
      const session = sessionAfter(seed, 300);
      const state = session.saveState();
      const before = v8.serialize(state);
      const other = new Session(seed);
      other.loadState(state);
      for (const input of drawInputs(seed).slice(300)) session.take(input);
      for (const input of drawInputs(seed).slice(300)) other.take(input);
      expect(v8.serialize(state).equals(before)).toBe(true);
      expect(other.outcome()).toEqual(session.outcome());
    }
  });
});

const OPTIONS: EngineOptions = {
  instruments: [instrumentOf()],
  calendars: [null],
  accounts: [accountOf()],
  conversions: [],
  series: [],
  hasTrades: () => true,
  hasQuotes: () => true,
  hasBookDeltas: () => false,
  strategies: [],
  limits: {},
  estimateFee: () => 0n,
  weightBufferPpb: [0],
  startTs: 0,
  tradingFromTs: 0,
  historyRows: 4,
};

const engineOf = (strategyClass: StrategyClass, change: Partial<EngineOptions> = {}): Engine =>
  new Engine({ ...OPTIONS, strategies: [{ name: 'first', strategyClass, parameters: {}, instruments: [0] }], ...change });

const stateOf = (change: Partial<EngineOptions> = {}): EngineState => engineOf(scripted({}), change).saveState();

describe('the state of an engine', () => {
  it('is refused in another version, with a sentence that says which can be loaded, and nothing is changed', () => {
    const engine = engineOf(scripted({}));
    const before = engine.saveState();
    const state = { ...stateOf({ startTs: 5 }), version: ENGINE_STATE_VERSION + 1 };
    expect(() => engine.loadState(state)).toThrow(
      expect.objectContaining({
        code: 'STATE_VERSION_UNKNOWN',
        message: `saved state of engine, version ${ENGINE_STATE_VERSION + 1}; can be loaded: ${ENGINE_STATE_VERSION}`,
      }),
    );
    expect(() => engine.loadState({} as EngineState)).toThrow('version undefined');
    expect(engine.saveState()).toEqual(before);
  });

  it('is refused by an engine of another make', () => {
    const other = instrumentOf({ id: 'OTHER.XNYS' });
    const refused = { code: 'STATE_OF_ANOTHER_MAKE', message: 'the saved engine has the instruments OTHER.XNYS; this one has ACME.XNYS' };
    expect(() => engineOf(scripted({})).loadState(stateOf({ instruments: [other] }))).toThrow(expect.objectContaining(refused));
    expect(() => engineOf(scripted({}), { accounts: [accountOf(), accountOf({ venue: 'XLON' })] }).loadState(stateOf())).toThrow(
      'the saved engine has the venues XNYS; this one has XNYS, XLON',
    );
    expect(() => engineOf(scripted({}), { strategies: [] }).loadState(stateOf())).toThrow('has the strategies first; this one has ');
  });

  it('is saved between steps only: while an order waits to be carried out, or a record to be taken, it stops', () => {
    const engine = engineOf(
      scripted({
        onStart: (s) => {
          s.log('here');
          s.marketOrder(0, 'BUY', 1);
        },
      }),
    );
    engine.start();
    expect(() => engine.saveState()).toThrow('between steps, with all effects carried out');
    engine.effects.beginStep();
    while (engine.effects.takeCommand() !== null);
    expect(() => engine.saveState()).toThrow('between steps, with all effects carried out');
    engine.effects.forgetRecords();
    expect(engine.saveState().version).toBe(ENGINE_STATE_VERSION);
  });

  it('names the field of a strategy that cannot be saved', () => {
    class Holder extends Strategy {
      readonly held = new Map<string, number>();
    }
    class Careless extends Strategy {
      override saveState(): unknown {
        return { kept: [1, new Map()] };
      }
      override loadState(): void {}
    }
    const refusal = (field: string): unknown =>
      expect.objectContaining({ code: 'STRATEGY_STATE_NOT_PLAIN', message: expect.stringContaining(`first: the field "${field}"`) });
    expect(() => engineOf(Holder as unknown as StrategyClass).saveState()).toThrow(refusal('held') as Error);
    expect(() => engineOf(Careless as unknown as StrategyClass).saveState()).toThrow(refusal('saveState().kept[1]') as Error);
  });

  it('holds nothing of what the constructors of strategies said when they were made again', () => {
    class Speaker extends Strategy {
      said = this.log('made');
    }
    const engine = engineOf(Speaker as unknown as StrategyClass);
    engine.effects.beginStep();
    engine.effects.forgetRecords();
    const other = engineOf(Speaker as unknown as StrategyClass);
    other.loadState(engine.saveState());
    expect(other.effects.records).toEqual([]);
    expect(other.effects.count).toBe(0);
  });
});
