import type { Role } from '../model/rights.ts';

/** A user as stored. Nothing in it lets anybody sign in: passwords and recovery codes are hashes, the secret of the second factor is sealed elsewhere. */
export interface UserRecord {
  readonly userId: string;
  /** Lower case; no two users share one. */
  readonly name: string;
  readonly role: Role;
  readonly isDisabled: boolean;
  /** Argon2id in PHC form, with its parameters. */
  readonly passwordHash: string;
  /** The password is good once, to set another, until this time in microseconds; null for one that its owner chose. */
  readonly oneTimeUntil: number | null;
  readonly totp: 'NONE' | 'PENDING' | 'ACTIVE';
  /** The last time step of which a code was used; -1 before the first. */
  readonly totpStepUsed: number;
  /** SHA-256 in hex, of codes that were not used yet. */
  readonly recoveryHashes: readonly string[];
  /** Addresses from which this user has signed in, the newest last. */
  readonly knownAddresses: readonly string[];
  readonly tsCreated: number;
  /** Rises with every change that ends what the user has open; sessions of another epoch are dead, whatever their own record says. */
  readonly accessEpoch: number;
  /** Counts changes from 1. */
  readonly revision: number;
}

/** Where users are kept. Whatever a call could not do for certain, it throws. */
export interface UserStore {
  byId(userId: string): Promise<UserRecord | null>;
  byName(name: string): Promise<UserRecord | null>;
  /** By name. */
  all(): Promise<readonly UserRecord[]>;
  /** @returns false, and nothing is stored, where id or name are taken */
  insert(user: UserRecord): Promise<boolean>;
  /** Replaces the record whose revision is one less, atomically. @returns false, and nothing is stored, where there is none */
  replace(user: UserRecord): Promise<boolean>;
}
