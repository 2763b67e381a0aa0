import type { Clock } from '../../ports/clock.ts';
import type { SessionView } from '../../ports/session-view.ts';
import type { Session } from '../../runtime/session/session.ts';

/** What becomes of working orders when a session is stopped. */
export const STOP_POLICIES = ['keep', 'cancel'] as const;
export type StopPolicy = (typeof STOP_POLICIES)[number];

/** How long the end of a session waits for its venue to confirm cancels, microseconds: what is not confirmed by then shows after the next start. */
export const CANCEL_WAIT_US_MAX = 5_000_000;
/** Who asked for what the program does by itself. */
const SYSTEM = 'system';

interface Stopping {
  readonly session: Pick<Session, 'command'>;
  readonly view: Pick<SessionView, 'openOrders' | 'listen'>;
  readonly clock: Clock;
}

/**
 * Does with working orders what the policy says. The cancel is an input like any: it stands in the journal, and a replay cancels the same orders.
 *
 * @returns what was done, for people
 */
export async function settleOrders(policy: StopPolicy, stopping: Stopping): Promise<string> {
  const working = stopping.view.openOrders().map(({ clientOrderId }) => clientOrderId);
  if (working.length === 0) return 'No orders were working.';
  if (policy === 'keep') return `${counted(working.length)} left working, and will be there when the session goes on.`;
  const answer = await stopping.session.command(SYSTEM, { kind: 'CancelAll', strategy: null, instrument: null });
  if (!answer.isDone) return `${counted(working.length)} left working: ${answer.reason}`;
  await confirmed(new Set(working), stopping);
  const still = stopping.view.openOrders().length;
  const outcome = still === 0 ? 'none is working.' : `${counted(still)} still working, not confirmed yet or placed since.`;
  return `Asked the venue to cancel ${working.length === 1 ? 'one order' : `${working.length} orders`}: ${outcome}`;
}

function counted(orders: number): string {
  return orders === 1 ? 'One order is' : `${orders} orders are`;
}

/** Resolves when none of the orders works any more, and after {@link CANCEL_WAIT_US_MAX} in any case. */
function confirmed(orders: ReadonlySet<number>, { view, clock }: Stopping): Promise<void> {
  const areGone = (): boolean => view.openOrders().every(({ clientOrderId }) => !orders.has(clientOrderId));
  if (areGone()) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      unlisten();
      call.cancel();
      resolve();
    };
    const unlisten = view.listen({
      onOutput: () => {
        if (areGone()) end();
      },
      onMarket: () => {},
      onPhase: () => {},
    });
    const call = clock.callAt(clock.now() + CANCEL_WAIT_US_MAX, end);
  });
}
