import { type FuzzTarget, must, verdictOf, ACCEPTED } from '../target.ts';
import { mutatedText, ODD_NUMBERS, ODD_TEXTS, oddText, pick } from '../mutate.ts';
import { mutatedData } from '../mutate-json.ts';
import type { Random } from '../../../src/base/random.ts';
import { formatDecimal, parseBigDecimal, parseDecimal } from '../../../src/base/decimal.ts';
import { splitLine, readDecimalText } from '../../../src/adapters/files/field-text.ts';
import { makeStampParser } from '../../../src/adapters/files/stamp-parser.ts';
import { buildCalendar, type CalendarDefinition } from '../../../src/adapters/time-zones/calendar-builder.ts';
import { isBarSpecificationRefusal, parseBarInterval, parseBarSpecification } from '../../../src/model/bar-specification.ts';
import { dayNumberOf, formatDate, parseDate } from '../../../src/model/civil-date.ts';
import { parseBillionths } from '../../../src/model/fees.ts';
import { instantText, parseInstant } from '../../../src/model/instant.ts';
import { type ParameterDescriptors, resolveParameters } from '../../../src/model/parameters.ts';

export const DECIMALS = [
  '0',
  '1',
  '-1',
  '0.1',
  '12.50',
  '-0.00000001',
  '1e3',
  '1.5E-3',
  '9007199254740991',
  '90071992547409.91',
  '00012.5000',
  '+7',
  '.5',
  '5.',
];

/** A text near one of the samples, or none of them. */
export function near(samples: readonly string[]): (random: Random) => string {
  return (random) => (random.nextBelow(20) === 0 ? oddText(random) : mutatedText(random, pick(random, samples)));
}

/** The exact value of a decimal text, or null where it is none: by another way than the parser's, digit for digit. */
export function exactly(text: string, decimals: number): bigint | null {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null || match[2]! + match[3]! === '') return null;
  const shift = Number(match[4] ?? 0) + decimals;
  const digits = `${match[2]!}${match[3]!.padEnd(Math.max(0, shift), '0')}`;
  const point = match[2]!.length + shift;
  const [whole, rest] = point >= 0 ? [digits.slice(0, point), digits.slice(point)] : ['', digits];
  if (/[1-9]/.test(rest)) return null;
  const count = BigInt(whole === '' ? '0' : whole);
  return match[1] === '-' ? -count : count;
}

const decimals: FuzzTarget = {
  name: 'decimal',
  entries: ['src/base/decimal.ts#parseBigDecimal', 'src/base/decimal.ts#parseDecimal', 'src/model/fees.ts#parseBillionths'],
  inputs: 'decimal texts',
  oracle: 'the value is that of a second reading digit by digit, and a safe integer where that was asked for',
  open: () => ({
    generate: (random) => ({ text: near(DECIMALS)(random), decimals: random.nextBelow(19) }),
    feed: (input) => {
      const { text, decimals: places } = input as { readonly text: string; readonly decimals: number };
      const big = parseBigDecimal(text, places);
      const small = parseDecimal(text, places);
      must(typeof parseBillionths(text) === 'number' || typeof parseBillionths(text) === 'string', 'a rate is a number or a refusal');
      if (typeof big === 'string') {
        must(small === big, 'both refuse alike');
        return big;
      }
      if (text.length < 200) must(exactly(text, places) === big, `${text} is ${String(exactly(text, places))} and not ${big}`);
      must(parseBigDecimal(formatDecimal(big, places), places) === big, 'what it is written as is read as the same');
      must(
        typeof small === 'number' ? Number.isSafeInteger(small) && BigInt(small) === big : small === 'OUT_OF_RANGE',
        'a safe integer, or out of range',
      );
      return typeof small === 'number' ? ACCEPTED : small;
    },
  }),
};

