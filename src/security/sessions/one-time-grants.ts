import { Secret } from '../../base/secret.ts';
import type { Right } from '../../model/rights.ts';
import { randomToken, sha256Hex } from '../chance.ts';

/** Microseconds that a ticket for a WebSocket is good (SEC-14: 30 s at most). */
export const TICKET_LIFE_US_MAX = 30 * 1e6;
/** Tickets that wait to be used; further ones are refused. */
export const TICKETS_MAX = 10_000;
/** Microseconds in which a confirmed act must be done. */
export const STEP_UP_LIFE_US_MAX = 120 * 1e6;
/** Confirmed acts that wait to be done; the oldest gives way. */
export const STEP_UPS_MAX = 10_000;

interface Ticket {
  readonly accessId: string;
  readonly userId: string;
  readonly kind: 'SESSION' | 'API_KEY';
  readonly address: string;
}

/** Tickets that open one WebSocket each: a browser cannot send a token with the handshake but in the address, where it would be logged. */
export class Tickets {
  /** By hash, the oldest first. */
  private readonly waiting = new Map<string, Ticket & { readonly tsEnd: number }>();

  /** @returns null where too many wait */
  issue(ticket: Ticket, now: number): Secret | null {
    for (const [hash, { tsEnd }] of this.waiting) {
      if (tsEnd > now) break;
      this.waiting.delete(hash);
    }
    if (this.waiting.size >= TICKETS_MAX) return null;
    const text = randomToken();
    this.waiting.set(sha256Hex(text), { ...ticket, tsEnd: now + TICKET_LIFE_US_MAX });
    return new Secret(text);
  }

  /** Found by its hash, so that the time of the search says nothing of the ticket. @returns null where it is unknown, used, too old or of another address */
  redeem(ticket: Secret, address: string, now: number): Ticket | null {
    const hash = sha256Hex(ticket.reveal());
    const found = this.waiting.get(hash);
    this.waiting.delete(hash);
    return found === undefined || now >= found.tsEnd || found.address !== address ? null : found;
  }
}

/** Acts that were confirmed by a second factor, each good once, for the session that confirmed it. */
export class StepUps {
  private readonly confirmed = new Map<string, number>();

  confirm(sessionId: string, act: Right, now: number): void {
    const key = `${sessionId} ${act}`;
    this.confirmed.delete(key);
    this.confirmed.set(key, now + STEP_UP_LIFE_US_MAX);
    if (this.confirmed.size > STEP_UPS_MAX) this.confirmed.delete(this.confirmed.keys().next().value!);
  }

  take(sessionId: string, act: Right, now: number): boolean {
    const key = `${sessionId} ${act}`;
    const tsEnd = this.confirmed.get(key);
    this.confirmed.delete(key);
    return tsEnd !== undefined && now < tsEnd;
  }
}
