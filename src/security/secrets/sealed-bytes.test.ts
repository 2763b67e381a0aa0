import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { boundBytes, openBytes, sealBytes } from './sealed-bytes.ts';

const BINDING = { userId: 'u1', venue: 'BINANCE', keyId: 'k1' };
const key = randomBytes(32);
const bound = boundBytes('secret', BINDING);
const plain = Buffer.from('an API secret of a venue');

describe('sealed bytes', () => {
  it('open to what was sealed, under the same key and binding', () => {
    expect(openBytes(key, sealBytes(key, plain, bound), bound)).toEqual(plain);
    expect(openBytes(randomBytes(32), sealBytes(key, plain, bound), bound)).toBeNull();
  });

  it('SEC-29: are AES-256-GCM with a nonce of 96 bits before the ciphertext and the tag of 128 bits after it', async () => {
    // The layout and algorithm by an implementation that is not ours: WebCrypto.
    const bytes = Buffer.from(sealBytes(key, plain, bound), 'base64url');
    expect(bytes.length).toBe(12 + plain.length + 16);
    const webKey = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: bytes.subarray(0, 12), additionalData: bound, tagLength: 128 },
      webKey,
      bytes.subarray(12),
    );
    expect(Buffer.from(opened)).toEqual(plain);
  });

  it('SEC-29: do not open for another user, venue, key id or purpose, nor where the parts are cut elsewhere', () => {
    const sealed = sealBytes(key, plain, bound);
    const others = [
      boundBytes('secret', { ...BINDING, userId: 'u2' }),
      boundBytes('secret', { ...BINDING, venue: 'KRAKEN' }),
      boundBytes('secret', { ...BINDING, keyId: 'k2' }),
      boundBytes('secret', { userId: 'u1B', venue: 'INANCE', keyId: 'k1' }),
      boundBytes('key', BINDING),
      boundBytes('secret', BINDING, '1'),
    ];
    expect(others.map((other) => openBytes(key, sealed, other))).toEqual(others.map(() => null));
  });

  it('SEC-32: any flipped bit of nonce, ciphertext or tag is detected, and so is any cut or addition', () => {
    const bytes = Buffer.from(sealBytes(key, plain, bound), 'base64url');
    let opened = 0;
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      if (openBytes(key, flipped.toString('base64url'), bound) !== null) opened += 1;
    }
    for (let length = 0; length < bytes.length; length += 1) {
      if (openBytes(key, bytes.subarray(0, length).toString('base64url'), bound) !== null) opened += 1;
    }
    if (openBytes(key, Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url'), bound) !== null) opened += 1;
    expect(opened).toBe(0);
  });

  it('SEC-32: a text that spells the same bytes otherwise is refused', () => {
    const short = sealBytes(key, Buffer.from('x'.repeat(21)), bound);
    // 12 + 21 + 16 = 49 bytes leave four bits of the last letter that say nothing.
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = short.slice(0, -1) + letters[letters.indexOf(short.at(-1)!) + 1]!;
    expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(short, 'base64url'));
    expect(openBytes(key, other, bound)).toBeNull();
    expect(openBytes(key, `${short}=`, bound)).toBeNull();
  });
});
