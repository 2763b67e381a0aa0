import { expect } from 'vitest';
import { type Random, stream } from '../../base/random.ts';
import { type ExchangeOrderType, type NewExchangeOrder, TradingPhase } from './exchange-order.ts';
import { anyOperation, type KnownOrder, type Operation, operate, OWNERS, pick } from './exchange-operations.fixture.ts';
import { reportsOf, type State, stateOf, stateOfTwin } from './exchange-state.fixture.ts';
import { ExchangeTwin } from './exchange-twin.fixture.ts';
import { MatchingEngine } from './matching-engine.ts';

const ORDERS_MAX = 60;
/** States are compared after every so many operations; reports after each. */
const OPERATIONS_PER_STATE = 7;

/** Rows of numbers, of which NaN is the same as NaN. The test library, asked ten million times, takes minutes: it is asked where they differ. */
function areSame(some: readonly (readonly number[])[], others: readonly (readonly number[])[]): boolean {
  return (
    some.length === others.length &&
    some.every((row, at) => row.length === others[at]!.length && row.every((value, field) => Object.is(value + 0, others[at]![field]! + 0)))
  );
}

/** The engine and its twin, of which the same is asked. */
class Both {
  readonly engine: MatchingEngine;
  readonly twin: ExchangeTwin;
  trades = 0;
  lastId = 0;
  private readonly name: string;
  private count = 0;

  constructor(name: string, phase: TradingPhase) {
    this.name = name;
    this.engine = new MatchingEngine({ phase, ownersMax: OWNERS, ordersMax: ORDERS_MAX });
    this.twin = new ExchangeTwin({ phase, ownersMax: OWNERS, ordersMax: ORDERS_MAX });
  }

  get phase(): TradingPhase {
    return this.twin.phase;
  }

  get now(): number {
    return this.twin.now;
  }

  find(id: number): KnownOrder | undefined {
    const order = this.twin.orders.find((each) => each.id === id);
    if (order === undefined) return undefined;
    return { ...order, changeableStop: order.where === 'waiting' && order.orderType !== 5 ? order.stopPrice : 0 };
  }

  operate(operation: Operation): void {
    const answers = [operate(this.engine, operation), operate(this.twin, operation)];
    if (answers[0] !== answers[1]) expect(answers[0], this.place).toBe(answers[1]);
    if (operation.kind === 'submit') this.lastId = answers[0] as number;
    const reports = reportsOf(this.engine);
    if (!areSame(reports, this.twin.reports)) expect(reports, this.place).toEqual(this.twin.reports);
    this.trades += reports.filter(([kind]) => kind === 3).length;
    this.engine.reports.clear();
    this.twin.reports = [];
    if (this.count % OPERATIONS_PER_STATE === 0) this.compareStates();
    this.count += 1;
  }

  compareStates(): void {
    const state = stateOf(this.engine, OWNERS);
    const expected = stateOfTwin(this.twin);
    for (const part of Object.keys(expected) as (keyof State)[])
      if (!areSame(state[part], expected[part])) expect(state[part], `${part}, ${this.place}`).toEqual(expected[part]);
  }

  private get place(): string {
    return `${this.name}, operation ${this.count}`;
  }
}

/**
 * Plays operations of every kind, odd ones among them, to the engine and to its twin, and expects the same reports after each, and the same state
 * after every few: what rests, waits for a price or an auction, in which order, what owners hold. At the end everything that waits for a time or a
 * price is brought to it. @returns how many trades there were
 */
export function playBoth(seed: number, operations: number): number {
  const random = stream(seed, 'exchange');
  const spread = pick(random, [2, 5, 20, 200_000]);
  const both = new Both(`seed ${seed}`, pick(random, [2, 3, 3] as const));
  for (let at = 0; at < operations; at += 1) both.operate(anyOperation(random, spread, both));
  runOut(both, random);
  return both.trades;
}

/** Beyond every price that is drawn. */
const FAR = 300_000;
/** Later than every end that is drawn. */
const LATE = 4_000;

/** When an order ends is asked for nowhere, so the time is let come; then prices go as high and as low as anybody waits for. */
function runOut(both: Both, random: Random): void {
  const { twin } = both;
  while (twin.now < LATE) both.operate({ kind: 'time', ts: twin.now + 20 * (1 + (random.nextUint32() % 20)) });
  both.operate({ kind: 'band', low: -Infinity, high: Infinity });
  if (twin.phase === TradingPhase.CLOSING) both.operate({ kind: 'phase', phase: TradingPhase.CLOSED });
  if (twin.phase !== TradingPhase.CONTINUOUS) both.operate({ kind: 'phase', phase: TradingPhase.CONTINUOUS });
  for (const side of [1, -1] as const) {
    // Room for the two orders.
    for (const { id } of twin.orders.filter(({ where }) => where === 'book').slice(0, 2)) both.operate({ kind: 'cancel', id });
    both.operate({ kind: 'submit', order: plain(-side as 1 | -1, 2, side * FAR, 1) });
    const lots = twin.book(-side).reduce((sum, { leaves }) => sum + leaves, 0);
    if (lots > 0) both.operate({ kind: 'submit', order: plain(side, 1, 0, lots) });
  }
  both.compareStates();
}

function plain(side: 1 | -1, orderType: ExchangeOrderType, limitPrice: number, orderQty: number): NewExchangeOrder {
  return {
    ...{ side, orderType, limitPrice, orderQty, timeInForce: 2, stopPrice: 0, trailingType: 0, trailingOffset: 0, displayQty: 0 },
    ...{ expireTs: 0, owner: 0, selfTrade: 0, isPostOnly: false, isReduceOnly: false },
  };
}
