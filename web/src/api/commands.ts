import type { ModifyOrder, Order, PlaceOrder } from '../../../src/contract/api/orders.ts';
import type { Position } from '../../../src/contract/api/portfolio.ts';
import type { ChangeLimit, RiskState, Scope } from '../../../src/contract/api/risk.ts';
import type { ParameterValue } from '../../../src/model/parameters.ts';
import { decimalText } from '../numbers/decimal-text.ts';
import { beginNotice, endNotice } from '../state/notices.ts';
import { type Answer, call, randomKey, type Refusal } from './http.ts';
import { PATHS } from './paths.ts';

/*
 * What a person asks for. Each shows as pending until it is answered, and says why when it is refused. Answers come when the engine has decided.
 */

export const FIRM = { kind: 'FIRM' } as const;
const NO_REASON = 'by hand, dashboard';

async function noticed<T>(title: string, done: string, ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const id = beginNotice(title);
  const answer = await ask();
  if (answer.ok) endNotice(id, 'done', done);
  else endNotice(id, 'refused', `${answer.code}: ${answer.message}`);
  return answer;
}

function post<T>(path: string, body: unknown): Promise<Answer<T>> {
  return call<T>(path, { method: 'POST', body, idempotencyKey: randomKey() });
}

export function orderWords({ side, orderType, quantity, instrument, limitPrice, stopPrice }: PlaceOrder): string {
  const at = limitPrice === undefined ? '' : ` at ${decimalText(limitPrice)}`;
  const stop = stopPrice === undefined ? '' : ` stop ${decimalText(stopPrice)}`;
  return `${side} ${decimalText(quantity)} ${instrument} ${orderType.replace('_', ' ').toLowerCase()}${at}${stop}`;
}

function refusalWords({ code, message, details }: Refusal): string {
  return `${'denial' in details ? 'Denied by risk, ' : ''}${code}: ${message}`;
}

/** The answer is the order as the engine took it; a denial by risk is a refusal. */
export async function placeOrder(order: PlaceOrder): Promise<Answer<Order>> {
  const id = beginNotice(orderWords(order));
  const answer = await post<Order>(PATHS.orders, order);
  if (answer.ok) endNotice(id, 'done', `${answer.value.clientOrderId} ${answer.value.status.toLowerCase()}`);
  else endNotice(id, 'refused', refusalWords(answer));
  return answer;
}

export function cancelOrder({ clientOrderId, side, instrument }: Order): Promise<Answer<unknown>> {
  return noticed(`Cancel ${clientOrderId}, ${side} ${instrument}`, 'The venue was asked to cancel.', () =>
    call(PATHS.order(clientOrderId), { method: 'DELETE', idempotencyKey: randomKey() }),
  );
}

export function cancelAll(): Promise<Answer<unknown>> {
  return noticed('Cancel all working orders', 'The venue was asked to cancel them.', () => post(PATHS.cancelAll, {}));
}

export function modifyOrder({ clientOrderId, instrument }: Order, changes: ModifyOrder): Promise<Answer<unknown>> {
  return noticed(`Modify ${clientOrderId}, ${instrument}`, 'The venue was asked to modify.', () =>
    call(PATHS.order(clientOrderId), { method: 'PATCH', body: changes, idempotencyKey: randomKey() }),
  );
}

/** Closes what one strategy holds in one instrument: by an order of its own, which can only reduce. Its other positions and orders stay. */
export async function flatten({ instrument, strategy }: Position): Promise<Answer<Order>> {
  const id = beginNotice(`Flatten ${instrument} of ${strategy}`);
  const answer = await post<Order>(PATHS.flatten(instrument), { strategy });
  if (answer.ok) endNotice(id, 'done', `${answer.value.clientOrderId} ${answer.value.status.toLowerCase()}`);
  else endNotice(id, 'refused', refusalWords(answer));
  return answer;
}

export function stopStrategy(strategy: string, openOrders: 'cancel' | 'keep', reason: string): Promise<Answer<unknown>> {
  return noticed(`Stop ${strategy}`, 'It has stopped.', () =>
    post(PATHS.strategyStop(strategy), { openOrders, reason: reason || NO_REASON }),
  );
}

export function startStrategy(strategy: string): Promise<Answer<unknown>> {
  return noticed(`Start ${strategy}`, 'It runs.', () => post(PATHS.strategyStart(strategy), {}));
}

export function changeParameters(strategy: string, parameters: Readonly<Record<string, ParameterValue>>): Promise<Answer<unknown>> {
  return noticed(`Change ${Object.keys(parameters).join(', ')} of ${strategy}`, 'The new parameters are in force.', () =>
    call(PATHS.strategyParameters(strategy), { method: 'PUT', body: { parameters }, idempotencyKey: randomKey() }),
  );
}

export function killTrading(withFlatten: boolean, reason: string): Promise<Answer<unknown>> {
  return noticed('Kill switch', 'Trading is halted.', () =>
    post(PATHS.kill, { scope: FIRM, flatten: withFlatten, reason: reason || NO_REASON }),
  );
}

/** Asks for the proof first, since a release is one of the acts that need one afresh. */
export async function releaseTrading(scope: Scope, proof: string, reason: string): Promise<Answer<unknown>> {
  const proven = await post(PATHS.stepUp, { act: 'kill:reset', proof });
  if (!proven.ok) return proven;
  return noticed('Release the kill switch', 'Trading is permitted again.', () =>
    post(PATHS.release, { scope, reason: reason || NO_REASON }),
  );
}

/** Tightens without more; asks for the proof first where more is to be permitted, since that is one of the acts that need one afresh. */
export async function changeLimit(change: ChangeLimit, proof: string): Promise<Answer<RiskState>> {
  if (proof !== '') {
    const proven = await post(PATHS.stepUp, { act: 'risk:raise', proof });
    if (!proven.ok) return proven as Answer<RiskState>;
  }
  const body = { ...change, reason: change.reason || NO_REASON };
  return noticed(`Change ${change.name}`, change.value === null ? 'There is no such limit any more.' : `It is ${change.value} now.`, () =>
    call<RiskState>(proof === '' ? PATHS.limits : PATHS.limitsRaise, { method: 'PUT', body, idempotencyKey: randomKey() }),
  );
}

export function reduceOnlyTrading(reason: string): Promise<Answer<unknown>> {
  return noticed('Reduce only', 'Only orders that reduce a position are permitted.', () =>
    call(PATHS.tradingState, {
      method: 'PUT',
      body: { scope: FIRM, state: 'REDUCING', reason: reason || NO_REASON },
      idempotencyKey: randomKey(),
    }),
  );
}

export async function activateTrading(scope: Scope, proof: string, reason: string): Promise<Answer<unknown>> {
  const proven = await post(PATHS.stepUp, { act: 'kill:reset', proof });
  if (!proven.ok) return proven;
  return noticed('Trade freely', 'Trading is active.', () => post(PATHS.activate, { scope, reason: reason || NO_REASON }));
}
