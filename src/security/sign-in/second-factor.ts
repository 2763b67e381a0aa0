import { generateSecret, generateURI, verifySync } from 'otplib';
import { Secret } from '../../base/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SecretBinding } from '../../ports/sealed-secret-store.ts';
import type { UserRecord, UserStore } from '../../ports/user-store.ts';
import { normalizeCode, readableCode, sha256Hex } from '../chance.ts';
import { equalSecrets } from '../equal-secrets.ts';
import type { SecretKeeper } from '../secrets/security-manager.ts';

const STEP_SECONDS = 30;
const RECOVERY_CODES = 10;
/** 100 bits each: their plain hashes cannot be searched. */
const RECOVERY_CODE_CHARACTERS = 20;

/** Codes of authenticator apps (RFC 6238: six digits, 30 seconds, SHA-1, which is all that the apps understand) and the codes for when the app is lost. */
export class SecondFactor {
  private readonly users: UserStore;
  private readonly secrets: SecretKeeper;
  private readonly clock: Clock;

  constructor(users: UserStore, secrets: SecretKeeper, clock: Clock) {
    this.users = users;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** Makes and seals a secret that counts only once a code of it has come. @returns the `otpauth:` address for the app, or null where the user changed */
  async begin(user: UserRecord): Promise<Secret | null> {
    const secret = generateSecret();
    await this.secrets.put(bindingOf(user), new Secret(secret));
    if (!(await this.users.replace({ ...user, totp: 'PENDING', totpStepUsed: -1, revision: user.revision + 1 }))) return null;
    return new Secret(generateURI({ issuer: 'QuantHybrid', label: user.name, secret }));
  }

  /** @returns the recovery codes, to be shown once, or null where the code is wrong */
  async confirm(user: UserRecord, code: Secret): Promise<readonly Secret[] | null> {
    const step = await this.stepOf(user, code);
    if (step === null) return null;
    const codes = makeRecoveryCodes();
    const changed = {
      ...user,
      totp: 'ACTIVE' as const,
      totpStepUsed: step,
      recoveryHashes: codes.map(hashOf),
      revision: user.revision + 1,
    };
    return (await this.users.replace(changed)) ? codes : null;
  }

  /** Makes new recovery codes in the place of those that are left; null where the user changed. */
  async renewRecoveryCodes(user: UserRecord): Promise<readonly Secret[] | null> {
    const codes = makeRecoveryCodes();
    return (await this.users.replace({ ...user, recoveryHashes: codes.map(hashOf), revision: user.revision + 1 })) ? codes : null;
  }

  /** @returns the user without it, not stored yet; the caller removes the secret once that is */
  without(user: UserRecord): UserRecord {
    return { ...user, totp: 'NONE', totpStepUsed: -1, recoveryHashes: [] };
  }

  forget(user: UserRecord): Promise<boolean> {
    return this.secrets.remove(bindingOf(user));
  }

  /**
   * Uses up a code of the app or a recovery code. Of two uses at once, one wins: the store replaces a revision once.
   *
   * @returns the user as stored now and which it was, or null where the code is wrong or was used
   */
  async use(user: UserRecord, code: Secret): Promise<{ readonly user: UserRecord; readonly kind: 'APP' | 'RECOVERY' } | null> {
    const step = await this.stepOf(user, code);
    if (step !== null) return this.used({ ...user, totpStepUsed: step, revision: user.revision + 1 }, 'APP');
    const hash = hashOf(code);
    const left = user.recoveryHashes.filter((stored) => !equalSecrets(stored, hash));
    if (left.length === user.recoveryHashes.length) return null;
    return this.used({ ...user, recoveryHashes: left, revision: user.revision + 1 }, 'RECOVERY');
  }

  private async used(user: UserRecord, kind: 'APP' | 'RECOVERY') {
    return (await this.users.replace(user)) ? { user, kind } : null;
  }

  /** The time step whose code this is, within one step of now and after the last that was used; null where there is none. */
  private async stepOf(user: UserRecord, code: Secret): Promise<number | null> {
    const token = code.reveal().replaceAll(/\s/g, '');
    if (!/^\d{6}$/.test(token)) return null;
    const opened = await this.secrets.get(bindingOf(user));
    if (!opened.ok) throw new Error(`The second factor of user ${user.userId} does not open: ${opened.code}`);
    const epoch = Math.floor(this.clock.now() / 1e6);
    const found = verifySync({ secret: opened.value.reveal(), token, epoch, period: STEP_SECONDS, epochTolerance: STEP_SECONDS });
    if (!found.valid || !('timeStep' in found) || found.timeStep <= user.totpStepUsed) return null;
    return found.timeStep;
  }
}

function bindingOf(user: UserRecord): SecretBinding {
  return { userId: user.userId, venue: 'quanthybrid', keyId: 'totp' };
}

function makeRecoveryCodes(): readonly Secret[] {
  return Array.from({ length: RECOVERY_CODES }, () => new Secret(readableCode(RECOVERY_CODE_CHARACTERS)));
}

function hashOf(code: Secret): string {
  return sha256Hex(normalizeCode(code.reveal()));
}
