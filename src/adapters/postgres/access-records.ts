/*
 * What the tables of access hold, row by row. Texts that name one of a few (roles, scopes, states) are checked by whoever reads them: the database keeps
 * what it was given.
 */

export interface UserRow {
  readonly userId: string;
  readonly name: string;
  readonly role: string;
  readonly isDisabled: boolean;
  readonly passwordHash: string;
  readonly oneTimeUntil: number | null;
  readonly totp: string;
  readonly totpStepUsed: number;
  readonly recoveryHashes: readonly string[];
  readonly knownAddresses: readonly string[];
  readonly tsCreated: number;
  /** Sign-ins of another epoch are dead. */
  readonly accessEpoch: number;
  /** Counts changes from 1. */
  readonly revision: number;
}

export interface SessionRow {
  readonly sessionId: string;
  readonly userId: string;
  readonly accessEpoch: number;
  readonly address: string;
  readonly tsCreated: number;
  readonly tsUsed: number;
  readonly tsEnd: number;
  readonly endReason: string | null;
}

export interface RefreshRow {
  readonly tokenHash: string;
  readonly sessionId: string;
  readonly isSpent: boolean;
}

export interface ApiKeyRow {
  readonly keyId: string;
  readonly userId: string;
  readonly label: string;
  readonly secretHash: string;
  readonly scopes: readonly string[];
  readonly addresses: readonly string[];
  readonly tsCreated: number;
  readonly tsEnd: number;
  readonly isRevoked: boolean;
  readonly tsUsed: number | null;
  readonly addressUsed: string | null;
}

export interface SecretName {
  readonly userId: string;
  readonly venue: string;
  readonly keyId: string;
}

export interface SecretRow extends SecretName {
  readonly masterVersion: number;
  readonly wrappedKey: string;
  readonly body: string;
  readonly revision: number;
}

export interface MasterKeyRow {
  readonly version: number;
  readonly checks: readonly { readonly version: number; readonly check: string }[];
  readonly rotatingFrom: number | null;
  readonly revision: number;
}

export interface IdempotencyRow {
  readonly owner: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly tsCreated: number;
  readonly outcome: string | null;
}

export interface AuditRow {
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly ts: number;
  readonly actor: string;
  readonly address: string;
  readonly action: string;
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  readonly previousHash: string;
  readonly hash: string;
}
