import { Type } from '@sinclair/typebox';
import { type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { instrumentNamed } from '../present/names.ts';
import { accountSummary, balancesOf, equityCurveOf, instrumentPosition, metricsOf, positionOf } from '../present/portfolio.ts';
import {
  BalanceList,
  EquityCurves,
  InstrumentPosition,
  MetricsList,
  PortfolioSummary,
  PositionList,
} from '../../../contract/api/portfolio.ts';
import { exactly, InstrumentName, oneOf } from '../../../contract/api/scalars.ts';

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
