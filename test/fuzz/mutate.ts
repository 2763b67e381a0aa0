import type { Random } from '../../src/base/random.ts';

/** Texts that have broken parsers before. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  '\n',
  '\r\n',
  '\t',
  '"',
  "'",
  '\\',
  ',',
  ';',
  ':',
  '{',
  '}',
  '[',
  ']',
  '-',
  '+',
  '.',
  '/',
  '%',
  '%00',
  '%2e%2e%2f',
  '../../etc/passwd',
  'NaN',
  'nan',
  'Infinity',
  '-Infinity',
  'null',
  'undefined',
  'true',
  'false',
  'None',
  '0',
  '-0',
  '00',
  '007',
  '+1',
  '.5',
  '5.',
  '1e5',
  '1e400',
  '-1e400',
  '1e-400',
  '1E+3',
  '0x10',
  '0b1',
  '1_000',
  '1,000',
  '1n',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '18446744073709551616',
  '99999999999999999999999999999999999999999',
  '0.000000000000000000000000000000000001',
  '2147483648',
  '-2147483649',
  '4294967296',
  '65536',
  '-1',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
  '\ufeff',
  '\u2028',
  '\u202e',
  '\ud800',
  '\udfff',
  '\u0660\u0661',
  '\uff11',
  'é',
  'e\u0301',
  '💥',
  'İ',
  'ß',
  '2024-02-30',
  '0000-00-00',
  '9999-99-99T99:99:99Z',
  '1970-01-01',
  '2038-01-19T03:14:08Z',
  "'; DROP TABLE orders;--",
  '\u0024{jndi}',
  '$(id)',
  '`id`',
  '<script>',
  '!!js/function',
  '&a [*a]',
  '*a',
  '<<',
  '---',
  '...',
  '? ',
  '| ',
  '>-',
];

/** Numbers at and beyond the ends of the common types. */
export const ODD_NUMBERS: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.1,
  -0.5,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e21,
  1e308,
  5e-324,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

/** Length of what is meant to be long. */
const LONG = 20_000;
const DEEP = 5_000;

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.nextBelow(from.length)]!;
}

/** A span [from, to) of what has so many places. */
function span(random: Random, length: number, most: number): readonly [from: number, to: number] {
  const from = random.nextBelow(length + 1);
  return [from, Math.min(length, from + 1 + random.nextBelow(Math.max(1, most)))];
}

/** One to four changes, now and then a long one. */
function times(random: Random): number {
  return random.nextBelow(3) === 0 ? 2 + random.nextBelow(4) : 1;
}

/** Now and then a sample stays what it is: what is refused all the time is never read to its end. */
export function isLeftAlone(random: Random): boolean {
  return random.nextBelow(16) === 0;
}

/** A long or deep text, or one that asks a regular expression to go back and back. */
export function longText(random: Random): string {
  const length = 1 + random.nextBelow(LONG);
  const deep = 1 + random.nextBelow(DEEP);
  return pick<() => string>(random, [
    () => 'x'.repeat(length),
    () => '9'.repeat(length),
    () => `${'0'.repeat(length)}.${'0'.repeat(length)}`,
    () => `1e${'9'.repeat(1 + random.nextBelow(30))}`,
    () => ' '.repeat(length),
    () => '\n'.repeat(length),
    () => ','.repeat(length),
    () => `${'['.repeat(deep)}${']'.repeat(deep)}`,
    () => '{"a":'.repeat(deep),
    () => `"${'\\'.repeat(length)}`,
    () => `${'a '.repeat(deep)}!`,
    () => '- '.repeat(random.nextBelow(300)),
  ])();
}

export function oddText(random: Random): string {
  return random.nextBelow(40) === 0 ? longText(random) : pick(random, ODD_TEXTS);
}

/** Words, numbers, spaces and single marks: what a text is made of. */
const TOKEN = /[A-Za-z_]+|\d+(?:\.\d+)?|\s+|[\s\S]/gu;

