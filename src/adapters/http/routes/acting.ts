import type { ApiCall, ApiParts } from '../api-route.ts';
import { denialOf, orderOf } from '../present/orders.ts';
import { HttpRefusal } from '../refusal.ts';
import type { Order } from '../../../contract/api/orders.ts';
import { CODES, type Code } from '../../../model/codes/catalogue.ts';
import { OrderStatus } from '../../../model/order-status.ts';
import type { SessionCommand } from '../../../model/session-input.ts';
import type { ApiAct, AuditNote } from '../../../ports/audit-trail.ts';
import { callerName } from '../../../ports/gatekeeper.ts';

type AnyCall = Pick<ApiCall<unknown, unknown, unknown>, 'caller' | 'address' | 'correlationId'>;

/** What is written down of an act. */
export interface Act {
  readonly action: ApiAct;
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: object;
}

/** One line; it names the request, whose answer and whose complaints in the program's log have the same correlation id. */
function noteOf({ caller, address, correlationId }: AnyCall, { after, ...act }: Act): AuditNote {
  return { actor: callerName(caller!), address, ...act, after: { correlationId, ...after } };
}

/** Writes an act down, or nothing is done (law 7). */
export async function auditFirst({ audit, report }: ApiParts, call: AnyCall, act: Act): Promise<void> {
  try {
    await audit.append(noteOf(call, act));
  } catch (error) {
    report(error, '');
    throw new HttpRefusal('AUTH_UNAVAILABLE', 'The audit log cannot be written, so nothing is done. Try again later.');
  }
}

/** For acts that stop trading: they come first, for a log that cannot be written must not keep anything running. */
export async function auditAfter({ audit, report }: ApiParts, call: AnyCall, act: Act): Promise<void> {
  try {
    await audit.append(noteOf(call, act));
  } catch (error) {
    report(error, '');
  }
}

/** Asks the session. @returns the order that it was about, if one @throws HttpRefusal where it was not done */
export async function command({ control }: ApiParts, { caller }: AnyCall, asked: SessionCommand): Promise<number | null> {
  const answer = await control.command(callerName(caller!), asked);
  if (answer.isDone) return answer.clientOrderId;
  const isKnown = Object.hasOwn(CODES, answer.code);
  // What broke inside is nothing for a client to read.
  const reason = answer.code === 'SESSION_FAILED' ? 'The session ended by an error.' : answer.reason;
  throw new HttpRefusal(isKnown ? (answer.code as Code) : 'REQUEST_FAILED', reason);
}

/** The order as it stands after a command; a denial by our risk, or a refusal by the venue, is a no. */
export function orderAfter({ view }: ApiParts, id: number): Order {
  const found = view.order(id);
  if (found === null) throw new HttpRefusal('ORDER_UNKNOWN', 'There is no such order.');
  const order = orderOf(view, found.state);
  if (found.denial !== null) {
    const denial = denialOf(found.denial);
    throw new HttpRefusal(found.denial.code, denial.reason, { details: { clientOrderId: order.clientOrderId, denial } });
  }
  const rejected = found.state.status === OrderStatus.REJECTED ? found.events.find(({ kind }) => kind === 'OrderRejected') : undefined;
  if (rejected?.kind === 'OrderRejected')
    throw new HttpRefusal('ORDER_REJECTED', rejected.reason, { details: { clientOrderId: order.clientOrderId } });
  return order;
}
