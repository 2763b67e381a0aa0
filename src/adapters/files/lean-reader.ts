import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BarBlock, QuoteBarBlock } from '../../model/blocks.ts';
import { openByteSource } from './byte-source.ts';
import type { CsvFormat } from './csv-format.ts';
import { openRows, type OpenOptions } from './csv-reader.ts';
import type { FileReader, StreamFile } from './file-reader.ts';
import { inputError } from './input-problem.ts';
import { FactorAdjuster, readFactorFile } from './lean-factors.ts';
import { makeStampParser } from './stamp-parser.ts';
import { ZoneClock } from '../../ports/zone-clock.ts';

export type LeanSecurity = 'equity' | 'forex' | 'cfd' | 'crypto' | 'cryptofuture' | 'future';
export type LeanResolution = 'second' | 'minute' | 'hour' | 'daily';

/** Which stream of a LEAN data folder: `root/security/market/resolution/…`. */
export interface LeanOptions extends OpenOptions {
  /** The folder that holds `equity`, `forex` and so on. */
  readonly root: string;
  readonly security: LeanSecurity;
  /** `usa`, `oanda`, `coinbase`, … */
  readonly market: string;
  readonly resolution: LeanResolution;
  readonly symbol: string;
  /** First and last date of intraday files, yyyyMMdd, both included. Daily and hour files are one per symbol: use `range`. */
  readonly fromDate?: string;
  readonly toDate?: string;
  /** Zips with a CSV per contract: the end of its name before the extension, such as `201312`. */
  readonly member?: string;
  /** Zone of the times in the files; default the one that LEAN documents for the market, where known. */
  readonly zone?: string;
  /** `raw` (default) or `adjusted` by the factor file; the instrument then has priceDecimals 8 or more. */
  readonly prices?: 'raw' | 'adjusted';
  /** Default `root/equity/market/factor_files/symbol.csv`. */
  readonly factorFile?: string;
  /** Bars of a day: as in {@link CsvFormat}. */
  readonly sessionOpen?: string;
  readonly sessionClose?: string;
  readonly round?: CsvFormat['round'];
}

/** Which files they are: what the choice of files alone depends on. */
export type LeanStream = Pick<LeanOptions, 'root' | 'security' | 'market' | 'resolution' | 'symbol' | 'fromDate' | 'toDate' | 'member'>;

/** Files of days: the folder of a resolution, and which of them. */
export interface LeanDays extends Pick<LeanOptions, 'symbol' | 'fromDate' | 'toDate' | 'member'> {
  readonly folder: string;
}

/** The file of a day. */
export interface LeanDayFile extends StreamFile {
  readonly path: string;
}

/** The length of a bar by LEAN's name of a resolution. */
export const LEAN_EVERY: Readonly<Record<LeanResolution, string>> = { second: '1s', minute: '1m', hour: '1h', daily: '1d' };
/** Decimals of the integer prices of equities. */
const EQUITY_PRICE_SCALE = 4;
const ADJUSTED_DECIMALS_MIN = 8;

/** Opens trade bars (`…_trade.zip`, equity `symbol.zip`). */
export function openLeanBars(options: LeanOptions): FileReader<BarBlock> {
  const adjust = makeAdjuster(options);
  return openRows(
    'bars',
    leanFiles(options, 'trade'),
    { ...options, format: leanFormat(options, 'trade') },
    adjust === null
      ? null
      : (block) => {
          const { open, high, low, close, volume } = block;
          for (let r = 0; r < block.length; r += 1) {
            adjust.factors.setDay(adjust.clock.utcToLocalUs(block.tsOpen[r]!));
            for (const column of [open, high, low, close]) column[r] = adjust.factors.price(column[r]!);
            volume[r] = adjust.factors.quantity(volume[r]!);
          }
        },
  );
}

/** Opens bars of bid and ask (`…_quote.zip`, forex and cfd `symbol.zip`). An empty side is stored as 0. */
export function openLeanQuoteBars(options: LeanOptions): FileReader<QuoteBarBlock> {
  const adjust = makeAdjuster(options);
  return openRows(
    'quote-bars',
    leanFiles(options, 'quote'),
    { ...options, format: leanFormat(options, 'quote') },
    adjust === null
      ? null
      : (block) => {
          const { bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose, bidSize, askSize } = block;
          for (let r = 0; r < block.length; r += 1) {
            adjust.factors.setDay(adjust.clock.utcToLocalUs(block.tsOpen[r]!));
            for (const column of [bidOpen, bidHigh, bidLow, bidClose, askOpen, askHigh, askLow, askClose])
              column[r] = adjust.factors.price(column[r]!);
            for (const column of [bidSize, askSize]) column[r] = adjust.factors.quantity(column[r]!);
          }
        },
  );
}

/** The zone of the times in a market's files. Source: `dataTimeZone` of LEAN's market-hours database. */
export function leanZone(security: LeanSecurity, market: string): string {
  if (security === 'equity' && market === 'usa') return 'America/New_York';
  if (security === 'forex' && market === 'fxcm') return '-05:00';
  if (security === 'crypto' || security === 'cryptofuture' || security === 'future' || market === 'oanda') return 'UTC';
  throw inputError('ZONE_MISSING', { value: `${security}/${market}` });
}

