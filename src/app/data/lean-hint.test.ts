import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, zipOf } from '../../../test/files-kit.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { resolveRun } from '../backtest/resolve-run.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { planImport } from './import-options.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

const MINUTES = '34200000,1674100,1674100,1672500,1672700,3197\n34260000,1672700,1673000,1672500,1672700,100\n';
const DAYS = '20130101 00:00,1.31,1.32,1.30,1.31,0,1.32,1.33,1.31,1.32,0\n20130102 00:00,1.31,1.32,1.30,1.31,0,1.32,1.33,1.31,1.32,0\n';
const HOURS = '20130101 00:00,1.31,1.32,1.30,1.31,5\n20130101 01:00,1.31,1.32,1.30,1.31,5\n';

/** Writes a file at a place below the folder; returns its path. */
function put(place: string, content: Uint8Array | string): string {
  const file = path.join(folder.path, ...place.split('/'));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function problemOf(files: readonly string[], kind?: string): InputProblem {
  try {
    planImport(files, { store: './data', instrument: 'SPY.ARCA', ...(kind === undefined ? {} : { kind }) });
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]!;
    throw error;
  }
  throw new Error('it was planned');
}

describe('a file of LEAN data without --lean', () => {
  it('in a LEAN folder is told the whole command, with the days of the files that were given', () => {
    const first = put('lean/equity/usa/minute/spy/20131007_trade.zip', zipOf({ '20131007_spy_minute_trade.csv': MINUTES }));
    const last = put('lean/equity/usa/minute/spy/20131011_trade.zip', zipOf({ '20131011_spy_minute_trade.csv': MINUTES }));
    const problem = problemOf([first, last]);
    expect(problem).toMatchObject({ code: 'FORMAT_UNRECOGNIZED', file: first });
    expect(problem.rule).toBe('This is a file of LEAN data: minute bars of trades of spy.');
    expect(problem.fix).toBe(
      `Write: data import ${path.join(folder.path, 'lean')} --lean equity/usa/minute/spy --from-date 20131007 --to-date 20131011, beside the other options.`,
    );
  });

  it('of bid and ask by the day is told the stream of quotes', () => {
    const file = put('lean/forex/oanda/daily/eurusd.zip', zipOf({ 'eurusd.csv': DAYS }));
    expect(problemOf([file]).fix).toContain(`${path.join(folder.path, 'lean')} --lean forex/oanda/daily/eurusd/quote`);
  });

  it.each([
    [
      'by the name of its member',
      'a.zip',
      '20131007_spy_minute_trade.csv',
      MINUTES,
      'minute bars of trades of spy',
      'lean/SECURITY/MARKET/minute/spy/20131007_trade.zip',
    ],
    [
      'by the shape of its rows, days',
      'eurusd.zip',
      'eurusd.csv',
      DAYS,
      'daily bars of quotes of eurusd',
      'lean/SECURITY/MARKET/daily/eurusd_quote.zip',
    ],
    [
      'by the shape of its rows, hours',
      'btcusd_trade.zip',
      'btcusd.csv',
      HOURS,
      'hour bars of trades of btcusd',
      'lean/SECURITY/MARKET/hour/btcusd_trade.zip',
    ],
  ])('elsewhere is known %s and told where it belongs', (_how, name, member, text, what, place) => {
    const problem = problemOf([put(name, zipOf({ [member]: text }))]);
    expect(problem.rule).toBe(`This is a file of LEAN data: ${what}.`);
    expect(problem.fix).toContain(`put it at ${place}`);
  });

  it('with a file per contract is told to choose one', () => {
    const both = zipOf({ '20131007_es_minute_trade_201312.csv': MINUTES, '20131007_es_minute_trade_201403.csv': MINUTES });
    expect(problemOf([put('lean/future/cme/minute/es/20131007_trade.zip', both)]).fix).toContain('--member CONTRACT');
  });

  it('of open interest is told that it is not read', () => {
    const file = put('lean/future/cme/daily/es_openinterest.zip', zipOf({ 'es_201312.csv': '20131007 00:00,5\n20131008 00:00,6\n' }));
    expect(problemOf([file]).fix).toContain('not read');
  });

  it('of ticks of equities and forex is told the folder as for bars', () => {
    const trades = put(
      'lean/equity/usa/tick/ibm/20131007_trade.zip',
      zipOf({ '20131007_ibm_Trade_Tick.csv': '34200000,1836300,100,Q,1,0\n' }),
    );
    expect(problemOf([trades]).fix).toContain(' --lean equity/usa/tick/ibm --from-date 20131007 --to-date 20131007, beside');
    const quotes = put('lean/forex/oanda/tick/eurusd/20131007_quote.zip', zipOf({ '20131007_eurusd_quote_Tick.csv': '0,1.31,1.32\n' }));
    expect(problemOf([quotes]).fix).toContain(' --lean forex/oanda/tick/eurusd/quote --from-date');
  });

  it('of ticks of other markets is told a mapping of its columns that reads it', () => {
    const ticks = '34200000,1836.3,100\n34200500,1836.4,200\n';
    const file = put('lean/crypto/coinbase/tick/btcusd/20131007_trade.zip', zipOf({ '20131007_btcusd_Trade_Tick.csv': ticks }));
    const { fix } = problemOf([file]);
    const given = Object.fromEntries(
      [...fix.matchAll(/--([a-z-]+) ('[^']*'|[^\s,]+?)(?=[\s,]|\.$)/g)].map(([, name, value]) => [
        name!.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        value!.replaceAll("'", ''),
      ]),
    );
    const options = { store: './data', instrument: 'IBM.X', ...given, priceDecimals: '4', quantityDecimals: '0' };
    expect(planImport([file], options).source).toMatchObject({
      format: {
        kind: 'trades',
        columns: { timeOfDay: 1, price: 2, quantity: 3 },
        timeOfDayFormat: 'ms-of-day',
        fileDate: '2013-10-07',
        zone: 'UTC',
      },
    });
  });

  it('in a run file is told the keys of lean: in place of csv:', async () => {
    put(
      'lean/forex/oanda/minute/eurusd/20131007_quote.zip',
      zipOf({ '20131007_eurusd_minute_quote.csv': '0,1,1,1,1,0,2,2,2,2,0\n60000,1,1,1,1,0,2,2,2,2,0\n' }),
    );
    const file = folder.write(
      'run.yaml',
      `instruments: [{ id: EUR-USD.OANDA, kind: fx }]
accounts: [{ balances: { USD: 1 } }]
strategies: [{ use: moving-average-crossover }]
data: [{ csv: lean/forex/oanda/minute/eurusd/20131007_quote.zip }]
`,
    );
    const root = path.join(folder.path, 'lean');
    const fix = `Write kind: quote-bars and lean: { root: ${root}, security: forex, market: oanda, resolution: minute, symbol: eurusd, fromDate: 20131007, toDate: 20131007 } in place of csv:.`;
    await expect(resolveRun(readRunFile(file), loadStrategyFile)).rejects.toMatchObject({
      problems: [{ code: 'FORMAT_UNRECOGNIZED', fix }],
    });
  });
});

describe('other files', () => {
  it('without a header are told to map their columns, as before, also in a zip', () => {
    for (const file of [put('plain.csv', MINUTES), put('plain.zip', zipOf({ 'other.csv': HOURS }))])
      expect(problemOf([file]).fix).toContain('Map all of them');
  });

  it('in a folder are asked for by name', () => {
    mkdirSync(path.join(folder.path, 'empty'));
    expect(problemOf([path.join(folder.path, 'empty')])).toMatchObject({ code: 'OPTION_INVALID', rule: 'This is a folder.' });
  });
});
