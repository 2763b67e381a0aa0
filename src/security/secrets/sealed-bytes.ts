import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { assert } from '../../base/assert.ts';
import type { SecretBinding } from '../../ports/sealed-secret-store.ts';

/** NIST SP 800-38D: a random nonce of 96 bits, and the whole tag. */
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const KEY_BYTES = 32;

/**
 * Encrypts under a fresh random nonce.
 *
 * @param key 32 bytes. One key may seal 2^32 times (SP 800-38D, 8.3): each record has a key of its own, which seals once, and a master key only wraps those.
 * @param bound what the ciphertext is tied to; it opens with the same only
 * @returns nonce, ciphertext and tag, base64url
 */
export function sealBytes(key: Uint8Array, plain: Uint8Array, bound: Uint8Array): string {
  assert(key.length === KEY_BYTES, 'a key has 256 bits');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** @returns null where key, bound or any bit of the text is not what it was when it was sealed */
export function openBytes(key: Uint8Array, sealed: string, bound: Uint8Array): Buffer | null {
  assert(key.length === KEY_BYTES, 'a key has 256 bits');
  const bytes = Buffer.from(sealed, 'base64url');
  // A text that is not the one spelling of its bytes was changed, if only in bits that say nothing.
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== sealed) return null;
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bound);
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const head = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([head, decipher.final()]);
  } catch {
    // The one error of `final` is a wrong tag; what was decrypted is worthless.
    head.fill(0);
    return null;
  }
}

/** The parts with their lengths, so that no two different bindings give the same bytes. */
export function boundBytes(purpose: string, binding: SecretBinding, ...more: readonly string[]): Buffer {
  const parts = ['quanthybrid', purpose, binding.userId, binding.venue, binding.keyId, ...more];
  return Buffer.concat(
    parts.flatMap((part) => {
      const text = Buffer.from(part, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length);
      return [length, text];
    }),
  );
}
