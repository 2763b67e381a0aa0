import path from 'node:path';
import { openFile, closeFile } from './open-file.ts';
import { isQuoted, type LeanResolution, type LeanSecurity } from './lean-reader.ts';
import { firstLines } from './sniff-csv.ts';
import { listZip } from './zip-archive.ts';

/** What a file of a LEAN data folder holds, by its names and first rows. */
export interface LeanArchive {
  readonly resolution: LeanResolution | 'tick';
  readonly data: 'trade' | 'quote' | 'openinterest';
  /** As in the names of LEAN's files, in lower case. */
  readonly symbol: string;
  /** Files of a day: which, yyyyMMdd. */
  readonly day: string | null;
  /** Whether it has a file per contract. */
  readonly hasContracts: boolean;
  /** Where it lies in a LEAN data folder; null where it lies elsewhere. */
  readonly place: { readonly root: string; readonly security: LeanSecurity; readonly market: string } | null;
}

type Named = Pick<LeanArchive, 'resolution' | 'data' | 'symbol' | 'day'>;

const SECURITIES = 'equity|forex|cfd|crypto|cryptofuture|future';
const KINDS = 'trade|quote|openinterest';
/** `lean/equity/usa/minute/spy/20131007_trade.zip` */
const DAY_PATH = new RegExp(`^(.*)/(${SECURITIES})/([^/]+)/(tick|second|minute)/([^/]+)/(\\d{8})_(${KINDS})\\.zip$`, 'i');
/** `lean/equity/usa/daily/spy.zip`, `lean/crypto/coinbase/daily/btcusd_trade.zip` */
const WHOLE_PATH = new RegExp(`^(.*)/(${SECURITIES})/([^/]+)/(hour|daily)/([^/]+?)(?:_(${KINDS}))?\\.zip$`, 'i');
/** `20131007_spy_minute_trade.csv`, `20131007_es_minute_trade_201312.csv`, `20131007_ibm_Quote_Tick.csv` */
const MEMBER = new RegExp(`^(\\d{8})_([^_]+)_(?:(tick|second|minute)_(${KINDS})|(${KINDS})_(tick))(?:_\\w+)?\\.csv$`, 'i');
/** Rows of daily and hour files: a stamp to the minute, then five values of trades or ten of quotes. */
const WHOLE_ROW = /^(\d{8}) (\d\d:\d\d)((?:,[^,]*){5}|(?:,[^,]*){10})$/;

/**
 * Tells a file of a LEAN data folder from other files without a header: by its place, by the name that LEAN gives to what is in it, or,
 * for daily and hour files, by the name and the shape of its rows.
 *
 * @param file a zip, or what was unpacked from one
 */
export function leanArchiveAt(file: string): LeanArchive | null {
  const members = memberNames(file);
  if (members.length === 0) return null;
  const lines = firstLines(file, members.length > 1 ? members[0]! : undefined, {}).slice(0, 2);
  const place = placeOf(file);
  const named = place ?? byMember(members[0]!) ?? byRows(file, members[0]!, lines);
  if (named === null) return null;
  return { place: null, ...named, hasContracts: members.length > 1 };
}

function memberNames(file: string): readonly string[] {
  if (!file.endsWith('.zip')) return [path.basename(file)];
  const open = openFile(file);
  try {
    return listZip(open).map(({ name }) => name);
  } finally {
    closeFile(open);
  }
}

function placeOf(file: string): (Named & Pick<LeanArchive, 'place'>) | null {
  const whole = path.resolve(file).split(path.sep).join('/');
  const day = DAY_PATH.exec(whole);
  const match = day ?? WHOLE_PATH.exec(whole);
  if (match === null) return null;
  const [, root, security, market, resolution, symbol] = match as unknown as readonly string[];
  const plain = isQuoted(security as LeanSecurity) ? 'quote' : 'trade';
  return {
    place: { root: root!, security: security as LeanSecurity, market: market! },
    resolution: resolution as LeanArchive['resolution'],
    symbol: symbol!,
    day: day?.[6] ?? null,
    data: (day?.[7] ?? match[6] ?? plain) as LeanArchive['data'],
  };
}

function byMember(member: string): Named | null {
  const match = MEMBER.exec(member);
  if (match === null) return null;
  const [, day, symbol, resolution = 'tick', data, dataOfTicks] = match.map((text) => text?.toLowerCase());
  return {
    day: day!,
    symbol: symbol!,
    resolution: resolution as LeanArchive['resolution'],
    data: (data ?? dataOfTicks) as LeanArchive['data'],
  };
}

function byRows(file: string, member: string, lines: readonly string[]): Named | null {
  const [symbol] = path.basename(file, path.extname(file)).split('_') as [string];
  const [first, second] = lines.map((line) => WHOLE_ROW.exec(line));
  const isNamed = file.endsWith('.zip') && new RegExp(`^${escaped(symbol)}[_.]`).test(member);
  if (!isNamed || first === undefined || first === null || second === undefined || second === null) return null;
  return {
    symbol,
    day: null,
    resolution: first[2] === second[2] ? 'daily' : 'hour',
    data: first[3]!.split(',').length > 6 ? 'quote' : 'trade',
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
