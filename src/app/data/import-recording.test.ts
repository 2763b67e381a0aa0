import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf, zipOf } from '../../../test/files-kit.ts';
import { mbo, metadata } from '../../adapters/files/recordings/dbn.fixture.ts';
import { describeCsv } from './csv-description.ts';
import { InputError } from '../../ports/errors.ts';
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

describe('a recording without --recording', () => {
  const packed = folder.write('xrp.zip', zipOf({ 'xrp.data': BYBIT }));
  const binance = folder.write(
    'btc.txt',
    '1723161255030314667 {"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","p":"1","q":"1","t":1,"T":1}}\n',
  );
  const dbn = folder.write('es.dbn', Buffer.concat([metadata(), mbo()]));

  it.each([
    ['a zip of Bybit', packed, 'bybit'],
    ['messages of Binance', binance, 'binance'],
    ['a DBN file', dbn, 'databento'],
  ])('%s is told to be one, and what to add', (_, path, format) => {
    const problem = problemOf(() => planImport([path], { store: './data', instrument: 'X-Y.Z' }));
    expect(problem).toMatchObject({ code: 'FORMAT_UNRECOGNIZED', file: path, line: 1 });
    expect(problem.rule).toContain(`a recording of the format ${format}`);
    expect(problem.fix).toContain(`Add --recording ${format} and --kind book-deltas`);
    const ofKind = problemOf(() => planImport([path], { store: './data', instrument: 'X-Y.Z', kind: 'book-deltas' }));
    expect(ofKind.fix).toBe(`Add --recording ${format}.`);
  });

  it('in csv: of a run file is told what to write there', () => {
    const fix = problemOf(() =>
      describeCsv(
        [packed],
        { layout: {}, kind: undefined, every: undefined, describedIn: 'run file' },
        (_, rule) => new InputError([{ code: 'OPTION_INVALID', rule, fix: '' }]),
      ),
    ).fix;
    expect(fix).toContain(`Write recording: { format: bybit, file: ${packed} } in place of csv:`);
  });

  it('is not suspected in a table that is laid out strangely', () => {
    const strange = folder.write('strange.csv', 'one,two\n1,2\n3,4\n');
    expect(problemOf(() => planImport([strange], { store: './data', instrument: 'X-Y.Z' })).rule).not.toContain('recording');
  });
});
