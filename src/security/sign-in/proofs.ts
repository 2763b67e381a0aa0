import type { Secret } from '../../base/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UserRecord } from '../../ports/user-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { granted, type Outcome, refused } from '../outcome.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import { addressKey } from './address-key.ts';
import type { SecondFactor } from './second-factor.ts';
import { type SignInThrottle, throttledAccount } from './sign-in-throttle.ts';

/** Proofs asked of somebody who is signed in: the password, or a code. Guesses are throttled as those at the door are. */
export class Proofs {
  private readonly hasher: PasswordHasher;
  private readonly factor: SecondFactor;
  private readonly throttle: SignInThrottle;
  private readonly audit: AuditLog;
  private readonly clock: Clock;

  constructor(hasher: PasswordHasher, factor: SecondFactor, throttle: SignInThrottle, audit: AuditLog, clock: Clock) {
    this.hasher = hasher;
    this.factor = factor;
    this.throttle = throttle;
    this.audit = audit;
    this.clock = clock;
  }

  /** The second factor where there is one, else the password (SEC-06). @returns the user as stored now */
  strongest(user: UserRecord, proof: Secret, address: string): Promise<Outcome<UserRecord>> {
    return user.totp === 'ACTIVE' ? this.code(user, proof, address) : this.password(user, proof, address);
  }

  password(user: UserRecord, password: Secret, address: string): Promise<Outcome<UserRecord>> {
    return this.tried(user, address, async () => ((await this.hasher.verify(user.passwordHash, password)) ? user : null));
  }

  code(user: UserRecord, code: Secret, address: string): Promise<Outcome<UserRecord>> {
    return this.tried(user, address, async () => {
      const used = await this.factor.use(user, code);
      if (used?.kind === 'RECOVERY')
        await this.audit.append({ actor: user.name, address, action: 'RECOVERY_CODE_USED', subject: user.name });
      return used?.user ?? null;
    });
  }

  private async tried(user: UserRecord, address: string, judge: () => Promise<UserRecord | null>): Promise<Outcome<UserRecord>> {
    const key = addressKey(address);
    const counted = throttledAccount(user.name, user.accessEpoch);
    const waitUs = this.throttle.begin(counted, key, user.knownAddresses.includes(key), this.clock.now());
    if (waitUs > 0) return refused('AUTH_THROTTLED', 'Too many wrong passwords or codes. Wait.', waitUs);
    const proven = await judge();
    if (proven === null) {
      await this.audit.append({ actor: user.name, address, action: 'STEP_UP_FAILED', subject: user.name });
      return refused('AUTH_FAILED', 'The password or code is wrong.');
    }
    this.throttle.succeeded(counted, key);
    return granted(proven);
  }
}