const fieldText: FuzzTarget = {
  name: 'field-text',
  entries: ['src/adapters/files/field-text.ts#readDecimalText', 'src/adapters/files/field-text.ts#splitLine'],
  inputs: 'cells and lines of tables',
  oracle: 'a count is a safe integer; a line has as many fields as delimiters ask for',
  open: () => ({
    generate: (random) => ({
      text: near([...DECIMALS, 'a,"b,c",d', '1;2;3', '"open'])(random),
      delimiter: pick(random, [',', ';', '\t', '|']),
      may: random.nextBelow(4),
    }),
    feed: (input) => {
      const { text, delimiter, may } = input as { readonly text: string; readonly delimiter: string; readonly may: number };
      const fields = splitLine(text, delimiter);
      must(fields.length >= 1 && fields.length <= text.length + 1, 'a line has a field');
      const reading = readDecimalText(text, 8, (may & 1) === 1, (may & 2) === 2) as unknown as {
        readonly code?: string;
        readonly count?: number;
      };
      const code = Object.values(reading).find((value) => typeof value === 'string');
      return typeof code === 'string' ? code : ACCEPTED;
    },
  }),
};

const times: FuzzTarget = {
  name: 'time-text',
  entries: ['src/model/civil-date.ts#parseDate', 'src/model/instant.ts#parseInstant'],
  inputs: 'dates and instants',
  oracle: 'what is read is written as the same instant',
  open: () => ({
    generate: near([
      '2004-08-19',
      '2004-08-19T13:30',
      '2004-08-19T13:30:00.25Z',
      '1684-07-28T00:12:25.259009Z',
      '2255-06-05T23:47:34.740991Z',
      '2024-02-29',
      '0000-01-01',
    ]),
    feed: (input) => {
      const text = input as string;
      const day = parseDate(text);
      if (day !== null) must(formatDate(day) === text, 'a date is written as it was');
      const ts = parseInstant(text);
      if (ts === null) return 'no instant';
      must(Number.isSafeInteger(ts), 'an instant is a safe integer');
      must(parseInstant(instantText(ts)) === ts, 'an instant is read as it is written');
      return ACCEPTED;
    },
  }),
};

/** Later than any stamp of four digits for its year. Whoever reads looks whether a stamp is finite: one that is not is no stamp. */
const YEAR_10000_US = 253_402_300_800e6 + 1;
const stampFormats = ['iso', 'yyyy-MM-dd HH:mm:ss', 'yyyyMMdd HHmmss', 'dd.MM.yyyy HH:mm:ss.SSS', 'epoch-ms'];
const stamps: FuzzTarget = {
  name: 'stamp',
  entries: ['src/adapters/files/stamp-parser.ts#makeStampParser'],
  inputs: 'patterns of stamps, and stamps',
  oracle: 'a stamp is not finite, or microseconds of a year of four digits',
  open: () => ({
    generate: (random) => ({
      format: random.nextBelow(3) === 0 ? near(stampFormats)(random) : pick(random, stampFormats),
      text: near([
        '2013-10-07T13:31:00.000000Z',
        '2013-10-07 13:31:00',
        '20131007 133100',
        '07.10.2013 13:31:00.250',
        '1381152660000',
        '13:31',
      ])(random),
    }),
    feed: (input) => {
      const { format, text } = input as { readonly format: string; readonly text: string };
      return verdictOf(() => {
        const parser = makeStampParser(format, 'stamp');
        const us = parser.read(new TextEncoder().encode(`${text}\n`), 0);
        must(!Number.isFinite(us) || Math.abs(us) < YEAR_10000_US, `a stamp is no ${us}`);
      });
    },
  }),
};

const bars: FuzzTarget = {
  name: 'bar-interval',
  entries: ['src/model/bar-specification.ts#parseBarSpecification', 'src/model/bar-specification.ts#parseBarInterval'],
  inputs: 'bar specifications and intervals',
  oracle: 'the canonical text means the same',
  open: () => ({
    generate: near(['1m', '5m', '60m', '1h', '4h', '1d', '1w', '100t', '1000v', '50000n', '1M', '1mo', '30s']),
    feed: (input) => {
      const text = input as string;
      const interval = parseBarInterval(text);
      if (interval !== null) must(Number.isSafeInteger(interval.us) && interval.us > 0, 'an interval has a length');
      const read = parseBarSpecification(text, 'trades');
      if (isBarSpecificationRefusal(read)) return interval === null ? 'refused' : ACCEPTED;
      const again = parseBarSpecification(read.text, 'trades');
      must(!isBarSpecificationRefusal(again) && again.step === read.step && again.text === read.text, 'the canonical text is its own');
      return ACCEPTED;
    },
  }),
};

