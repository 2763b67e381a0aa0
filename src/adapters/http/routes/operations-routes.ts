import { Type } from '@sinclair/typebox';
import { type ApiParts, type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { logLine } from '../present/risk.ts';
import { reportPolicy } from '../report-policy.ts';
import { HttpRefusal } from '../refusal.ts';
import { AuditPage, Health, LogPage, RunInfo, RunPage } from '../../../contract/api/operations.ts';
import { API_NAME_MAX, API_PAGE_DEFAULT, exactly, PageQuery } from '../../../contract/api/scalars.ts';
import type { KeptRun } from '../../../ports/run-library.ts';

const params = exactly({ run: Type.String({ pattern: '^[A-Za-z0-9._-]{1,128}$', maxLength: API_NAME_MAX }) });

function runInfo({ sequence: _, figures, equity, ...rest }: KeptRun): RunInfo {
  const known = Object.entries(figures).map(([figure, value]) => [figure, Number.isFinite(value) ? value : null] as const);
  return { ...rest, equity: [...equity], figures: Object.fromEntries(known) };
}

async function runNamed({ runs }: ApiParts, run: string): Promise<KeptRun> {
  const found = await runs.run(run);
  if (found === null) throw new HttpRefusal('RUN_UNKNOWN', 'There is no such run.');
  return found;
}

/** Where the newest of a list of numbered things, all of them asked for, has more before it. */
function beforeOf(items: readonly { readonly sequence: number }[], limit: number): number | null {
  const last = items.at(-1);
  return last === undefined || items.length < limit || last.sequence <= 1 ? null : last.sequence;
}

export const OPERATIONS_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/log',
    access: 'runs:read',
    cost: COST.history,
    summary: 'Lines that strategies wrote, and gaps of market data, newest first',
    query: exactly(PageQuery),
    answer: LogPage,
    handle: ({ query: { before, limit = API_PAGE_DEFAULT } }, { view }) => {
      const page = view.log({ limit, ...(before === undefined ? {} : { before }) });
      return { items: page.items.map((line) => logLine(view, line)), before: page.before };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/audit',
    access: 'audit:read',
    cost: COST.history,
    summary: 'Who did what, newest first',
    query: exactly(PageQuery),
    answer: AuditPage,
    handle: async ({ query: { before = null, limit = API_PAGE_DEFAULT } }, { audit }) => {
      const items = await audit.page(before, limit);
      return { items: items.map((line) => ({ ...line })), before: beforeOf(items, limit) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs',
    access: 'runs:read',
    cost: COST.history,
    summary: 'Runs that were kept, newest first',
    query: exactly(PageQuery),
    answer: RunPage,
    handle: async ({ query: { before = null, limit = API_PAGE_DEFAULT } }, { runs }) => {
      const items = await runs.page(before, limit);
      return { items: items.map(runInfo), before: beforeOf(items, limit) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run',
    access: 'runs:read',
    cost: COST.read,
    summary: 'One run',
    params,
    answer: RunInfo,
    handle: async (call, parts) => runInfo(await runNamed(parts, call.params.run)),
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run/report',
    access: 'runs:read',
    cost: COST.history,
    summary: 'The report of a run: one page of HTML',
    params,
    answer: Type.String(),
    media: 'text/html; charset=utf-8',
    handle: async (call, { runs }) => {
      const report = await runs.report(call.params.run);
      if (report === null) throw new HttpRefusal('RUN_UNKNOWN', 'There is no such run, or it has no report.');
      call.reply.header('content-security-policy', reportPolicy(report));
      return report;
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/health',
    access: 'market:read',
    cost: COST.read,
    summary: 'The session, the age of market data, and every part of the program',
    answer: Health,
    handle: (_, parts) => healthOf(parts),
  }),
];

/** The worst of what is configured; a session that does not run is down. */
function healthOf({ view, health }: ApiParts): Health {
  const { name, mode, phase, sequence, ts } = view;
  const now = view.now();
  const components = health.components().map((component) => ({ ...component }));
  const isDown = phase === 'STOPPED' || phase === 'FAILED' || components.some(({ state }) => state === 'DOWN');
  const isDegraded = phase !== 'RUNNING' || components.some(({ state }) => state === 'DEGRADED');
  const marketData = view.instruments.map(({ id, index }) => {
    const seen = view.marketTs(index);
    return { instrument: id, ageUs: seen === null ? null : Math.max(0, now - seen) };
  });
  return {
    state: isDown ? 'DOWN' : isDegraded ? 'DEGRADED' : 'OK',
    session: { name, mode, phase, sequence, ts, now },
    marketData,
    components,
  };
}
