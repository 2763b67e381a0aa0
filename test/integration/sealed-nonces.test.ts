import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { sealBytes } from '../../src/security/secrets/sealed-bytes.ts';

it('SEC-32: no nonce comes twice in a million encryptions under one key', { timeout: 600_000 }, () => {
  const key = randomBytes(32);
  const nothing = new Uint8Array(0);
  const nonces = new Set<string>();
  // The first 16 letters of base64url are the nonce of 96 bits.
  for (let i = 0; i < 1_000_000; i += 1) nonces.add(sealBytes(key, nothing, nothing).slice(0, 16));
  expect(nonces.size).toBe(1_000_000);
});
