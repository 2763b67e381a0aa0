import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf } from '../../../test/files-kit.ts';
import { planImport } from './import-options.ts';
import type { ImportOptions } from './planned-import.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

// The finest price is 1.9531 with four decimals, the finest quantity 2.5 with one.
const BYBIT =
  '{"topic":"orderbook.50.XRPUSDT","type":"snapshot","ts":1733011200691,"data":{"s":"XRPUSDT","b":[["1.9531","2.50"]],"a":[["1.96","1"]],"u":1,"seq":1}}\n';
const file = folder.write('xrp.data', BYBIT);
const options = (more: Partial<ImportOptions>): ImportOptions => ({
  store: './data',
  instrument: 'XRP-USDT.BYBIT',
  recording: 'bybit',
  ...more,
});

describe('the decimals of a recording that is imported', () => {
  it('are the fewest that hold every row, or more where the command says so', () => {
    const plan = planImport([file], options({}));
    expect([plan.instrument.priceDecimals, plan.instrument.quantityDecimals]).toEqual([4, 1]);
    expect(plan.assumed[0]).toContain('Prices have 4 decimals and quantities 1 decimal, the fewest that hold every row;');
    const more = planImport([file], options({ priceDecimals: '6' }));
    expect([more.instrument.priceDecimals, more.instrument.quantityDecimals]).toEqual([6, 1]);
    // What was said is not told as if it had been found.
    expect(more.assumed[0]).toMatch(/^Quantities have 1 decimal, the fewest/);
  });

  it.each([
    ['priceDecimals', '3', '--price-decimals', 'Prices of the recording need 4 decimals', 'Give --price-decimals 4, or leave it out.'],
    [
      'quantityDecimals',
      '0',
      '--quantity-decimals',
      'Quantities of the recording need 1 decimal',
      'Give --quantity-decimals 1, or leave it out.',
    ],
  ])('are not fewer: %s %s', (key, value, option, rule, fix) => {
    const problem = problemOf(() => planImport([file], options({ [key]: value })));
    expect(problem).toMatchObject({ code: 'OPTION_INVALID', file: option, value, fix });
    expect(problem.rule).toContain(rule);
  });
});
