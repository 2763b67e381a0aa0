import { describe, expect, it } from 'vitest';
import { Secret } from '../../base/secret.ts';
import { Argon2Hasher, HasherBusyError, HASHES_WAITING_MAX } from './password-hasher.ts';
import { judgePassword } from './password-rules.ts';

function verdict(text: string, userName = 'alice'): string {
  const judged = judgePassword(new Secret(text), userName);
  return judged.ok ? 'ok' : judged.code;
}

describe('the rules for passwords', () => {
  it('SEC-02: 12 to 128 characters are taken, counted as people count them', () => {
    expect(verdict('vkq8zhtw3mx')).toBe('PASSWORD_TOO_SHORT');
    expect(verdict('vkq8zhtw3mxb')).toBe('ok');
    const long = 'vkq8zhtw3mxbfugcoejdsl4ra6nyp2i5'.repeat(4);
    expect([long.length, verdict(long), verdict(`${long}x`)]).toEqual([128, 'ok', 'PASSWORD_TOO_LONG']);
    // Eleven characters of two code units each.
    expect(verdict('🦊🐙🦉🐝🦀🐢🦒🐌🦔🐍🦋')).toBe('PASSWORD_TOO_SHORT');
  });

  it.each(['correct horse battery staple', 'only letters in here', '829104756138', 'ALL UPPER CASE TOO', 'пароли бывают разные'])(
    'SEC-02: %j is taken: nothing is asked of its composition',
    (text) => {
      expect(verdict(text)).toBe('ok');
    },
  );

  it.each([
    'password1234',
    'Password123!',
    'P@ssw0rd12345',
    'passwordpassword',
    'qwertyuiop12',
    '123456789012',
    '1q2w3e4r5t6y',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcdefghijkl',
    'letmeinletmein',
    'iloveyou2024!',
    'administrator1',
    'changeme12345',
    'welcome-welcome',
    '987654321098',
    'zyxwvutsrqpo',
  ])('SEC-02: %j is among the first that are tried', (text) => {
    expect(verdict(text)).toBe('PASSWORD_COMMON');
  });

  it.each(['quanthybrid2024', 'QuantHybrid!!!', 'QuantHybridAdmin', 'qu4nthybr1d-trading', 'trading-password', 'bitcoin-trader-1'])(
    'SEC-02: %j is made of words of the product',
    (text) => {
      expect(verdict(text)).toBe('PASSWORD_COMMON');
    },
  );

  it('SEC-02: the name of the user does not make a password', () => {
    expect(verdict('wolfgang-2031-x', 'wolfgang')).toBe('PASSWORD_COMMON');
    expect(verdict('wolfgang-2031-x', 'alice')).toBe('ok');
  });
});

describe('the hash of a password', () => {
  it('SEC-01: is argon2id with its parameters of at least 19 MiB, two passes and one lane, and salted', async () => {
    const hasher = new Argon2Hasher();
    const password = new Secret('correct horse battery staple');
    const [one, two] = [await hasher.hash(password), await hasher.hash(password)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify(one, password)).toBe(true);
    expect(await hasher.verify(one, new Secret('correct horse battery stapl'))).toBe(false);
  });

  it('SEC-01: is verified as the reference implementation made it', async () => {
    // test.c of phc-winner-argon2: password "password", salt "somesalt", two passes over 64 MiB.
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await new Argon2Hasher().verify(reference, new Secret('password'))).toBe(true);
  });

  it('SEC-01: a lower cost than the least is refused, and a hash of a lower cost than that in force is outdated', () => {
    const least = { memoryKiB: 19_456, passes: 2, lanes: 1 };
    for (const lower of [{ memoryKiB: 19_455 }, { passes: 1 }, { lanes: 0 }])
      expect(() => new Argon2Hasher({ ...least, ...lower })).toThrow('19 MiB');
    const stored = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(new Argon2Hasher().isOutdated(stored)).toBe(false);
    for (const higher of [{ memoryKiB: 19_457 }, { passes: 3 }, { lanes: 2 }]) {
      expect(new Argon2Hasher({ ...least, ...higher }).isOutdated(stored)).toBe(true);
    }
    expect(new Argon2Hasher().isOutdated(stored.replace('argon2id', 'argon2i'))).toBe(true);
  });

  it('a password is the same however its characters were composed', async () => {
    const hasher = new Argon2Hasher();
    expect(await hasher.verify(await hasher.hash(new Secret('caf\u00e9 au lait ok')), new Secret('cafe\u0301 au lait ok'))).toBe(true);
  });

  it('what waits for its turn has a bound, and is refused beyond it', async () => {
    const hasher = new Argon2Hasher();
    // Text that is no hash is refused at once, when its turn comes.
    const all = Array.from({ length: HASHES_WAITING_MAX + 3 }, () =>
      hasher.verify('no hash', new Secret('x')).catch((error: unknown) => error),
    );
    const busy = (await Promise.all(all)).filter((error) => error instanceof HasherBusyError);
    expect(busy).toHaveLength(1);
    expect(await hasher.verify('no hash', new Secret('x')).catch((error: unknown) => error)).not.toBeInstanceOf(HasherBusyError);
  });
});
