import { createHash, randomBytes } from 'node:crypto';

/** Letters and digits that are not mistaken for each other (Crockford's base 32). */
const READABLE = '0123456789abcdefghjkmnpqrstvwxyz';

/** 256 bits of chance, base64url: nobody guesses it, so its plain SHA-256 may be stored. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** An id of 128 bits. */
export function randomId(): string {
  return randomBytes(16).toString('hex');
}

/** A code to be typed by a person: five bits a character, in groups of five. */
export function readableCode(characters: number): string {
  const symbols = Array.from(randomBytes(characters), (byte) => READABLE[byte & 31]!).join('');
  return symbols.replaceAll(/.{5}(?=.)/g, '$&-');
}

/** What was meant where somebody typed a {@link readableCode}. */
export function normalizeCode(typed: string): string {
  return typed.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
