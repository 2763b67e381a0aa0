import type { Answer } from './answer.ts';
import type { Caller, Grant } from './gatekeeper.ts';
import type { KeyScope, Role } from '../model/rights.ts';

export interface UserLine {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly isDisabled: boolean;
  readonly hasSecondFactor: boolean;
  readonly mustChangePassword: boolean;
  readonly tsCreated: number;
}

/** Shown once. */
export interface OneTimePassword {
  readonly name: string;
  readonly password: string;
  readonly tsEnd: number;
}

export interface KeyTerms {
  readonly label: string;
  readonly scopes: readonly KeyScope[];
  readonly addresses: readonly string[];
  readonly days: number;
}

export interface KeyLine {
  readonly keyId: string;
  readonly label: string;
  readonly scopes: readonly KeyScope[];
  readonly addresses: readonly string[];
  readonly tsCreated: number;
  readonly tsEnd: number;
  readonly isRevoked: boolean;
  readonly tsUsed: number | null;
  readonly addressUsed: string | null;
}

/** A session as its owner sees it. Its id names it and opens nothing. */
export interface SessionLine {
  readonly sessionId: string;
  readonly address: string;
  readonly tsCreated: number;
  readonly tsUsed: number;
  readonly tsEnd: number;
  /** The one that asks. */
  readonly isThis: boolean;
}

/**
 * Users, keys and what somebody does to their own account. Each act is written down where it is done. What needs a right takes the grant that the
 * gatekeeper gave for it.
 */
export interface AccountDesk {
  users(grant: Grant): Promise<Answer<readonly UserLine[]>>;
  createUser(grant: Grant, name: string, role: Role): Promise<Answer<OneTimePassword>>;
  setRole(grant: Grant, name: string, role: Role): Promise<Answer<null>>;
  disableUser(grant: Grant, name: string): Promise<Answer<null>>;
  unlockUser(grant: Grant, name: string): Promise<Answer<null>>;
  resetUser(grant: Grant, name: string, dropSecondFactor: boolean): Promise<Answer<OneTimePassword>>;
  keys(caller: Caller): Promise<Answer<readonly KeyLine[]>>;
  createKey(grant: Grant, terms: KeyTerms): Promise<Answer<{ readonly keyId: string; readonly key: string; readonly tsEnd: number }>>;
  revokeKey(grant: Grant, caller: Caller, keyId: string): Promise<Answer<null>>;
  sessions(caller: Caller): Promise<Answer<readonly SessionLine[]>>;
  endSession(caller: Caller, sessionId: string): Promise<Answer<null>>;
  secondFactor(caller: Caller): Promise<Answer<{ readonly state: 'NONE' | 'PENDING' | 'ACTIVE'; readonly recoveryCodesLeft: number }>>;
  /** @returns the `otpauth:` address */
  beginSecondFactor(caller: Caller, password: string): Promise<Answer<string>>;
  /** @returns recovery codes */
  confirmSecondFactor(caller: Caller, code: string): Promise<Answer<readonly string[]>>;
  renewRecoveryCodes(caller: Caller, code: string): Promise<Answer<readonly string[]>>;
  removeSecondFactor(caller: Caller, code: string): Promise<Answer<null>>;
}
