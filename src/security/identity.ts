import type { Right, Role } from '../model/rights.ts';

/** Who asks, as judged now. It is good for one request; a connection that stays open listens to the ends of accesses besides. */
export interface Identity {
  readonly kind: 'SESSION' | 'API_KEY';
  /** Id of the session or the API key. */
  readonly accessId: string;
  readonly userId: string;
  readonly userName: string;
  readonly role: Role;
  readonly rights: ReadonlySet<Right>;
  readonly address: string;
  /** Signed in with a one-time password: nothing but setting another is permitted. */
  readonly mustChangePassword: boolean;
  /** When the access ends whatever happens. */
  readonly tsEnd: number;
}

/** How the audit log names whoever acts. */
export function actorOf(identity: Identity): string {
  return identity.kind === 'SESSION' ? identity.userName : `${identity.userName} key:${identity.accessId}`;
}

export interface AccessEnd {
  readonly userId: string;
  /** The session or API key; null for everything that the user has open. */
  readonly accessId: string | null;
  readonly reason: string;
}

/** Tells open connections that their right to be there has ended. */
export class AccessEnds {
  private readonly listeners = new Set<(end: AccessEnd) => void>();
  private readonly report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.report = report;
  }

  /** @returns stops the listening */
  listen(listener: (end: AccessEnd) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  announce(end: AccessEnd): void {
    for (const listener of this.listeners) {
      try {
        listener(end);
      } catch (error) {
        // One connection that does not close must not keep the others open.
        this.report(error);
      }
    }
  }
}
