import { describe, expect, it } from 'vitest';
import { printableLine } from './printable-line.ts';

describe('a line that is safe to print', () => {
  it('SEC-42: writes CR, LF, ANSI, C1 controls and marks of direction as escapes', () => {
    expect(printableLine('a\r\nb')).toBe('a\\u000d\\u000ab');
    expect(printableLine('\u001b[31mred')).toBe('\\u001b[31mred');
    expect(printableLine('\u009b31m')).toBe('\\u009b31m');
    expect(printableLine('x\u2028y\u2029z\u202eabc\u2066')).toBe('x\\u2028y\\u2029z\\u202eabc\\u2066');
    expect(printableLine('\0\t\u007f\u200b')).toBe('\\u0000\\u0009\\u007f\\u200b');
    expect(printableLine('\u{e0041}')).toBe('\\udb40\\udc41');
  });

  it('SEC-42: an escape that stood in the text differs from one that was written for a control', () => {
    expect(printableLine('\\u000a')).toBe('\\\\u000a');
    expect(printableLine('\n')).toBe('\\u000a');
  });

  it('leaves letters of every script and pairs of surrogates as they are, and escapes halves', () => {
    expect(printableLine('naïve Ω 取引 🚀')).toBe('naïve Ω 取引 🚀');
    expect(printableLine('\ud83d x \ude80')).toBe('\\ud83d x \\ude80');
  });

  it('cuts what is too long and says how much', () => {
    expect(printableLine('abcdef', 4)).toBe('abcd… (2 more)');
  });
});
