import { type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { Live, Ready } from '../../../contract/api/operations.ts';

/** For whoever watches the process: nothing but yes and no, for everybody. */
export const HEALTH_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/health/live',
    access: 'public',
    cost: COST.read,
    summary: 'The process answers',
    answer: Live,
    handle: () => ({ live: true }),
  }),
  defineRoute({
    method: 'GET',
    path: '/health/ready',
    access: 'public',
    cost: COST.read,
    summary: 'The session runs and nothing that it needs is down; else status 503',
    answer: Ready,
    handle: (call, { view, health }) => {
      const ready = view.phase === 'RUNNING' && health.components().every(({ state }) => state !== 'DOWN');
      if (!ready) call.reply.code(503);
      return { ready };
    },
  }),
];
