import type { Secret } from '../../base/secret.ts';
import { granted, type Outcome, refused } from '../outcome.ts';
import { COMMON_WORDS } from './common-words.ts';

export const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 128;
/** Letters and digits that must be left once every common word, sequence and repetition is taken out. */
const OWN_CHARACTERS_MIN = 6;
/** Rows of keys and the alphabet, there and back: a stretch of four or more of them is a sequence. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  '1q2w3e4r5t6y7u8i9o0p',
  'qazwsxedcrfvtgbyhnujm',
];
const SEQUENCES = ROWS.flatMap((row) => [row, [...row].reverse().join('')]);
const SEQUENCE_MIN = 4;
/** What letters are disguised as. */
const DISGUISES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/**
 * Whether a password may be set: 12 to 128 characters, whatever they are, and not one that is tried first.
 *
 * Source: NIST SP 800-63B (no rules of composition, a list of common ones), OWASP ASVS.
 */
export function judgePassword(password: Secret, userName: string): Outcome<null> {
  const text = password.reveal().normalize('NFKC');
  const length = [...text].length;
  if (length < PASSWORD_CHARACTERS_MIN)
    return refused('PASSWORD_TOO_SHORT', `A password has at least ${PASSWORD_CHARACTERS_MIN} characters.`);
  if (length > PASSWORD_CHARACTERS_MAX)
    return refused('PASSWORD_TOO_LONG', `A password has at most ${PASSWORD_CHARACTERS_MAX} characters.`);
  const plain = text.toLowerCase();
  const undisguised = [...plain].map((character) => DISGUISES[character] ?? character).join('');
  const words = [userName.toLowerCase(), ...COMMON_WORDS].filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
  if (Math.min(ownCharacters(plain, words), ownCharacters(undisguised, words)) < OWN_CHARACTERS_MIN) {
    return refused('PASSWORD_COMMON', 'This password is one that is tried first. Take several random words.');
  }
  return granted(null);
}

/** How many letters and digits are nobody else's: not of a common word, not of a sequence, and not there before. */
function ownCharacters(text: string, words: readonly string[]): number {
  let rest = text;
  for (const word of words) rest = rest.replaceAll(word, ' ');
  const kept = withoutSequences([...rest].filter((character) => /[\p{L}\p{N}]/u.test(character)));
  // A text that repeats itself has few different pairs.
  const pairs = new Set(kept.map((character, index) => `${character}${kept[index + 1] ?? ''}`));
  return Math.min(kept.length, pairs.size);
}

function withoutSequences(characters: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < characters.length; ) {
    let end = i + 1;
    while (end < characters.length && SEQUENCES.some((row) => row.includes(characters.slice(i, end + 1).join('')))) end += 1;
    if (end - i < SEQUENCE_MIN) {
      kept.push(characters[i]!);
      i += 1;
    } else i = end;
  }
  return kept;
}
