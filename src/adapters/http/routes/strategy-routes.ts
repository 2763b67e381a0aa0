import { auditAfter, auditFirst, command } from './acting.ts';
import { type ApiParts, type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { strategyNamed } from '../present/names.ts';
import { strategyInfo } from '../present/risk.ts';
import { HttpRefusal } from '../refusal.ts';
import { exactly, StrategyName } from '../../../contract/api/scalars.ts';
import { ChangeParameters, StartStrategy, StopStrategy, StrategyInfo, StrategyList } from '../../../contract/api/strategies.ts';
import { type ParameterValue, resolveParameters } from '../../../model/parameters.ts';
import type { StrategyView } from '../../../ports/session-view.ts';

const params = exactly({ strategy: StrategyName });

/** @throws HttpRefusal where nobody may start or stop it */
function controlled({ view }: ApiParts, name: string): StrategyView {
  const strategy = strategyNamed(view, name);
  if (strategy.isManual)
    throw new HttpRefusal('STRATEGY_MANUAL', 'Orders by hand belong to this strategy; it is neither started nor stopped.');
  return strategy;
}

/** Judged before anything is stopped for their sake. */
function checkParameters({ descriptors, state }: StrategyView, given: Readonly<Record<string, ParameterValue>>): void {
  const { refusals } = resolveParameters(descriptors, { ...state.parameters, ...given });
  if (refusals.length > 0) throw new HttpRefusal('PARAMETER_INVALID', refusals.map(({ message }) => message).join('; '));
}

export const STRATEGY_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/strategies',
    access: 'runs:read',
    cost: COST.read,
    summary: 'Strategies with status, parameters and their descriptors',
    answer: StrategyList,
    handle: (_, { view }) => ({ items: view.strategies().map((strategy) => strategyInfo(view, strategy)) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/strategies/:strategy',
    access: 'runs:read',
    cost: COST.read,
    summary: 'One strategy',
    params,
    answer: StrategyInfo,
    handle: (call, { view }) => strategyInfo(view, strategyNamed(view, call.params.strategy)),
  }),
  defineRoute({
    method: 'POST',
    path: '/strategies/:strategy/start',
    access: 'strategies:control',
    cost: COST.change,
    summary: 'Start a strategy that stands still, with other parameters if any are given',
    params,
    body: StartStrategy,
    answer: StrategyInfo,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const strategy = controlled(parts, call.params.strategy);
      const { parameters = {} } = call.body;
      checkParameters(strategy, parameters);
      const before = strategy.state.parameters;
      await auditFirst(parts, call, { action: 'STRATEGY_STARTED', subject: strategy.name, before, after: parameters });
      await command(parts, call, { kind: 'StartStrategy', strategy: strategy.index, parameters });
      return strategyInfo(parts.view, strategyNamed(parts.view, strategy.name));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/strategies/:strategy/stop',
    access: 'strategies:control',
    cost: COST.change,
    summary: 'Let a strategy stand still; its open orders are canceled or kept',
    params,
    body: StopStrategy,
    answer: StrategyInfo,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const strategy = controlled(parts, call.params.strategy);
      await command(parts, call, { kind: 'StopStrategy', strategy: strategy.index, ...call.body });
      await auditAfter(parts, call, { action: 'STRATEGY_STOPPED', subject: strategy.name, after: call.body });
      return strategyInfo(parts.view, strategyNamed(parts.view, strategy.name));
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/strategies/:strategy/parameters',
    access: 'strategies:control',
    cost: COST.change,
    summary: 'Change parameters: a strategy that runs is stopped and started with them, its orders kept',
    params,
    body: ChangeParameters,
    answer: StrategyInfo,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const strategy = controlled(parts, call.params.strategy);
      const { index, name, state } = strategy;
      const { parameters } = call.body;
      checkParameters(strategy, parameters);
      await auditFirst(parts, call, { action: 'STRATEGY_CHANGED', subject: name, before: state.parameters, after: parameters });
      const reason = 'parameters change';
      if (state.status === 'RUNNING') await command(parts, call, { kind: 'StopStrategy', strategy: index, openOrders: 'keep', reason });
      await command(parts, call, { kind: 'StartStrategy', strategy: index, parameters });
      return strategyInfo(parts.view, strategyNamed(parts.view, name));
    },
  }),
];
