import { isDeepStrictEqual } from 'node:util';
import { serialize } from 'node:v8';
import { type FuzzRun, type FuzzTarget, must, verdictOf } from '../target.ts';
import { mutatedBytes, pick } from '../mutate.ts';
import { mutatedData } from '../mutate-json.ts';
import type { Random } from '../../../src/base/random.ts';
import { planOfRecord } from '../../../src/app/session/session-folder.ts';
import { Engine } from '../../../src/core/engine.ts';
import { quotesOf, scripted } from '../../../src/runtime/backtest.fixture.ts';
import { decodeInput, encodeInput, encodePlan, RecordKind } from '../../../src/runtime/session/input-codec.ts';
import { loopSpecOf } from '../../../src/runtime/session/session-plan.ts';
import { planOf } from '../../../src/runtime/session/session-plan.fixture.ts';
import { SessionCore } from '../../../src/runtime/session/session-core.ts';
import type { SessionCommand, SessionInput } from '../../../src/model/session-input.ts';

const PARTS = {
  calendarOf: () => {
    throw new Error('no calendars here');
  },
  classOf: () => scripted({}),
};
const ORDER = {
  instrument: 0,
  side: 'BUY',
  orderType: 'LIMIT',
  quantity: '10',
  limitPrice: '99.00',
  timeInForce: 'GTC',
  postOnly: false,
  tag: 'a',
} as const;
const COMMANDS: readonly SessionCommand[] = [
  { kind: 'PlaceOrder', order: ORDER },
  { kind: 'PlaceOrder', order: { ...ORDER, orderType: 'STOP_LIMIT', stopPrice: '101' } },
  { kind: 'CancelOrder', clientOrderId: 1 },
  { kind: 'ModifyOrder', clientOrderId: 1, quantity: '20', limitPrice: '99.50' },
  { kind: 'CancelAll', strategy: null, instrument: 0 },
  { kind: 'StopStrategy', strategy: 0, openOrders: 'cancel', reason: 'x' },
  { kind: 'StartStrategy', strategy: 0, parameters: { a: 1 } },
  { kind: 'SetTradingState', scope: { kind: 'FIRM' }, state: 2, reason: '' },
  { kind: 'Kill', scope: { kind: 'INSTRUMENT', instrument: 0 }, flatten: true, reason: '' },
  { kind: 'Release', scope: { kind: 'ACCOUNT', venue: 'XNYS' }, reason: '' },
  { kind: 'FlattenPosition', strategy: 0, instrument: 0, tag: 'x' },
  { kind: 'ChangeLimit', scope: { kind: 'FIRM' }, name: 'maxOpenOrders', value: '3', mayRaise: false, reason: '' },
];
const OTHERS: readonly SessionInput[] = [
  { kind: 'GAP', ts: 2_000, tsFrom: 1_000, tsTo: 1_500, instruments: [0, 1], reason: 'FEED_STALE' },
  { kind: 'ACCOUNT', ts: 2_000, event: { kind: 'DividendPaid', instrument: 0, amountPerUnit: 5n, tsEvent: 2_000, tsInit: 2_000 } },
  { kind: 'PHASE', ts: 2_000, instrument: 0, phase: 3, reason: 'halt' },
];

function recordFrom(random: Random): { readonly kind: number; readonly payload: Uint8Array } {
  const block = quotesOf([
    [1_000, 9_990, 10_010],
    [2_000, 9_991, 10_011],
  ]).next()!;
  const inputs: readonly SessionInput[] = [
    { kind: 'ROWS', ts: 2_000, block },
    { kind: 'GAP', ts: 2_000, tsFrom: 1_000, tsTo: 2_000, instruments: null, reason: 'DOWN' },
    ...OTHERS,
    ...COMMANDS.map((command): SessionInput => ({ kind: 'COMMAND', ts: 2_000, actor: 'ann', command })),
  ];
  const input = pick(random, inputs);
  const { kind, payload } = encodeInput(input);
  if (input.kind === 'COMMAND' && random.nextBelow(2) === 0) {
    return { kind, payload: serialize(mutatedData(random, { actor: input.actor, command: input.command })) };
  }
  if (random.nextBelow(2) === 0 && OTHERS.includes(input)) {
    const { kind: _, ts: __, ...fields } = input;
    return { kind, payload: serialize(mutatedData(random, fields)) };
  }
  return { kind: random.nextBelow(20) === 0 ? random.nextBelow(256) : kind, payload: mutatedBytes(random, payload) };
}