function makeAdjuster(options: LeanOptions): { readonly factors: FactorAdjuster; readonly clock: ZoneClock } | null {
  if ((options.prices ?? 'raw') === 'raw') return null;
  const { root, security, market, symbol, instrument } = options;
  if (security !== 'equity' || instrument.priceDecimals < ADJUSTED_DECIMALS_MIN) {
    throw inputError('FORMAT_INVALID', {
      rule: 'Adjusted prices are for equities and are stored with 8 decimals or more.',
      fix: `Set priceDecimals: 8 for ${instrument.id}.`,
    });
  }
  const path = options.factorFile ?? join(root, 'equity', market, 'factor_files', `${symbol}.csv`);
  return { factors: new FactorAdjuster(readFactorFile(path)), clock: new ZoneClock(options.zone ?? leanZone(security, market)) };
}

function leanFormat(options: LeanOptions, kind: 'trade' | 'quote'): CsvFormat {
  const { security, market, resolution, zone = leanZone(security, market), sessionOpen, sessionClose, round } = options;
  const isIntraday = resolution === 'second' || resolution === 'minute';
  const values =
    kind === 'trade'
      ? { open: 2, high: 3, low: 4, close: 5, volume: 6 }
      : { bidOpen: 2, bidHigh: 3, bidLow: 4, bidClose: 5, bidSize: 6, askOpen: 7, askHigh: 8, askLow: 9, askClose: 10, askSize: 11 };
  return {
    kind: kind === 'trade' ? 'bars' : 'quote-bars',
    header: false,
    columns: { ...values, ...(isIntraday ? { timeOfDay: 1 } : { time: 1 }) },
    ...(isIntraday ? { timeOfDayFormat: 'ms-of-day' } : {}),
    timeFormat: 'yyyyMMdd HH:mm',
    zone,
    stamp: 'open',
    every: LEAN_EVERY[resolution],
    ...(security === 'equity' ? { priceScale: EQUITY_PRICE_SCALE } : {}),
    ...(kind === 'quote' ? { emptySide: 'absent' as const } : {}),
    ...(sessionOpen === undefined ? {} : { sessionOpen }),
    ...(sessionClose === undefined ? {} : { sessionClose }),
    ...(round === undefined ? {} : { round }),
  };
}

/** Securities whose zips hold bid and ask only. */
export function isQuoted(security: LeanSecurity): boolean {
  return security === 'forex' || security === 'cfd';
}

/**
 * The files of a stream, in order of date.
 *
 * @throws InputError `SYMBOL_UNKNOWN`, `FILE_UNREADABLE`, `KIND_UNSUPPORTED`
 */
export function leanFiles(options: LeanStream, kind: 'trade' | 'quote'): readonly StreamFile[] {
  const { root, security, market, resolution, symbol, member } = options;
  const folder = join(root, security, market, resolution);
  if (LEAN_EVERY[resolution] === undefined) {
    throw inputError('KIND_UNSUPPORTED', { file: folder, value: resolution, rule: 'LEAN files of this resolution are not read.' });
  }
  if (resolution === 'hour' || resolution === 'daily') {
    const names = list(folder);
    const plain = security === 'equity' ? 'trade' : isQuoted(security) ? 'quote' : null;
    const wanted = [`${symbol}_${kind}.zip`, ...(plain === kind ? [`${symbol}.zip`] : [])];
    const found = wanted.find((name) => names.includes(name));
    if (found === undefined) throw unknownSymbol(folder, symbol, `There is no ${wanted.join(' or ')} in the folder.`);
    return [{ open: () => openByteSource(join(folder, found), member), dateUs: 0 }];
  }
  return leanDayFiles({ ...options, folder }, kind);
}

/**
 * The files of a stream that has one a day, in order of date.
 *
 * @throws InputError `SYMBOL_UNKNOWN`, `FILE_UNREADABLE`, `FILE_MISSING`
 */
export function leanDayFiles(options: LeanDays, kind: 'trade' | 'quote'): readonly LeanDayFile[] {
  const { folder, symbol, member } = options;
  const days = join(folder, symbol);
  const parser = makeStampParser('yyyyMMdd', 'date');
  const files = list(days)
    .flatMap((name) => {
      const match = /^(\d{8})_(\w+)\.zip$/.exec(name);
      if (match === null || match[2] !== kind) return [];
      const date = match[1]!;
      if (date < (options.fromDate ?? '') || date > (options.toDate ?? '99999999')) return [];
      return [{ date, path: join(days, name), dateUs: parser.read(new TextEncoder().encode(date), 0) }];
    })
    .sort((a, b) => (a.date < b.date ? -1 : 1));
  if (files.length === 0) {
    const all = list(days).flatMap((name) => (/^\d{8}_/.test(name) && name.endsWith(`_${kind}.zip`) ? [name.slice(0, 8)] : []));
    if (all.length === 0) throw unknownSymbol(days, symbol, `There is no ${kind} file in the folder.`);
    throw inputError('FILE_MISSING', {
      file: days,
      rule: `There are ${kind} files from ${all.reduce(lower)} to ${all.reduce(higher)}, and none from ${options.fromDate ?? 'the first'} to ${options.toDate ?? 'the last'}.`,
      fix: 'Correct fromDate and toDate, or the period of the run.',
    });
  }
  return files.map(({ path, dateUs }) => ({ path, open: () => openByteSource(path, member), dateUs }));
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw inputError(code === 'ENOENT' ? 'SYMBOL_UNKNOWN' : 'FILE_UNREADABLE', {
      file: folder,
      rule: `The folder cannot be listed (${code}).`,
    });
  }
}

const lower = (a: string, b: string): string => (a < b ? a : b);
const higher = (a: string, b: string): string => (a > b ? a : b);

function unknownSymbol(folder: string, symbol: string, rule: string): Error {
  return inputError('SYMBOL_UNKNOWN', { file: folder, value: symbol, rule });
}