/** A text with some of its pieces taken out, said twice, replaced, or put elsewhere. */
export function mutatedText(random: Random, text: string): string {
  if (isLeftAlone(random)) return text;
  if (random.nextBelow(200) === 0) return longText(random);
  let tokens: string[] = text.match(TOKEN) ?? [];
  for (let left = times(random); left > 0; left -= 1) {
    const [from, to] = span(random, tokens.length, random.nextBelow(4) === 0 ? 20 : 2);
    const piece = tokens.slice(from, to);
    const other = tokens[random.nextBelow(tokens.length + 1)] ?? '';
    const put = pick<() => string[]>(random, [
      () => [],
      () => [...piece, ...piece],
      () => [oddText(random)],
      () => [oddText(random), ...piece],
      () => [...piece, oddText(random)],
      () => [other],
      () => [flippedText(random, piece.join(''))],
      () => [String(pick(random, ODD_NUMBERS))],
      () => [`${piece.join('')}${random.nextBelow(10)}`],
    ])();
    tokens = [...tokens.slice(0, from), ...put, ...tokens.slice(to)];
  }
  return random.nextBelow(30) === 0 ? tokens.join('').slice(0, random.nextBelow(text.length + 1)) : tokens.join('');
}

function flippedText(random: Random, text: string): string {
  if (text === '') return oddText(random);
  const at = random.nextBelow(text.length);
  return `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ (1 << random.nextBelow(8)))}${text.slice(at + 1)}`;
}

/** Bytes with bits flipped, pieces taken out, said twice or replaced, numbers at places of numbers, or the end cut off. */
export function mutatedBytes(random: Random, bytes: Uint8Array): Buffer {
  let own: Buffer = Buffer.from(bytes);
  if (isLeftAlone(random)) return own;
  for (let left = times(random); left > 0; left -= 1) own = oneByteChange(random, own);
  return own;
}

function oneByteChange(random: Random, own: Buffer): Buffer {
  if (own.length === 0) return Buffer.from(oddText(random));
  const at = random.nextBelow(own.length);
  const [from, to] = span(random, own.length, 64);
  const without = (put: Uint8Array): Buffer => Buffer.concat([own.subarray(0, from), put, own.subarray(to)]);
  switch (random.nextBelow(12)) {
    case 0:
    case 1:
    case 2:
      own[at]! ^= 1 << random.nextBelow(8);
      return own;
    case 3:
      own[at] = pick(random, [0, 1, 0x7f, 0x80, 0xfe, 0xff, 10, 34, 44]);
      return own;
    case 4:
      return without(Buffer.alloc(0));
    case 5:
      return without(Buffer.concat([own.subarray(from, to), own.subarray(from, to)]));
    case 6:
      return without(Buffer.from(oddText(random)));
    case 7:
      return own.subarray(0, at);
    case 8:
      return without(Buffer.from(Array.from({ length: 1 + random.nextBelow(16) }, () => random.nextBelow(256))));
    case 9:
      return Buffer.concat([own, own.subarray(from, to)]);
    default:
      return withNumber(random, own, at);
  }
}

/** A number of two, four or eight bytes in the place of what stands there, little end first. */
function withNumber(random: Random, own: Buffer, at: number): Buffer {
  const view = new DataView(own.buffer, own.byteOffset, own.length);
  const size = pick(random, [2, 4, 8]);
  if (at + size > own.length) return own;
  const whole = pick(random, [0, 1, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, random.nextUint32()]);
  if (size === 2) view.setUint16(at, whole & 0xffff, true);
  else if (size === 4) view.setUint32(at, whole, true);
  else if (random.nextBelow(2) === 0) view.setFloat64(at, pick(random, ODD_NUMBERS), true);
  else view.setBigUint64(at, pick(random, [0n, 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]), true);
  return own;
}
