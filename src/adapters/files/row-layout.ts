import { lengthWithoutEndZeros } from '../../base/decimal.ts';
import { type Instrument, INSTRUMENT_DECIMALS_MAX } from '../../model/instrument.ts';
import { KIND_FIELDS, type CsvColumn, type CsvField, type CsvFormat } from './csv-format.ts';
import { inputError } from './input-problem.ts';
import { makeStampParser, type StampParser } from './stamp-parser.ts';

/** How the bytes of a column are read. */
export const ColumnKind = { IGNORED: 0, DECIMAL: 1, STAMP: 2, NANOSECONDS: 3, SIDE: 4, FLAG: 5, TEXT: 6, SYMBOL: 7 } as const;
export type ColumnKind = (typeof ColumnKind)[keyof typeof ColumnKind];

/** One mapped column. */
export interface ColumnPlan {
  readonly field: CsvField;
  readonly column: CsvColumn;
  readonly kind: ColumnKind;
  /** DECIMAL: the value counts 10^-decimals; below 0 for prices in a finer scale than the instrument's. */
  readonly decimals: number;
  /** Whose decimals they are, for messages; empty for what is no price and no quantity. */
  readonly keptBy: string;
  readonly mayRound: boolean;
  readonly mayBeEmpty: boolean;
  readonly mayBeNegative: boolean;
  readonly parser: StampParser | null;
}

/** Fields that are counted in the decimals of prices. */
export const PRICES: ReadonlySet<CsvField> = new Set<CsvField>([
  'open',
  'high',
  'low',
  'close',
  'price',
  'bid',
  'ask',
  'bidOpen',
  'bidHigh',
  'bidLow',
  'bidClose',
  'askOpen',
  'askHigh',
  'askLow',
  'askClose',
]);
/** Fields that are counted in the decimals of quantities. */
export const QUANTITIES: ReadonlySet<CsvField> = new Set<CsvField>(['volume', 'quantity', 'bidSize', 'askSize']);
const BOOK_PRICES_AND_SIZES: ReadonlySet<CsvField> = new Set<CsvField>([
  'bid',
  'ask',
  'bidSize',
  'askSize',
  'bidOpen',
  'bidHigh',
  'bidLow',
  'bidClose',
  'askOpen',
  'askHigh',
  'askLow',
  'askClose',
]);
/** Microseconds counted by one unit of the epoch formats: 10^decimals of them. */
const EPOCH_DECIMALS: Readonly<Record<string, number>> = { 'epoch-s': 6, 'epoch-ms': 3, 'epoch-us': 0 };
const TIME_OF_DAY_DECIMALS: Readonly<Record<string, number>> = { 's-of-day': 6, 'ms-of-day': 3 };

/** True where the times of the format are instants, whatever the zone. */
export function isEpochFormat(timeFormat: string): boolean {
  return timeFormat.startsWith('epoch-');
}

/**
 * Plans the columns that a format maps.
 *
 * @throws InputError `FORMAT_INVALID` for a mapping that contradicts itself or lacks a needed column
 */
export function planColumns(format: CsvFormat, instrument: Instrument): readonly ColumnPlan[] {
  const { needed, optional } = KIND_FIELDS[format.kind];
  const columns = format.columns;
  const mapped = Object.keys(columns).filter((key) => columns[key as CsvField] !== undefined) as CsvField[];
  const allowed = new Set<CsvField>([...needed, ...optional, 'time', 'date', 'timeOfDay']);
  for (const field of mapped) {
    if (!allowed.has(field))
      throw invalid(`The column "${field}" does not belong to ${format.kind}.`, `Take one of ${[...allowed].join(', ')}.`);
  }
  for (const field of needed) {
    if (field === 'volume' && format.volume === 'absent') {
      if (columns.volume !== undefined) throw invalid('The description maps a volume column and says that there is none.');
    } else if (columns[field] === undefined) {
      throw invalid(
        `The description does not say where "${field}" is.`,
        field === 'volume' ? 'Map it, or state volume: absent.' : 'Map it.',
      );
    }
  }
  const hasTime = columns.time !== undefined;
  if (
    hasTime ? columns.date !== undefined || columns.timeOfDay !== undefined : columns.date === undefined && columns.timeOfDay === undefined
  ) {
    throw invalid('The description needs either a time column or a date column, the latter perhaps with timeOfDay.');
  }
  if ((columns.timeOfDay !== undefined) !== (format.timeOfDayFormat !== undefined)) {
    throw invalid('A timeOfDay column and a timeOfDayFormat go together.');
  }
  if ((columns.symbol !== undefined) !== (format.symbol !== undefined)) throw invalid('A symbol column and a symbol to take go together.');
  return mapped.map((field) => planColumn(field, columns[field]!, format, instrument));
}

