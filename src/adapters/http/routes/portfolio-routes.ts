import { Type } from '@sinclair/typebox';
import { auditAfter, command, orderAfter } from './acting.ts';
import { type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { instrumentNamed, strategyNamed } from '../present/names.ts';
import { accountSummary, balancesOf, equityCurveOf, instrumentPosition, metricsOf, positionOf } from '../present/portfolio.ts';
import { Order } from '../../../contract/api/orders.ts';
import {
  BalanceList,
  EquityCurves,
  FlattenPosition,
  InstrumentPosition,
  MetricsList,
  PortfolioSummary,
  PositionList,
} from '../../../contract/api/portfolio.ts';
import { exactly, InstrumentName, oneOf } from '../../../contract/api/scalars.ts';

/** What orders by this route say of themselves. */
const FLATTEN_TAG = 'flatten by hand';

export const PORTFOLIO_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/positions',
    access: 'account:read',
    cost: COST.read,
    summary: 'Positions by strategy, instrument and side; `show=all` adds those that are flat now',
    query: exactly({ show: Type.Optional(oneOf(['open', 'all'])) }),
    answer: PositionList,
    handle: ({ query }, { view }) => {
      const positions = view.positions().filter(({ snapshot }) => query.show === 'all' || snapshot.quantity !== 0);
      return { items: positions.map((position) => positionOf(view, position)) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/positions/:instrument',
    access: 'account:read',
    cost: COST.read,
    summary: 'Everything held in one instrument, and whose it is',
    params: exactly({ instrument: InstrumentName }),
    answer: InstrumentPosition,
    handle: (call, { view }) => instrumentPosition(view, instrumentNamed(view, call.params.instrument)),
  }),
  defineRoute({
    method: 'POST',
    path: '/positions/:instrument/flatten',
    access: 'orders:place',
    cost: COST.order,
    summary: 'Close what one strategy holds in an instrument, by a market order that can only reduce and passes every risk control',
    params: exactly({ instrument: InstrumentName }),
    body: FlattenPosition,
    answer: Order,
    status: 201,
    onceBy: 'optional',
    handle: async (call, parts) => {
      const instrument = instrumentNamed(parts.view, call.params.instrument);
      const strategy = strategyNamed(parts.view, call.body.strategy);
      const id = await command(parts, call, {
        kind: 'FlattenPosition',
        strategy: strategy.index,
        instrument: instrument.index,
        tag: FLATTEN_TAG,
      });
      // It can only reduce: a log that cannot be written must not keep a position open.
      await auditAfter(parts, call, { action: 'POSITION_FLATTENED', subject: instrument.id, after: call.body });
      return orderAfter(parts, id!);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/balances',
    access: 'account:read',
    cost: COST.read,
    summary: 'Balances of every account, by currency',
    answer: BalanceList,
    handle: (_, { view }) => ({ items: balancesOf(view) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/portfolio',
    access: 'account:read',
    cost: COST.history,
    summary: 'What every account is worth, its profit, and its metrics',
    answer: PortfolioSummary,
    handle: (_, { view }) => {
      const accounts = view.accounts();
      return {
        ts: view.ts,
        accounts: accounts.map((account) => accountSummary(view, account)),
        metrics: accounts.map((account) => metricsOf(view, account)),
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/portfolio/metrics',
    access: 'account:read',
    cost: COST.history,
    summary: 'Sharpe ratio, drawdown, win rate, profit factor and more, by account',
    answer: MetricsList,
    handle: (_, { view }) => ({ items: view.accounts().map((account) => metricsOf(view, account)) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/portfolio/equity',
    access: 'account:read',
    cost: COST.history,
    summary: 'Equity curves, by account',
    answer: EquityCurves,
    handle: (_, { view }) => ({ items: view.accounts().map((account) => equityCurveOf(view, account)) }),
  }),
];
