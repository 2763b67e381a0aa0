import { expect, it } from 'vitest';
import { SerialTexts } from './serial-texts.ts';

it('a serial text is the prefix and the number as it is written, in whatever order numbers are asked for', () => {
  const texts = new SerialTexts('T-');
  const numbers = [0, 1, 9, 10, 999, 1000, 1001, 1010, 1100, 1999, 2000, 999_999, 1_000_000, 1_000_001, 12_345_678_901, 5, 1007, 2 ** 52];
  expect(numbers.map((number) => texts.text(number))).toEqual(numbers.map((number) => `T-${String(number)}`));
});
