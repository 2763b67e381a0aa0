import { leanArchiveAt, type LeanArchive } from '../../adapters/files/lean-archive.ts';
import { isQuoted, leanZone } from '../../adapters/files/lean-reader.ts';
import { InputError } from '../../ports/errors.ts';
import { optionName } from './layout-options.ts';

/** Who described the file: the keys of a run file, or the options of `data import`. */
export type DescribedIn = 'run file' | 'options';

const WHAT = { trade: 'trades', quote: 'quotes', openinterest: 'open interest' } as const;
/** What is no reading of a file can be said of one of LEAN's, which has no header and perhaps several members. */
const UNREAD = ['FORMAT_UNRECOGNIZED', 'ARCHIVE_MEMBER_AMBIGUOUS'];
/** A place in a LEAN folder, and the zone of its times: to be put in where nothing says them. */
const SOMEWHERE = 'SECURITY/MARKET';
const ZONE = 'ZONE';

/** The refusal of a file that was not recognized, in words that fit a file of LEAN where it is one. */
export function refusalOf(error: unknown, files: readonly string[], describedIn: DescribedIn): unknown {
  if (!(error instanceof InputError) || !UNREAD.includes(error.problems[0]!.code)) return error;
  const file = files[0]!;
  const archive = leanArchiveAt(file);
  if (archive === null) return error;
  const { resolution, data, symbol } = archive;
  const bars = resolution === 'tick' ? 'ticks' : `${resolution} bars`;
  const rule = `This is a file of LEAN data: ${data === 'openinterest' ? '' : `${bars} of `}${WHAT[data]} of ${symbol}.`;
  return new InputError([{ code: 'FORMAT_UNRECOGNIZED', file, rule, fix: fixOf(archive, files, describedIn) }]);
}

function fixOf(archive: LeanArchive, files: readonly string[], describedIn: DescribedIn): string {
  if (archive.data === 'openinterest') return 'Open interest is not read: take bars of trades or quotes.';
  return isReadAsLean(archive) ? leanFix(archive, files.at(-1)!, describedIn) : columnsFix(archive, files, describedIn);
}

function isReadAsLean({ resolution, data, place }: LeanArchive): boolean {
  if (resolution !== 'tick' || place === null || place.security === 'equity') return true;
  return data === 'quote' && isQuoted(place.security);
}

function leanFix(archive: LeanArchive, lastFile: string, describedIn: DescribedIn): string {
  const { resolution, symbol, data, day, place, hasContracts } = archive;
  const isQuote = data === 'quote';
  const name = day === null ? `${symbol}_${data}.zip` : `${symbol}/${day}_${data}.zip`;
  const move =
    place === null
      ? `LEAN files are read from the folders that LEAN keeps them in: put it at lean/${SOMEWHERE}/${resolution}/${name}, with what it is in place of ${SOMEWHERE} (equity/usa, forex/oanda, crypto/coinbase …). Then w`
      : 'W';
  const { root, security, market } = place ?? { root: 'lean', security: 'SECURITY', market: 'MARKET' };
  const days = day === null ? {} : { fromDate: day, toDate: leanArchiveAt(lastFile)?.day ?? day };
  const member = hasContracts ? { member: 'CONTRACT' } : {};
  if (describedIn === 'run file') {
    const keys = { root, security, market, resolution, symbol, ...days, ...member };
    const beside = isQuote ? `kind: ${resolution === 'tick' ? 'quotes' : 'quote-bars'} and ` : '';
    return `${move}rite ${beside}lean: ${mapping(keys)} in place of csv:.`;
  }
  const stream = `${security}/${market}/${resolution}/${symbol}${isQuote ? '/quote' : ''}`;
  return `${move}rite: data import ${root} --lean ${stream}${options({ ...days, ...member })}, beside the other options.`;
}

/** Ticks of crypto and futures are rows like any other, once their columns are named. */
function columnsFix({ data, day, place }: LeanArchive, files: readonly string[], describedIn: DescribedIn): string {
  const isQuote = data === 'quote';
  const columns = isQuote ? '{ timeOfDay: 1, bid: 2, bidSize: 3, ask: 4, askSize: 5 }' : '{ timeOfDay: 1, price: 2, quantity: 3 }';
  const zone = zoneOf(place);
  const layout = {
    columns,
    header: 'false',
    timeOfDayFormat: 'ms-of-day',
    ...(day === null ? {} : { fileDate: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}` }),
    zone,
    ...(isQuote ? { emptySide: 'absent' } : {}),
  };
  const kind = isQuote ? 'quotes' : 'trades';
  const text =
    describedIn === 'run file'
      ? `kind: ${kind} and csv: ${mapping({ file: files[0]!, ...layout })}`
      : `--kind ${kind}${options({ ...layout, columns: `'${columns}'` })}`;
  const zones = zone === ZONE ? ` ${ZONE} is that of the market.` : '';
  return `Ticks of ${place!.security} are not read as LEAN data; name their columns: ${text}.${zones}`;
}

function zoneOf(place: LeanArchive['place']): string {
  try {
    return place === null ? ZONE : leanZone(place.security, place.market);
  } catch (error) {
    if (error instanceof InputError) return ZONE;
    throw error;
  }
}

function mapping(keys: Readonly<Record<string, string>>): string {
  const entries = Object.entries(keys).map(([key, value]) => `${key}: ${value}`);
  return `{ ${entries.join(', ')} }`;
}

function options(keys: Readonly<Record<string, string>>): string {
  return Object.entries(keys)
    .map(([key, value]) => ` ${optionName(key)} ${value}`)
    .join('');
}
