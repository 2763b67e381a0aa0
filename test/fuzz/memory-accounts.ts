import type { AccountDesk, OneTimePassword, KeyLine, UserLine } from '../../src/ports/account-desk.ts';
import type { Answer, RefusedAnswer } from '../../src/ports/answer.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Role } from '../../src/model/rights.ts';

const HOUR_US = 3600e6;
const CODE = '123456';

const granted = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value });
const refused = (code: RefusedAnswer['code']): Promise<RefusedAnswer> => Promise.resolve({ ok: false, code, message: 'Refused.' });

/** Users, keys and a second factor in memory, so that requests about them have something to change; what they ask is decided in few words. */
export class MemoryAccounts implements AccountDesk {
  readonly usersByName = new Map<string, UserLine>();
  readonly keysById = new Map<string, KeyLine>();
  factor: 'NONE' | 'PENDING' | 'ACTIVE' = 'NONE';
  private readonly clock: Clock;
  private made = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.addUser('ann', 'viewer');
    this.addUser('ben', 'trader');
  }

  readonly users = () => granted([...this.usersByName.values()]);
  readonly keys = () => granted([...this.keysById.values()]);
  readonly sessions = () => granted([]);
  readonly endSession = () => refused('SESSION_UNKNOWN');
  readonly secondFactor = () => granted({ state: this.factor, recoveryCodesLeft: 0 });

  createUser(_: unknown, name: string, role: Role): Promise<Answer<OneTimePassword>> {
    if (this.usersByName.has(name)) return refused('USER_EXISTS');
    this.addUser(name, role);
    return granted(this.password(name));
  }

  setRole(_: unknown, name: string, role: Role): Promise<Answer<null>> {
    return this.change(name, { role });
  }

  disableUser(_: unknown, name: string): Promise<Answer<null>> {
    return this.change(name, { isDisabled: true });
  }

  unlockUser(_: unknown, name: string): Promise<Answer<null>> {
    return this.change(name, {});
  }

  async resetUser(_: unknown, name: string, dropSecondFactor: boolean): Promise<Answer<OneTimePassword>> {
    const answer = await this.change(name, { mustChangePassword: true, ...(dropSecondFactor ? { hasSecondFactor: false } : {}) });
    return answer.ok ? granted(this.password(name)) : answer;
  }

  createKey(
    _: unknown,
    terms: Parameters<AccountDesk['createKey']>[1],
  ): Promise<Answer<{ readonly keyId: string; readonly key: string; readonly tsEnd: number }>> {
    const keyId = String((this.made += 1)).padStart(32, '0');
    const { label, scopes, addresses } = terms;
    const tsCreated = this.clock.now();
    const tsEnd = tsCreated + 24 * terms.days * HOUR_US;
    this.keysById.set(keyId, { keyId, label, scopes, addresses, tsCreated, tsEnd, isRevoked: false, tsUsed: null, addressUsed: null });
    return granted({ keyId, key: `key-${keyId}`, tsEnd });
  }

  revokeKey(_: unknown, __: unknown, keyId: string): Promise<Answer<null>> {
    const key = this.keysById.get(keyId);
    if (key === undefined) return refused('API_KEY_REFUSED');
    this.keysById.set(keyId, { ...key, isRevoked: true });
    return granted(null);
  }

  beginSecondFactor(): Promise<Answer<string>> {
    if (this.factor === 'ACTIVE') return refused('AUTH_FAILED');
    this.factor = 'PENDING';
    return granted('otpauth://totp/fuzz?secret=ABCDEFGH');
  }

  confirmSecondFactor(_: unknown, code: string): Promise<Answer<readonly string[]>> {
    if (this.factor !== 'PENDING' || code !== CODE) return refused('AUTH_FAILED');
    this.factor = 'ACTIVE';
    return granted(['one', 'two']);
  }

  renewRecoveryCodes(_: unknown, code: string): Promise<Answer<readonly string[]>> {
    return this.factor === 'ACTIVE' && code === CODE ? granted(['three', 'four']) : refused('AUTH_FAILED');
  }

  removeSecondFactor(_: unknown, code: string): Promise<Answer<null>> {
    if (this.factor !== 'ACTIVE' || code !== CODE) return refused('AUTH_FAILED');
    this.factor = 'NONE';
    return granted(null);
  }

  private addUser(name: string, role: Role): void {
    const flags = { isDisabled: false, hasSecondFactor: false, mustChangePassword: false };
    this.usersByName.set(name, { userId: `u-${name}`, name, role, ...flags, tsCreated: this.clock.now() });
  }

  private change(name: string, change: Partial<UserLine>): Promise<Answer<null>> {
    const user = this.usersByName.get(name);
    if (user === undefined) return refused('USER_UNKNOWN');
    this.usersByName.set(name, { ...user, ...change });
    return granted(null);
  }

  private password(name: string): OneTimePassword {
    return { name, password: 'shown once', tsEnd: this.clock.now() + HOUR_US };
  }
}
