import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Secret } from '../base/secret.ts';
import { authWorld, enroll, HOME, PASSWORD, value } from './auth-world.fixture.ts';

const counter = vi.hoisted(() => ({ compares: 0 }));
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const timingSafeEqual: typeof crypto.timingSafeEqual = (left, right) => {
    counter.compares += 1;
    return crypto.timingSafeEqual(left, right);
  };
  return { ...crypto, timingSafeEqual };
});

const { equalSecrets } = await import('./equal-secrets.ts');

describe('comparing secrets', () => {
  it('SEC-37: is right for equal and different texts of any length', () => {
    const texts = ['', 'a', 'b', 'ab', 'ba', 'a\0', 'x'.repeat(1000), `${'x'.repeat(999)}y`];
    for (const left of texts) for (const right of texts) expect(equalSecrets(left, right)).toBe(left === right);
  });

  it('SEC-37: takes the compare of constant time, for API keys and every recovery code', async () => {
    const world = await authWorld();
    await world.createUser('alice', 'trader');
    const identity = await world.identityOf('alice');
    const permit = await world.permit(identity, 'keys:add');
    const { key } = value(
      await world.auth.createKey(permit, { label: 'x', scopes: ['read'], addresses: [], tsEnd: world.clock.now() + 1e9 }),
    );
    const { recovery } = await enroll(world, identity);
    const compares = async (work: () => Promise<unknown>) => {
      const before = counter.compares;
      await work();
      return counter.compares - before;
    };
    expect(await compares(() => world.auth.authenticateKey(key, HOME))).toBe(1);
    // All ten are compared, wherever the right one stands.
    expect(await compares(() => world.signIn('alice', PASSWORD, HOME, recovery[0]))).toBe(10);
    expect(await compares(() => world.auth.authenticateKey(new Secret(`${key.reveal().slice(0, -1)}_`), HOME))).toBe(1);
  });

  it('SEC-37: nothing of this ring compares hashes, tags, tokens or secrets with an operator', () => {
    const found: string[] = [];
    for (const file of readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })) {
      // The chain of the audit log is no secret: whoever reads it can recompute it.
      if (!file.endsWith('.ts') || /\.(test|fixture)\.ts$/.test(file) || file.startsWith('audit')) continue;
      for (const line of readFileSync(path.join(import.meta.dirname, file), 'utf8').split('\n')) {
        if (/(hash|mac|tag|token|secret|password|digest|reveal\(\))\)?\s*[!=]==?(?!=)(?!\s*(null|undefined|'|false|true))/i.test(line))
          found.push(`${file}: ${line.trim()}`);
      }
    }
    // The digest of what was asked for under an idempotency key is no secret either.
    expect(found.filter((line) => !line.includes('bodyHash'))).toEqual([]);
  });
});
