import { describe, expect, it } from 'vitest';
import { csvCell } from './csv-cell.ts';

describe('a cell of a CSV file', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', "' =1"],
    ['＝1', "'＝1"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['\r=1', '"\'\r=1"'],
  ])('SEC-46: %j is neutralised', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it.each(['-12.5', '+3', '0.00000001', 'BTC-USDT', 'plain text', ''])('leaves %j as it is', (text) => {
    expect(csvCell(text)).toBe(text);
  });

  it('quotes commas, quotes and line ends', () => {
    expect(csvCell('a,b')).toBe('"a,b"');
    expect(csvCell('say "x"')).toBe('"say ""x"""');
    expect(csvCell('a\nb')).toBe('"a\nb"');
  });
});
