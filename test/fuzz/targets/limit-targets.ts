import { ACCEPTED, type FuzzTarget, must } from '../target.ts';
import { oddText, pick } from '../mutate.ts';
import { mutatedJson } from '../mutate-json.ts';
import { DECIMALS, exactly, near } from './text-targets.ts';
import { testInstrument } from '../../files-kit.ts';
import { parseRunRecord, RUN_CURVE_POINTS_MAX, RUN_RECORD_VERSION, runRecordText } from '../../../src/adapters/runs/run-record.ts';
import { parseRate, rateText } from '../../../src/core/risk/limit-text.ts';
import { type AnyLimitName, LIMIT_FORMS, limitText, readLimit } from '../../../src/core/risk/limit-values.ts';
import { makeCurrency } from '../../../src/model/currency.ts';
import { durationText, parseDuration } from '../../../src/model/duration-text.ts';

const DURATIONS = ['90s', '250ms', '1d', '1.5h', '0us', '0.000001s', '100d', '1.4us', '104249991.374d', '9007199254740991us'];
const UNIT_US: Readonly<Record<string, bigint>> = {
  us: 1n,
  ms: 1_000n,
  s: 1_000_000n,
  m: 60_000_000n,
  h: 3_600_000_000n,
  d: 86_400_000_000n,
};

const durations: FuzzTarget = {
  name: 'duration',
  entries: ['src/model/duration-text.ts#parseDuration'],
  inputs: 'lengths of time',
  oracle: 'the microseconds of a second reading, digit by digit; what it is written as is read as the same',
  open: () => ({
    generate: near(DURATIONS),
    feed: (input) => {
      const text = input as string;
      const us = parseDuration(text);
      if (us === null) return 'no length of time';
      must(Number.isSafeInteger(us) && us >= 0, `${us} microseconds`);
      must(parseDuration(durationText(us)) === us, 'it is read as it is written');
      const [, number, unit] = /^([\d.]+)([a-z]+)$/.exec(text)!;
      const places = number!.split('.')[1]?.length ?? 0;
      must(exactly(number!, places)! * UNIT_US[unit!]! === BigInt(us) * 10n ** BigInt(places), `${text} is not ${us} microseconds`);
      return ACCEPTED;
    },
  }),
};

const rates: FuzzTarget = {
  name: 'rate',
  entries: ['src/core/risk/limit-text.ts#parseRate'],
  inputs: 'numbers of orders within a length of time',
  oracle: 'what is read is written as the same',
  open: () => ({
    generate: near(['100 per 1s', '1 per 250ms', '100000 per 1d', '0 per 1m', '5 per 1.5h']),
    feed: (input) => {
      const rate = parseRate(input as string);
      if (rate === null) return 'no rate';
      const again = parseRate(rateText(rate));
      must(rate.windowUs > 0 && again?.count === rate.count && again.windowUs === rate.windowUs, 'it is read as it is written');
      return ACCEPTED;
    },
  }),
};

const NAMES = Object.keys(LIMIT_FORMS) as AnyLimitName[];
const INSTRUMENT = testInstrument(2, 3);
const CURRENCIES = new Map([makeCurrency('USD'), makeCurrency('BTC', 8)].map((currency) => [currency.code, currency]));

const limits: FuzzTarget = {
  name: 'limit',
  entries: ['src/core/risk/limit-values.ts#readLimit'],
  inputs: 'values of every limit',
  oracle: 'a sentence, or a value that is written as what is read as the same',
  open: () => ({
    generate: (random) => ({
      name: pick(random, NAMES),
      text: near([...DECIMALS, ...DURATIONS, '1000 USD', '0.00000001 BTC', '7 EUR', 'true', 'false', '100 per 1s', '0.05'])(random),
    }),
    feed: (input) => {
      const { name, text } = input as { readonly name: AnyLimitName; readonly text: string };
      const value = readLimit(name, text, INSTRUMENT, CURRENCIES);
      if (typeof value === 'string') return 'refused';
      const { kind } = LIMIT_FORMS[name];
      const [written, unit] = limitText(name, value, INSTRUMENT);
      const again = readLimit(name, kind === 'MONEY' ? `${written} ${unit}` : written, INSTRUMENT, CURRENCIES);
      must(limitText(name, again as typeof value, INSTRUMENT).join(' ') === `${written} ${unit}`, `${written} ${unit} is read as another`);
      if (typeof value === 'number') must(again === value && Number.isSafeInteger(value) && value >= 0, `${name} is ${value}`);
      if (typeof value === 'object' && 'amount' in value)
        must(value.amount >= 0n && (again as typeof value).amount === value.amount, 'an amount is kept to its last unit');
      return ACCEPTED;
    },
  }),
};

const RECORD = {
  version: RUN_RECORD_VERSION,
  kind: 'backtest',
  run: '20240105-small',
  name: 'small',
  note: '',
  status: 'DONE',
  tsStarted: 1_700_000_000_000_000,
  digest: '0'.repeat(32),
  currency: 'USD',
  equity: [100_000, 100_012.5],
  figures: { sharpe: 1.25, sortino: null },
};

const runRecord: FuzzTarget = {
  name: 'run-record',
  entries: ['src/adapters/runs/run-record.ts#parseRunRecord'],
  inputs: 'what folders of runs tell of them',
  oracle: 'none, or one that is written as what is read as the same, with a name that is no path',
  open: () => ({
    generate: (random) => (random.nextBelow(40) === 0 ? oddText(random) : mutatedJson(random, RECORD)),
    feed: (input) => {
      const record = parseRunRecord(input as string);
      if (record === null) return 'no record';
      must(/^[\w.-]{1,128}$/.test(record.run) && record.equity.length <= RUN_CURVE_POINTS_MAX, 'its bounds');
      const text = runRecordText(record);
      const again = parseRunRecord(text);
      must(again !== null && runRecordText(again) === text, 'it is read as it is written');
      return ACCEPTED;
    },
  }),
};

export const LIMIT_TARGETS: readonly FuzzTarget[] = [durations, rates, limits, runRecord];