const DESCRIPTORS: ParameterDescriptors = {
  fast: { type: 'integer', default: 5, min: 1, max: 100, description: '' },
  weight: { type: 'number', default: 0.5, min: 0, max: 1, description: '' },
  short: { type: 'boolean', default: false, description: '' },
  side: { type: 'choice', default: 'both', choices: ['both', 'long'], description: '' },
  quantity: { type: 'decimal', default: '1.5', description: '' },
  every: { type: 'text', default: '1m', description: '' },
};
const parameters: FuzzTarget = {
  name: 'parameters',
  entries: ['src/model/parameters.ts#resolveParameters'],
  inputs: 'values of strategy parameters',
  oracle: 'values have the types and ranges of their descriptors, and no other names',
  open: () => ({
    generate: (random) => mutatedData(random, { fast: 3, weight: 0.25, short: true, side: 'long', quantity: '12.50', every: '5m' }),
    feed: (input) => {
      const given = typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Record<string, unknown>) : {};
      const { values, refusals } = resolveParameters(DESCRIPTORS, given);
      for (const [name, value] of Object.entries(values)) {
        const { type } = DESCRIPTORS[name]!;
        const wanted = type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'string';
        must(typeof value === wanted, `${name} is ${String(value)}`);
      }
      return refusals.length === 0 ? ACCEPTED : 'PARAMETER_INVALID';
    },
  }),
};

const CALENDAR: CalendarDefinition = {
  name: 'fuzz',
  zone: 'America/New_York',
  sessions: [{ days: [1, 2, 3, 4, 5], open: '09:30', close: '16:00' }],
  holidays: ['2024-07-04'],
  earlyCloses: { '2024-07-03': '13:00' },
  lateOpens: { '2024-07-05': '10:00' },
};
/** The shape stays what its type says; what the texts and numbers are is anybody's guess. */
function calendarFrom(random: Random): CalendarDefinition {
  const time = (own: Random): string =>
    own.nextBelow(4) === 0
      ? near(['09:30', '16:00', '24:00', '23:59:59'])(own)
      : pick(own, ['09:30', '12:00', '16:00', '24:00', '00:00', '23:59:59']);
  const day = (own: Random): string =>
    own.nextBelow(4) === 0 ? near(['2024-07-04', '2024-02-29'])(own) : `2024-07-0${1 + own.nextBelow(9)}`;
  const number = (): number => (random.nextBelow(12) === 0 ? pick(random, ODD_NUMBERS) : random.nextBelow(7));
  const session = (): CalendarDefinition['sessions'][number] => ({
    days: Array.from({ length: 1 + random.nextBelow(6) }, number),
    open: random.nextBelow(2) === 0 ? '09:30' : time(random),
    close: random.nextBelow(2) === 0 ? '16:00' : time(random),
    opensOnEve: random.nextBelow(3) === 0,
  });
  return {
    ...CALENDAR,
    zone:
      random.nextBelow(6) === 0
        ? random.nextBelow(2) === 0
          ? pick(random, ODD_TEXTS)
          : mutatedText(random, 'Europe/Berlin')
        : 'America/New_York',
    sessions: Array.from({ length: random.nextBelow(4) }, session),
    holidays: [day(random)],
    earlyCloses: { [day(random)]: time(random) },
  };
}
const calendars: FuzzTarget = {
  name: 'calendar',
  entries: ['src/adapters/time-zones/calendar-builder.ts#buildCalendar'],
  inputs: 'definitions of calendars',
  oracle: 'sessions of what is built are in order and do not overlap',
  open: () => ({
    generate: calendarFrom,
    feed: (input) => {
      const from = dayNumberOf(2024, 7, 1);
      return verdictOf(() => {
        const calendar = buildCalendar(input as CalendarDefinition, from, from + 14);
        for (let at = 0; at < calendar.sessionCount; at += 1)
          must(
            calendar.sessionOpen[at]! < calendar.sessionClose[at]! &&
              (at === 0 || calendar.sessionClose[at - 1]! <= calendar.sessionOpen[at]!),
            'in order',
          );
      });
    },
  }),
};

export const TEXT_TARGETS: readonly FuzzTarget[] = [decimals, fieldText, times, stamps, bars, parameters, calendars];
