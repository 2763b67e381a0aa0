import type { Caller, EndedAccess } from '../ports/gatekeeper.ts';

/** A caller; a connection that stays open listens to the ends of accesses besides. */
export type Identity = Caller;

export interface AccessEnd extends EndedAccess {
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