const record: FuzzTarget = {
  name: 'session-record',
  entries: ['src/runtime/session/input-codec.ts#decodeInput'],
  inputs: 'records of a session: rows, commands, gaps',
  oracle: 'what is taken is written as it was read',
  open: () => ({
    generate: recordFrom,
    feed: (input) => {
      const { kind, payload } = input as { readonly kind: number; readonly payload: Uint8Array };
      return verdictOf(() => {
        const read = decodeInput({ kind, ts: 5_000, payload });
        if (kind === RecordKind.ROWS)
          must(Buffer.compare(encodeInput(read).payload.subarray(16), payload.subarray(16)) === 0, 'rows are kept to the bit');
        else
          must(
            encodeInput(decodeInput({ ...encodeInput(read), ts: 5_000 })).payload.length === encodeInput(read).payload.length,
            'the same again',
          );
      });
    },
  }),
};

const plan: FuzzTarget = {
  name: 'session-plan',
  entries: ['src/runtime/session/input-codec.ts#decodePlan'],
  inputs: 'the first record of a session',
  oracle: 'a plan of this version, or a refusal',
  open: () => {
    const whole = encodePlan(planOf());
    return {
      generate: (random) => (random.nextBelow(2) === 0 ? mutatedBytes(random, whole) : serialize(mutatedData(random, planOf()))),
      feed: (input) =>
        verdictOf(() => {
          must(
            planOfRecord([{ sequence: 1, kind: RecordKind.SESSION, ts: 0, payload: input as Uint8Array }], 'fuzz').version === 1,
            'its version',
          );
        }),
    };
  },
};

/** Commands whose values are anything that passes the shape of a command: what the API and the journal let through. */
const command: FuzzTarget = {
  name: 'session-command',
  entries: ['src/runtime/session/session-core.ts#SessionCore'],
  inputs: 'commands of the right shape with wrong values: orders, instruments, strategies, numbers as text',
  oracle: 'an answer, and nothing thrown; a refused command sends no order; accounts add up',
  open: (): FuzzRun => {
    let core = new SessionCore(planOf(), PARTS);
    let taken = 0;
    const restart = (): void => {
      core = new SessionCore(planOf(), PARTS);
      taken = 0;
      core.take(core.sequence + 1, { kind: 'ROWS', ts: 1_000, block: quotesOf([[1_000, 9_990, 10_010]]).next()! });
    };
    restart();
    return {
      generate: (random) => mutatedData(random, { actor: 'ann', command: pick(random, COMMANDS) }),
      feed: (input) =>
        verdictOf(() => {
          if (taken > 500) restart();
          const decoded = decodeInput({ kind: RecordKind.COMMAND, ts: 2_000, payload: serialize(input) });
          taken += 1;
          const orders = core.loop.engine.orders.table.length;
          try {
            const { answer, output } = core.take(core.sequence + 1, decoded);
            must(answer !== null, 'a command is answered');
            if (!answer.isDone && answer.code !== 'STRATEGY_STOPPED')
              must(
                !output.records.some(({ kind }) => kind === 'OrderFilled') && core.loop.engine.orders.table.length <= orders + 1,
                'nothing is sent',
              );
          } catch (error) {
            restart();
            throw error;
          }
        }),
    };
  },
};

const state: FuzzTarget = {
  name: 'engine-state',
  entries: [
    'src/core/engine-state.ts#loadEngine',
    'src/core/market-data/bar-builder.ts#loadBarBuilder',
    'src/core/strategy/strategy-state.ts#loadStrategy',
  ],
  inputs: 'saved states of an engine with another version, or of an engine that was made otherwise',
  oracle: 'refused, and the engine is what it was',
  open: (): FuzzRun => {
    const spec = { ...loopSpecOf(planOf(), PARTS).engine, estimateFee: () => 0n };
    const engine = new Engine(spec);
    const saved = engine.saveState();
    const before = structuredClone(saved);
    return {
      generate: (random) => mutatedData(random, { version: saved.version, make: saved.make }),
      feed: (input) => {
        const head = typeof input === 'object' && input !== null ? input : {};
        const verdict = verdictOf(() => engine.loadState({ ...saved, ...head } as typeof saved));
        must(isDeepStrictEqual(engine.saveState(), before), 'the engine is what it was');
        return verdict;
      },
    };
  },
};

export const SESSION_TARGETS: readonly FuzzTarget[] = [record, plan, command, state];
