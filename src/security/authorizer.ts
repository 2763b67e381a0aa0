import { assert } from '../base/assert.ts';
import { type Right, STEP_UP_RIGHTS } from '../model/rights.ts';
import type { Clock } from '../ports/clock.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { callerName } from '../ports/gatekeeper.ts';
import type { Identity } from './identity.ts';
import { failClosed, granted, type Outcome, refused } from './outcome.ts';
import type { StepUps } from './sessions/one-time-grants.ts';

/** Shows that a right was judged and granted, for one act. What changes users, keys and secrets asks for one, so that the question cannot be forgotten. */
class GrantedPermit<R extends Right> {
  readonly #right: R;
  /** Null where the machine's own command line acts. */
  readonly identity: Identity | null;
  readonly actor: string;
  readonly address: string;

  constructor(right: R, identity: Identity | null) {
    this.#right = right;
    this.identity = identity;
    this.actor = identity === null ? 'console' : callerName(identity);
    this.address = identity?.address ?? 'local';
  }

  get right(): R {
    return this.#right;
  }
}

/** Made by {@link Authorizer.authorize} and {@link consolePermit} alone. */
export type Permit<R extends Right> = GrantedPermit<R>;

/** For the command line: whoever can start programs on the machine as the owner of its files needs no right from us. */
export function consolePermit<R extends Right>(right: R): Permit<R> {
  return new GrantedPermit(right, null);
}

/**
 * The permit behind what the rim carried from a guard to a handler, for the right that the act asks for.
 *
 * @throws InvariantError where it is none, or one for another right: a route that asks for less than what it does
 */
export function permitOf<R extends Right>(grant: object | null, right: R): Permit<R> {
  assert(grant instanceof GrantedPermit && grant.right === right, `the act asks for a permit of ${right}`);
  return grant as Permit<R>;
}

/** Decides whether somebody may do something, now and once. */
export class Authorizer {
  private readonly audit: AuditLog;
  private readonly stepUps: StepUps;
  private readonly clock: Clock;
  private readonly report: (error: unknown) => void;
  private readonly isAlive: (identity: Identity) => Promise<boolean>;

  constructor(
    audit: AuditLog,
    stepUps: StepUps,
    clock: Clock,
    report: (error: unknown) => void,
    isAlive: (identity: Identity) => Promise<boolean>,
  ) {
    this.audit = audit;
    this.stepUps = stepUps;
    this.clock = clock;
    this.report = report;
    this.isAlive = isAlive;
  }

  /** @returns a permit for one act, or AUTH_RIGHT_MISSING, AUTH_STEP_UP_NEEDED, AUTH_PASSWORD_CHANGE_NEEDED, AUTH_SESSION_ENDED, AUTH_UNAVAILABLE */
  authorize<R extends Right>(identity: Identity, right: R): Promise<Outcome<Permit<R>>> {
    return failClosed(this.report, async () => {
      if (!(await this.isAlive(identity))) return refused('AUTH_SESSION_ENDED', 'The session or key has ended.');
      if (identity.mustChangePassword) return refused('AUTH_PASSWORD_CHANGE_NEEDED', 'Set a password of your own first.');
      const mayStepUp = !STEP_UP_RIGHTS.has(right) || identity.kind === 'SESSION';
      if (!identity.rights.has(right) || !mayStepUp) {
        await this.audit.append({ actor: callerName(identity), address: identity.address, action: 'RIGHT_REFUSED', subject: right });
        return refused('AUTH_RIGHT_MISSING', `This needs the right ${right}.`);
      }
      if (STEP_UP_RIGHTS.has(right) && !this.stepUps.take(identity.accessId, right, this.clock.now())) {
        return refused('AUTH_STEP_UP_NEEDED', 'Confirm this with a fresh code, or with your password while you have no second factor.');
      }
      return granted(new GrantedPermit(right, identity));
    });
  }
}
