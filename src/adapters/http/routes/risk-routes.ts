import { auditAfter, auditFirst, command } from './acting.ts';
import { type ApiCall, type ApiParts, type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { limitScopeNamed, limitScopeText, scopeNamed } from '../present/names.ts';
import { denialInfo } from '../present/orders.ts';
import { alertInfo, riskState, scenarioTables, tradingState } from '../present/risk.ts';
import { HttpRefusal } from '../refusal.ts';
import {
  ActivateTrading,
  AlertPage,
  ChangeLimit,
  DenialPage,
  Kill,
  Release,
  RiskState,
  Scenarios,
  SetTradingState,
  TradingStateInfo,
} from '../../../contract/api/risk.ts';
import { API_PAGE_DEFAULT, exactly, PageQuery } from '../../../contract/api/scalars.ts';
import { type TradingScope, TradingState } from '../../../model/trading-state.ts';

/** True where the kill switch holds exactly this scope. */
function isKilled({ view }: ApiParts, scope: TradingScope): boolean {
  return view.tradingSwitches().some((each) => each.isKilled && JSON.stringify(each.scope) === JSON.stringify(scope));
}

function refuseHeld(parts: ApiParts, scope: TradingScope): void {
  if (isKilled(parts, scope)) throw new HttpRefusal('TRADING_STATE_HELD', 'The kill switch holds this scope; release it first.');
}

async function changeLimit(call: ApiCall<unknown, unknown, ChangeLimit>, parts: ApiParts, mayRaise: boolean): Promise<RiskState> {
  const { name, value, reason } = call.body;
  const scope = limitScopeNamed(parts.view, call.body.scope);
  const whose = limitScopeText(parts.view, scope);
  const before = parts.view.limits().find((limit) => limit.scope === whose && limit.name === name);
  await auditFirst(parts, call, {
    action: 'LIMIT_CHANGED',
    subject: `${name} of ${whose}`,
    before: before ?? null,
    after: { value, reason },
  });
  await command(parts, call, { kind: 'ChangeLimit', scope, name, value, mayRaise, reason });
  return riskState(parts.view);
}

export const RISK_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/risk',
    access: 'risk:read',
    cost: COST.read,
    summary: 'Trading state, limits with what stands against them, newest denials and alerts',
    answer: RiskState,
    handle: (_, { view }) => riskState(view),
  }),
  defineRoute({
    method: 'GET',
    path: '/risk/scenarios',
    access: 'risk:read',
    cost: COST.history,
    summary: 'What is held now under other prices: a stress table, and value at risk from the hours of the past',
    answer: Scenarios,
    handle: (_, { view }) => scenarioTables(view),
  }),
  defineRoute({
    method: 'GET',
    path: '/risk/denials',
    access: 'risk:read',
    cost: COST.history,
    summary: 'Orders that our risk refused, newest first, with limit and observed value',
    query: exactly(PageQuery),
    answer: DenialPage,
    handle: ({ query: { before, limit = API_PAGE_DEFAULT } }, { view }) => {
      const page = view.denials({ limit, ...(before === undefined ? {} : { before }) });
      return { items: page.items.map((denied) => denialInfo(view, denied)), before: page.before };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/risk/alerts',
    access: 'risk:read',
    cost: COST.history,
    summary: 'Alerts, newest first',
    query: exactly(PageQuery),
    answer: AlertPage,
    handle: ({ query: { before, limit = API_PAGE_DEFAULT } }, { view }) => {
      const page = view.alerts({ limit, ...(before === undefined ? {} : { before }) });
      return { items: page.items.map(alertInfo), before: page.before };
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/risk/limits',
    access: 'risk:change',
    cost: COST.change,
    summary: 'Set a limit where there is none, or tighten one; it counts from the next decision on and outlives a restart',
    body: ChangeLimit,
    answer: RiskState,
    onceBy: 'optional',
    handle: (call, parts) => changeLimit(call, parts, false),
  }),
  defineRoute({
    method: 'PUT',
    path: '/risk/limits/raise',
    access: 'risk:raise',
    cost: COST.change,
    summary: 'Change a limit so that more is permitted, or remove it',
    body: ChangeLimit,
    answer: RiskState,
    onceBy: 'optional',
    handle: (call, parts) => changeLimit(call, parts, true),
  }),
  defineRoute({
    method: 'GET',
    path: '/trading-state',
    access: 'risk:read',
    cost: COST.read,
    summary: 'Trading state of the firm, and every scope that does not trade freely',
    answer: TradingStateInfo,
    handle: (_, { view }) => tradingState(view),
  }),
  defineRoute({
    method: 'PUT',
    path: '/trading-state',
    access: 'kill:throw',
    cost: COST.change,
    summary: 'Reduce or halt trading of a scope',
    body: SetTradingState,
    answer: TradingStateInfo,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const { state, reason } = call.body;
      const scope = scopeNamed(parts.view, call.body.scope);
      refuseHeld(parts, scope);
      await command(parts, call, { kind: 'SetTradingState', scope, state: TradingState[state], reason });
      await auditAfter(parts, call, { action: 'TRADING_STATE_CHANGED', subject: state, after: call.body });
      return tradingState(parts.view);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/trading-state/activate',
    access: 'kill:reset',
    cost: COST.change,
    summary: 'Let a scope trade freely again',
    body: ActivateTrading,
    answer: TradingStateInfo,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const scope = scopeNamed(parts.view, call.body.scope);
      refuseHeld(parts, scope);
      await auditFirst(parts, call, { action: 'TRADING_STATE_CHANGED', subject: 'ACTIVE', after: call.body });
      await command(parts, call, { kind: 'SetTradingState', scope, state: TradingState.ACTIVE, reason: call.body.reason });
      return tradingState(parts.view);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/kill-switch',
    access: 'kill:throw',
    cost: COST.read,
    summary: 'Throw the kill switch of a scope: open orders are canceled, none is placed; `flatten` closes positions',
    body: Kill,
    answer: TradingStateInfo,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const { flatten, reason } = call.body;
      await command(parts, call, { kind: 'Kill', scope: scopeNamed(parts.view, call.body.scope), flatten, reason });
      await auditAfter(parts, call, { action: 'KILL_SWITCH_THROWN', subject: call.body.scope.kind, after: call.body });
      return tradingState(parts.view);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/kill-switch/release',
    access: 'kill:reset',
    cost: COST.change,
    summary: 'Release the kill switch of a scope',
    body: Release,
    answer: TradingStateInfo,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const scope = scopeNamed(parts.view, call.body.scope);
      await auditFirst(parts, call, { action: 'KILL_SWITCH_RESET', subject: scope.kind, after: call.body });
      await command(parts, call, { kind: 'Release', scope, reason: call.body.reason });
      return tradingState(parts.view);
    },
  }),
];
