import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../../test/files-kit.ts';
import { stream } from '../../../base/random.ts';
import { MemorySource } from '../byte-source.ts';
import { readDecimalText } from '../field-text.ts';
import { LINE_BYTES_MAX } from '../line-buffer.ts';
import { TableScanner, wordBytes } from './table-scanner.ts';

function tableOf(...texts: readonly string[]): TableScanner {
  return new TableScanner(
    texts.map((text, n) => () => new MemorySource(`${n}.csv`, new TextEncoder().encode(text))),
    { priceDecimals: 2, quantityDecimals: 0 },
  );
}

function rowOf(text: string): TableScanner {
  const table = tableOf(text);
  table.startFile();
  expect(table.nextRow(0)).toBe(true);
  return table;
}

/** What the exact and slow reader says: a count, or the code it refuses with. */
function slowly(text: string, decimals: number): number | string {
  const { code, value } = text === '' ? { code: 'VALUE_MISSING', value: 0 } : readDecimalText(text, decimals, false, false);
  return code ?? value;
}

/** What tables make of numbers, each the first cell of a row. */
function quickly(cases: readonly (readonly [string, number])[]): readonly (number | string)[] {
  const table = tableOf(cases.map(([text]) => `${text},\n`).join(''));
  table.startFile();
  return cases.map(([, decimals]) => {
    table.nextRow(2);
    try {
      return table.count(0, decimals);
    } catch (error) {
      return problemOf(() => {
        throw error;
      }).code;
    }
  });
}

/** Cases and what is made of them, so that a failure names the case. */
function told(cases: readonly (readonly [string, number])[], results: readonly (number | string)[]): readonly unknown[] {
  return cases.map((each, n) => [...each, results[n]]);
}

describe('tables', () => {
  it('numbers are what the exact reader makes of them, at any count of decimals', () => {
    const texts = ['0', '00.10', '.5', '5.', '.', '', '1e3', '-1', '+1', '1.2.3', ' 1', '1 ', '0x1', 'NaN', 'Infinity', '9007199254740991'];
    texts.push('9007199254740992', '90071992547409.91', '0.00000000000000001', '99999999999999999999', '1.000000000000000000');
    const cases = texts.flatMap((text) => [-4, -1, 0, 2, 8, 15, 18].map((decimals) => [text, decimals] as const));
    expect(told(cases, quickly(cases))).toEqual(
      told(
        cases,
        cases.map(([text, decimals]) => slowly(text, decimals)),
      ),
    );
  });

  it('numbers of random digits too', () => {
    const seed = 20_260_101;
    const random = stream(seed, 'table-numbers');
    const cases = Array.from({ length: 5000 }, () => {
      const digits = Array.from({ length: 1 + random.nextBelow(18) }, () => random.nextBelow(10)).join('');
      const point = random.nextBelow(digits.length + 2);
      const text = point > digits.length ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
      return [text, random.nextBelow(14) - 4] as const;
    });
    expect([seed, ...told(cases, quickly(cases))]).toEqual([
      seed,
      ...told(
        cases,
        cases.map(([text, decimals]) => slowly(text, decimals)),
      ),
    ]);
  });

  it('empty lines are passed over and counted, line ends of both kinds are taken off', () => {
    const table = tableOf('\n\na,b\r\n\r\nc,d');
    table.startFile();
    const rows: unknown[] = [];
    while (table.nextRow(2)) rows.push([table.line, table.text(0), table.text(1)]);
    expect(rows).toEqual([
      [3, 'a', 'b'],
      [5, 'c', 'd'],
    ]);
  });

  it('files follow each other with lines of their own', () => {
    const table = tableOf('a\nb\n', 'c\n');
    expect([table.progress, table.nextRow(1)]).toEqual([0, false]);
    const rows: unknown[] = [];
    while (table.startFile()) while (table.nextRow(1)) rows.push([table.file, table.line, table.text(0)]);
    expect(rows).toEqual([
      ['0.csv', 1, 'a'],
      ['0.csv', 2, 'b'],
      ['1.csv', 1, 'c'],
    ]);
    expect(table.progress).toBe(1);
  });

  it('words are compared byte by byte', () => {
    const table = rowOf('buy,buyer,b,');
    const words = wordBytes('sell', 'buy');
    expect([0, 1, 2, 3].map((column) => table.wordOf(column, words))).toEqual([1, -1, -1, -1]);
    expect([0, 1, 2, 3].map((column) => table.letter(column))).toEqual([-1, -1, 98, -1]);
  });

  it('a table that is longer than what is held at a time reads the same', () => {
    const line = `${'7'.repeat(15)},x\n`;
    const rows = Math.ceil((2.5 * LINE_BYTES_MAX) / line.length);
    const table = tableOf(line.repeat(rows));
    table.startFile();
    let sum = 0;
    let seen = 0;
    while (table.nextRow(2)) {
      sum += table.count(0, 0) - 777_777_777_777_777;
      seen += 1;
    }
    expect([seen, sum, table.line]).toEqual([rows, 0, rows]);
  });

  it('a line without an end and rows of another width are refused with their line', () => {
    const long = tableOf(`a\n${'x'.repeat(LINE_BYTES_MAX + 1)}`);
    long.startFile();
    expect(problemOf(() => [long.nextRow(1), long.nextRow(1)])).toMatchObject({ code: 'LINE_TOO_LONG', line: 2 });
    const ragged = tableOf('a,b\nc\n');
    ragged.startFile();
    ragged.nextRow(2);
    expect(problemOf(() => ragged.nextRow(2))).toMatchObject({ code: 'ROW_SHORT', line: 2, value: 'c' });
  });
});
