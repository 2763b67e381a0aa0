import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { FactorAdjuster, readFactorFile, readLeanActions, splitRatio } from './lean-factors.ts';
import { openLeanBars, openLeanQuoteBars } from './lean-reader.ts';
import { sharedDataFolder, WITHOUT_SHARED_DATA } from '../../../reference/shared-data.ts';
import { makeFolder, problemOf, testInstrument } from '../../../test/files-kit.ts';
import { ZoneClock } from '../../ports/zone-clock.ts';

const folder = makeFolder();
afterAll(folder.remove);
const root = `${sharedDataFolder()}/lean`;
const isThere = existsSync(root);
const WHY = isThere ? '' : WITHOUT_SHARED_DATA;
const utc = (text: string): number => Date.parse(text) * 1000;
const newYork = new ZoneClock('America/New_York');

describe.skipIf(!isThere)(`LEAN folders${WHY}`, () => {
  const spy = { root, security: 'equity', market: 'usa', symbol: 'spy' } as const;

  it('daily zips of one symbol are one stream in order of date, and the session filter keeps 390 minutes of a day', () => {
    const reader = openLeanBars({
      ...spy,
      resolution: 'minute',
      instrument: testInstrument(4),
      fromDate: '20131007',
      toDate: '20131008',
      session: { from: '09:30', to: '16:00', zone: 'America/New_York' },
    });
    const block = reader.next()!;
    expect(block.length).toBe(780);
    expect([block.tsOpen[0], block.tsEvent[389], block.tsOpen[390]]).toEqual([
      utc('2013-10-07T13:30:00Z'),
      utc('2013-10-07T20:00:00Z'),
      utc('2013-10-08T13:30:00Z'),
    ]);
    expect(reader.next()).toBeNull();
  });

  it('R3.1: the adjusted ask of 2013-10-07 09:31 is 144.78172417 (raw 167.45 × 0.8646266)', () => {
    const reader = openLeanQuoteBars({
      ...spy,
      resolution: 'minute',
      instrument: testInstrument(8),
      fromDate: '20131007',
      toDate: '20131007',
      prices: 'adjusted',
      range: { fromTs: utc('2013-10-07T13:30:00Z'), toTs: utc('2013-10-07T13:31:00Z') },
    });
    expect(reader.next()!.askClose[0]).toBe(14_478_172_417);
  });

  it('R3.5: the dividends of SPY from 1998 to 2006 on 512 shares are 6,789.12', () => {
    const actions = readLeanActions({
      factorFile: `${root}/equity/usa/factor_files/spy.csv`,
      instrument: testInstrument(4),
      clock: newYork,
      fromTs: utc('1998-01-01T05:00:00Z'),
      toTs: utc('2006-01-01T05:00:00Z'),
    });
    expect(actions.every((action) => action.kind === 'DividendPaid')).toBe(true);
    const perShare = actions.reduce((sum, action) => sum + (action.kind === 'DividendPaid' ? action.amountPerUnit : 0n), 0n);
    // 6,789.12 / 512 = 13.26 a share; USD counts 10^-8 here.
    expect(perShare * 512n).toBe(678_912_000_000n);
    // 1998-03-19 (a Thursday) is the last day of the first row with an event: it takes effect on the Friday.
    expect(actions[0]!.tsInit).toBe(utc('1998-03-20T05:00:00Z') + 1);
  });

  it('Apple split seven for one on 2014-06-09 and four for one on 2020-08-31, as its rounded factors show', () => {
    const actions = readLeanActions({
      factorFile: `${root}/equity/usa/factor_files/aapl.csv`,
      instrument: testInstrument(4),
      clock: newYork,
    });
    expect(
      actions
        .filter((action) => action.kind === 'SplitEffective')
        .map(({ tsInit, numerator, denominator }) => [tsInit, numerator, denominator]),
    ).toEqual([
      [utc('2000-06-21T04:00:00Z') + 1, 2, 1],
      [utc('2005-02-28T05:00:00Z') + 1, 2, 1],
      [utc('2014-06-09T04:00:00Z') + 1, 7, 1],
      [utc('2020-08-31T04:00:00Z') + 1, 4, 1],
    ]);
  });
});

describe('factor files', () => {
  it('a reverse split turns round, and a ratio that is not simple stays as it is', () => {
    expect(splitRatio(8n, 1n)).toEqual({ numerator: 1, denominator: 8 });
    expect(splitRatio(111_110_990n, 333_333_000n)).toEqual({ numerator: 3, denominator: 1 });
    expect(splitRatio(997_307n, 1_000_000n)).toEqual({ numerator: 1_000_000, denominator: 997_307 });
  });

  it('a row holds up to and including its date; after the last row nothing is adjusted', () => {
    const adjuster = new FactorAdjuster(readFactorFile(folder.write('two.csv', '20200102,0.5,0.25,5\n20200110,0.9,1,5\n')));
    const adjusted = (day: string): readonly number[] => {
      adjuster.setDay(utc(`${day}T09:30:00Z`));
      return [adjuster.price(1000), adjuster.quantity(10)];
    };
    expect(['2020-01-02', '2020-01-03', '2020-01-10', '2020-01-13'].map(adjusted)).toEqual([
      [125, 40],
      [900, 10],
      [900, 10],
      [1000, 10],
    ]);
  });

  it('falling dates, zero factors and text are refused with the line', () => {
    const refusal = (text: string): unknown => {
      const { code, line } = problemOf(() => readFactorFile(folder.write('factors.csv', text)));
      return [code, line];
    };
    expect(refusal('20200102,1,1,5\n20200101,1,1,0\n')).toEqual(['FACTORS_INVALID', 2]);
    expect(refusal('20200102,0,1,5\n')).toEqual(['FACTORS_INVALID', 1]);
    expect(refusal('20200102,x,1,5\n')).toEqual(['FACTORS_INVALID', 1]);
    expect(refusal('2020010,1,1,5\n')).toEqual(['FACTORS_INVALID', 1]);
  });

  it('adjusted prices need an instrument with 8 decimals', () => {
    const options = { root, security: 'equity', market: 'usa', resolution: 'daily', symbol: 'spy', prices: 'adjusted' } as const;
    expect(problemOf(() => openLeanBars({ ...options, instrument: testInstrument(4) })).code).toBe('FORMAT_INVALID');
  });
});
