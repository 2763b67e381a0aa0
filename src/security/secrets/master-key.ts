import { createHmac, randomBytes } from 'node:crypto';
import { InputError } from '../../ports/errors.ts';
import { KEY_BYTES } from './sealed-bytes.ts';

/** 32 random bytes have 30 different values in the mean; fewer than 20 come about once in 10^10. */
const DIFFERENT_BYTES_MIN = 20;

/** The key that wraps the keys of all sealed records. Its bytes show in nothing that is printed of it. */
export class MasterKey {
  readonly #bytes: Buffer;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /**
   * @param text 64 hexadecimal digits, or 32 bytes in base64 or base64url
   * @param source what the message calls the place that the text came from
   * @throws InputError SECRET_KEY_MALFORMED, SECRET_KEY_WEAK; the text is not in the message
   */
  static parse(text: string, source: string): MasterKey {
    const bytes = decode(text.trim());
    if (bytes === null) {
      throw keyProblem('SECRET_KEY_MALFORMED', source, 'is neither 64 hexadecimal digits nor 32 bytes in base64.');
    }
    const weakness = weaknessOf(bytes);
    if (weakness !== null) throw keyProblem('SECRET_KEY_WEAK', source, weakness);
    return new MasterKey(bytes);
  }

  static generate(): MasterKey {
    return new MasterKey(randomBytes(KEY_BYTES));
  }

  bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Tells whether two keys are the same without saying anything of either: a MAC of 128 bits of a fixed text. */
  check(): string {
    return createHmac('sha256', this.#bytes).update('quanthybrid master key check').digest('hex').slice(0, 32);
  }

  /** For the key file, and nothing else. */
  toHex(): string {
    return this.#bytes.toString('hex');
  }

  toJSON(): string {
    return '[secret]';
  }
}

function decode(text: string): Buffer | null {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  // 43 letters of 6 bits are 32 bytes; Buffer takes both alphabets.
  return Buffer.from(text, 'base64');
}

/** Why these 32 bytes did not come from a generator of random bytes, or null. */
function weaknessOf(bytes: Buffer): string | null {
  if (new Set(bytes).size < DIFFERENT_BYTES_MIN) return 'repeats itself; it is no random key.';
  const steps = new Set(bytes.subarray(1).map((byte, index) => (byte - bytes[index]!) & 255));
  if (steps.size === 1) return 'is a sequence; it is no random key.';
  // Of 32 random bytes all are printable once in 10^13: such a key is a sentence, a password or a sample.
  if (bytes.every((byte) => byte >= 32 && byte < 127)) return 'is a text; it is no random key.';
  return null;
}

export function keyProblem(
  code: 'SECRET_KEY_MALFORMED' | 'SECRET_KEY_WEAK' | 'SECRET_KEY_MISSING' | 'SECRET_KEY_UNKNOWN' | 'SECRET_KEY_FILE_UNSAFE',
  source: string,
  what: string,
): InputError {
  return new InputError([
    {
      code,
      rule: `The master key (${source}) ${what}`,
      fix: 'docs/concepts/security.md says how to make one, and where it is looked for.',
    },
  ]);
}
