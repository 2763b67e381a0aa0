import type { Answer } from './answer.ts';
import type { Right, Role } from '../model/rights.ts';

/** Who asks, as judged now. It is good for one request. */
export interface Caller {
  readonly kind: 'SESSION' | 'API_KEY';
  /** Id of the session or the API key. */
  readonly accessId: string;
  readonly userId: string;
  readonly userName: string;
  readonly role: Role;
  readonly rights: ReadonlySet<Right>;
  readonly address: string;
  /** Nothing but setting another password is permitted. */
  readonly mustChangePassword: boolean;
  /** When the access ends whatever happens. */
  readonly tsEnd: number;
}

/** What a session is opened with. Both tokens are secrets. */
export interface AccessGrant {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly tsAccessEnd: number;
  readonly refreshToken: string;
  readonly tsEnd: number;
}

export interface SignInAsked {
  readonly name: string;
  readonly password: string;
  readonly code?: string | undefined;
  readonly address: string;
}

/** Some access has ended: whoever holds a connection open under it closes it. */
export interface EndedAccess {
  readonly userId: string;
  /** Null for everything that the user has open. */
  readonly accessId: string | null;
}

/** A right that was granted for one act, on its way from the guard to whoever carries the act out. */
export interface Grant {
  readonly right: Right;
}

/** Who is this, and may they do this. Whatever cannot be judged is refused. */
export interface Gatekeeper {
  signIn(asked: SignInAsked): Promise<Answer<AccessGrant & { readonly userName: string; readonly mustChangePassword: boolean }>>;
  refresh(refreshToken: string, address: string): Promise<Answer<AccessGrant>>;
  authenticate(accessToken: string, address: string): Promise<Answer<Caller>>;
  authenticateKey(key: string, address: string): Promise<Answer<Caller>>;
  /** Judged for one act; takes the confirmation that some acts need. */
  authorize(caller: Caller, right: Right): Promise<Answer<Grant>>;
  stepUp(caller: Caller, act: Right, proof: string): Promise<Answer<null>>;
  signOut(caller: Caller): Promise<Answer<null>>;
  changePassword(caller: Caller, current: string, next: string): Promise<Answer<AccessGrant>>;
  /** For one WebSocket from the same address, within half a minute. */
  issueTicket(caller: Caller): Promise<Answer<string>>;
  redeemTicket(ticket: string, address: string): Promise<Answer<Caller>>;
  /** @returns ids of those accesses that have ended or have other rights now, also by what another process did. To be asked about is no use of a session. */
  endedOf(callers: readonly Caller[]): Promise<Answer<ReadonlySet<string>>>;
  /** Is called in the same turn in which an access ends. @returns stops it */
  onAccessEnd(listener: (end: EndedAccess) => void): () => void;
}

/** How records name whoever acts. */
export function callerName(caller: Caller): string {
  return caller.kind === 'SESSION' ? caller.userName : `${caller.userName} key:${caller.accessId}`;
}
