import { expect, it } from 'vitest';
import { malformedTimeRule } from './time-hint.ts';

it.each([
  ['1420070400', 'iso', 'epoch-s'],
  ['1420070400000', 'iso', 'epoch-ms'],
  ['1420070400000000', 'dd/MM/yyyy', 'epoch-us'],
  ['1420070400000000000', 'iso', 'epoch-ns'],
  ['2020-01-02 10:00', 'epoch-ms', 'iso'],
])('%s, read as %s, looks like %s', (text, format, looksLike) => {
  expect(malformedTimeRule(text, format)).toBe(
    `The time is read as ${format}, and the text has another form. It looks like timeFormat: ${looksLike}.`,
  );
});

it.each([
  ['02/01/2020', 'iso'],
  ['2020-13-45', 'iso'],
  ['123', 'iso'],
])('%s, read as %s, looks like nothing known, and no guess is made', (text, format) => {
  expect(malformedTimeRule(text, format)).toBe(`The time is read as ${format}, and the text has another form.`);
});
