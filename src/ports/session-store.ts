export interface SessionRecord {
  /** 256 bits of chance, base64url. It names the session and does not open it. */
  readonly sessionId: string;
  readonly userId: string;
  /** That of the user when it began. */
  readonly accessEpoch: number;
  readonly address: string;
  readonly tsCreated: number;
  readonly tsUsed: number;
  /** Where it ends whatever happens. */
  readonly tsEnd: number;
  readonly endReason: string | null;
}

export interface RefreshRecord {
  /** SHA-256 in hex. */
  readonly tokenHash: string;
  readonly sessionId: string;
  readonly isSpent: boolean;
}

/** Where sessions and their refresh tokens are kept. Whatever a call could not do for certain, it throws. */
export interface SessionStore {
  insert(session: SessionRecord): Promise<void>;
  byId(sessionId: string): Promise<SessionRecord | null>;
  /** Those that have not ended, the oldest first. */
  living(userId: string | null): Promise<readonly SessionRecord[]>;
  touch(sessionId: string, tsUsed: number): Promise<void>;
  /** Atomically. @returns false where it is unknown or had ended */
  end(sessionId: string, endReason: string): Promise<boolean>;
  insertRefresh(token: RefreshRecord): Promise<void>;
  /** Marks the token as spent, atomically: of two calls at once one sees it unspent. @returns what it was before, null where it is unknown */
  spendRefresh(tokenHash: string): Promise<RefreshRecord | null>;
  /** Deletes ended sessions that were created before, with their tokens. */
  forgetEnded(tsCreatedBefore: number): Promise<void>;
}
