import type { KeyScope } from '../model/rights.ts';

export interface ApiKeyRecord {
  readonly keyId: string;
  readonly userId: string;
  readonly label: string;
  /** SHA-256 in hex of a secret of 256 bits. */
  readonly secretHash: string;
  readonly scopes: readonly KeyScope[];
  /** Addresses and subnets (`10.0.0.0/8`) from which it is good; empty for anywhere. */
  readonly addresses: readonly string[];
  readonly tsCreated: number;
  readonly tsEnd: number;
  readonly isRevoked: boolean;
  readonly tsUsed: number | null;
  readonly addressUsed: string | null;
}

/** Where API keys are kept. Whatever a call could not do for certain, it throws. */
export interface ApiKeyStore {
  insert(key: ApiKeyRecord): Promise<void>;
  byId(keyId: string): Promise<ApiKeyRecord | null>;
  /** The oldest first. */
  ofUser(userId: string): Promise<readonly ApiKeyRecord[]>;
  markUsed(keyId: string, tsUsed: number, address: string): Promise<void>;
  /** Atomically. @returns false where it is unknown or was revoked before */
  revoke(keyId: string): Promise<boolean>;
}
