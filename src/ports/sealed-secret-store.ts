/** Whose secret it is and what for. It is bound into the ciphertext: moved to another place, a secret does not open. */
export interface SecretBinding {
  readonly userId: string;
  readonly venue: string;
  readonly keyId: string;
}

export interface SealedSecret extends SecretBinding {
  /** The version of the master key that wraps the record's own key. */
  readonly masterVersion: number;
  /** The record's own key, wrapped: nonce, ciphertext and tag, base64url. */
  readonly wrappedKey: string;
  /** The secret under the record's own key: nonce, ciphertext and tag, base64url. */
  readonly body: string;
  /** Counts changes from 1. */
  readonly revision: number;
}

/** A sealed secret as it may be listed. */
export type SealedName = Pick<SealedSecret, 'userId' | 'venue' | 'keyId' | 'masterVersion' | 'revision'>;

/** Which master key is in force. Check values tell keys apart and say nothing of them. */
export interface MasterKeyState {
  readonly version: number;
  /** By version, the newest last; retired ones stay, so that they are recognized. */
  readonly checks: readonly { readonly version: number; readonly check: string }[];
  /** While records are being rewrapped: the version that they come from. */
  readonly rotatingFrom: number | null;
  readonly revision: number;
}

/** Where sealed secrets are kept. Whatever a call could not do for certain, it throws. */
export interface SealedSecretStore {
  keyState(): Promise<MasterKeyState | null>;
  /** Stores the state whose predecessor has a revision of one less (none for 1), atomically. @returns false, and nothing is stored, where that is not so */
  saveKeyState(state: MasterKeyState): Promise<boolean>;
  get(binding: SecretBinding): Promise<SealedSecret | null>;
  /**
   * Stores the secret whose predecessor has a revision of one less (none for 1) and whose `masterVersion` is the version of the key state, atomically with
   * {@link saveKeyState}: or else a slow write would land under a version that was retired meanwhile. @returns false, and nothing is stored, where that is not so
   */
  put(secret: SealedSecret): Promise<boolean>;
  /** @returns false where there was none */
  remove(binding: SecretBinding): Promise<boolean>;
  /** Some of those under a version of the master key, at most `countMax`. */
  underVersion(masterVersion: number, countMax: number): Promise<readonly SealedSecret[]>;
  count(): Promise<number>;
  /** What is sealed, without what it holds, in the order of names. */
  names(): Promise<readonly SealedName[]>;
}