function planColumn(field: CsvField, column: CsvColumn, format: CsvFormat, instrument: Instrument): ColumnPlan {
  if (typeof column === 'number' && !(Number.isInteger(column) && column >= 1)) {
    throw invalid(`Column numbers start at 1: "${field}" is ${column}.`);
  }
  const base = { field, column, decimals: 0, keptBy: '', mayRound: false, mayBeEmpty: false, mayBeNegative: false, parser: null };
  switch (field) {
    case 'time':
    case 'date':
      return { ...base, mayBeNegative: true, ...planTime(format.timeFormat, format.columns.timeOfDay === undefined ? 'stamp' : 'date') };
    case 'timeOfDay':
      return { ...base, ...planTime(format.timeOfDayFormat!, 'timeOfDay') };
    case 'symbol':
      return { ...base, kind: ColumnKind.SYMBOL };
    case 'side':
      return { ...base, kind: ColumnKind.SIDE };
    case 'buyerIsMaker':
      return { ...base, kind: ColumnKind.FLAG };
    case 'tradeId':
      return { ...base, kind: ColumnKind.TEXT };
    default: {
      const isPrice = PRICES.has(field);
      return {
        ...base,
        kind: ColumnKind.DECIMAL,
        decimals: isPrice ? instrument.priceDecimals - (format.priceScale ?? 0) : instrument.quantityDecimals,
        keptBy: instrument.id,
        mayRound: (isPrice ? format.round?.price : format.round?.quantity) !== undefined,
        mayBeEmpty: format.emptySide === 'absent' && BOOK_PRICES_AND_SIZES.has(field),
      };
    }
  }
}

/** What is wrong with a number of more decimals than its instrument counts in, in the words of who wrote the instrument. */
export function tooPreciseRule({ field, decimals, keptBy }: ColumnPlan, text: string, priceScale: number): string {
  const isPrice = PRICES.has(field);
  const scale = isPrice ? priceScale : 0;
  const key = isPrice ? 'priceDecimals' : 'quantityDecimals';
  const kept = decimals + scale;
  const match = /^[+-]?(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return `${keptBy} keeps ${kept} decimals, and the number has more: raise ${key}.`;
  const whole = match[1]!.padStart(scale + 1, '0');
  const at = whole.length - scale;
  const fraction = `${whole.slice(at)}${match[2] ?? ''}`;
  const written = `${text.startsWith('-') ? '-' : ''}${whole.slice(0, at)}.${fraction}`;
  // Zeros at the end need no decimals.
  const count = lengthWithoutEndZeros(fraction);
  const has = `${written} needs ${count} decimals, ${keptBy} keeps ${kept}`;
  if (count > INSTRUMENT_DECIMALS_MAX)
    return `${has}, and no instrument more than ${INSTRUMENT_DECIMALS_MAX}: round: { ${isPrice ? 'price' : 'quantity'}: half-even } rounds them.`;
  return `${has}: set ${key}: ${count}.`;
}

function planTime(format: string, kind: 'stamp' | 'date' | 'timeOfDay'): Pick<ColumnPlan, 'kind' | 'decimals' | 'parser'> {
  if (kind !== 'timeOfDay' && format === 'epoch-ns') return { kind: ColumnKind.NANOSECONDS, decimals: 0, parser: null };
  const decimals = kind === 'timeOfDay' ? TIME_OF_DAY_DECIMALS[format] : EPOCH_DECIMALS[format];
  if (decimals !== undefined) return { kind: ColumnKind.DECIMAL, decimals, parser: null };
  return { kind: ColumnKind.STAMP, decimals: 0, parser: makeStampParser(format, kind) };
}

/** Where the mapped columns stand in a file. */
export interface RowLayout {
  readonly columnCount: number;
  /** Header names, or numbers, for messages. */
  readonly names: readonly string[];
  /** Per column of the file: its plan, or null for a column that is passed over. */
  readonly plans: readonly (ColumnPlan | null)[];
}

/**
 * Finds the mapped columns among those of a file.
 *
 * @param header names, or null for a file without
 * @param columnCount columns of the first row of data
 * @throws InputError `COLUMN_MISSING`, `FORMAT_INVALID`
 */
export function placeColumns(file: string, plans: readonly ColumnPlan[], header: readonly string[] | null, columnCount: number): RowLayout {
  const placed: (ColumnPlan | null)[] = new Array<ColumnPlan | null>(columnCount).fill(null);
  for (const plan of plans) {
    const { column, field } = plan;
    if (typeof column === 'string' && header === null) {
      throw invalid(
        `"${field}" is given by the name "${column}", but the file has no header.`,
        'Give column numbers from 1, or state header: true.',
      );
    }
    const at = typeof column === 'number' ? column - 1 : header!.indexOf(column);
    const has =
      header === null
        ? `The file has ${columnCount} columns.`
        : `The header has: ${header.map((name) => (name === '' ? '(no name)' : name)).join(', ')}.`;
    if (at < 0 || at >= columnCount) {
      const other = header?.length === 1 ? /[;\t|,]/.exec(header[0]!)?.[0] : undefined;
      throw inputError('COLUMN_MISSING', {
        file,
        column: String(column),
        rule: `The column for "${field}" is not in the file. ${has}`,
        ...(other === undefined
          ? {}
          : { fix: `The fields seem to be parted by ${JSON.stringify(other)}: state delimiter: ${JSON.stringify(other)}.` }),
      });
    }
    if (typeof column === 'string' && header!.indexOf(column, at + 1) >= 0) {
      throw inputError('COLUMN_MISSING', { file, column, rule: 'Two columns have this name.', fix: 'Give its number from 1.' });
    }
    if (placed[at] !== null) throw invalid(`"${field}" and "${placed[at]!.field}" are the same column.`);
    placed[at] = plan;
  }
  const names = placed.map((_, index) =>
    header !== null && header.length === columnCount && header[index] !== '' ? header[index]! : String(index + 1),
  );
  return { columnCount, names, plans: placed };
}

function invalid(rule: string, fix?: string): Error {
  return inputError('FORMAT_INVALID', { rule, ...(fix === undefined ? {} : { fix }) });
}
