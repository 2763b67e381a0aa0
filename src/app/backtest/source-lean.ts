import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource, SourceContext } from './data-source.ts';
import { fileDigest } from './file-digests.ts';
import { leanTickSource } from './source-lean-ticks.ts';
import { readLeanActions } from '../../adapters/files/lean-factors.ts';
import {
  isQuoted,
  LEAN_EVERY,
  type LeanOptions,
  type LeanResolution,
  type LeanSecurity,
  leanZone,
  openLeanBars,
  openLeanQuoteBars,
} from '../../adapters/files/lean-reader.ts';
import { ZoneClock } from '../../ports/zone-clock.ts';
import { barIntervalName } from '../../model/bar-specification.ts';
import { BlockKind } from '../../model/blocks.ts';
import { DAY_US, formatDate } from '../../model/civil-date.ts';
import type { InstrumentKind } from '../../model/instrument.ts';
import { InputError } from '../../ports/errors.ts';

const SECURITIES: Readonly<Record<InstrumentKind, LeanSecurity>> = {
  EQUITY: 'equity',
  FX: 'forex',
  SPOT: 'crypto',
  FUTURE: 'future',
  PERPETUAL: 'cryptofuture',
  INVERSE_PERPETUAL: 'cryptofuture',
};

/** Rows of LEAN zip files: bars of trades, or of bid and ask. Raw equities bring their dividends and splits. */
export function leanSource(context: SourceContext): DataSource {
  const { loaded, data, instrument, span, path } = context;
  const lean = data.lean!;
  const security = lean.security ?? SECURITIES[instrument.kind];
  const resolution = lean.resolution ?? 'daily';
  if (resolution === 'tick') return leanTickSource(context, security);
  refuseKeysOfTicks(context, resolution);
  const kind = data.kind ?? (isQuoted(security) ? 'quote-bars' : 'bars');
  if (kind !== 'bars' && kind !== 'quote-bars') {
    throw new InputError([
      loaded.problem(
        'RUN_FILE_INVALID',
        [...path, 'kind'],
        `LEAN files of resolution ${resolution} hold no ${kind}.`,
        'Write kind: bars or kind: quote-bars; trades and quotes are in those of resolution: tick.',
      ),
    ]);
  }
  const market = lean.market ?? 'usa';
  const symbol = lean.symbol ?? instrument.symbol.toLowerCase();
  refuseOtherLength(context, resolution);
  refuseDays(context, resolution);
  const root = loaded.path(lean.root);
  const prices = lean.prices ?? 'raw';
  const factorFile =
    lean.factorFile === undefined ? join(root, 'equity', market, 'factor_files', `${symbol}.csv`) : loaded.path(lean.factorFile);
  const options: LeanOptions = {
    instrument,
    root,
    security,
    market,
    resolution,
    symbol,
    prices,
    factorFile,
    ...optionalOf('fromDate', lean.fromDate ?? dayOf(span.fromTs, -DAY_US)),
    ...optionalOf('toDate', lean.toDate ?? dayOf(span.toTs, DAY_US)),
    ...optionalOf('member', lean.member),
    ...optionalOf('zone', lean.zone),
    ...optionalOf('sessionOpen', lean.sessionOpen),
    ...optionalOf('sessionClose', lean.sessionClose),
    ...optionalOf('session', lean.session),
    ...optionalOf('onDefect', lean.onDefect),
    ...(lean.round === undefined
      ? {}
      : { round: { ...optionalOf('price', lean.round.price), ...optionalOf('quantity', lean.round.quantity) } }),
    range: { ...(span.fromTs === null ? {} : { fromTs: span.fromTs }), ...(span.toTs === null ? {} : { toTs: span.toTs }) },
  };
  const paysActions = lean.actions ?? (kind === 'bars' && security === 'equity' && prices === 'raw' && existsSync(factorFile));
  const usesFactors = prices === 'adjusted' || paysActions;
  const { instrument: _instrument, root: _root, factorFile: _factorFile, ...settings } = options;
  return {
    kind: kind === 'bars' ? BlockKind.BARS : BlockKind.QUOTE_BARS,
    every: LEAN_EVERY[resolution],
    assumed: [],
    open: (series) => (kind === 'bars' ? openLeanBars({ ...options, series }) : openLeanQuoteBars({ ...options, series })),
    identity: () =>
      `lean ${JSON.stringify({ ...settings, kind, paysActions })} ${[...inputFiles(options, kind), ...(usesFactors ? [factorFile] : [])].map(fileDigest).join(' ')}`,
    accountEvents: () =>
      paysActions
        ? readLeanActions({
            factorFile,
            instrument,
            clock: new ZoneClock(lean.zone ?? leanZone(security, market)),
            ...(span.fromTs === null ? {} : { fromTs: span.fromTs }),
            ...(span.toTs === null ? {} : { toTs: span.toTs }),
          })
        : [],
  };
}

/** The folder says how long its bars are: an `every` that says otherwise is a slip in one of the two. */
function refuseOtherLength({ loaded, data, path }: SourceContext, resolution: LeanResolution): void {
  const { every } = data;
  if (every === undefined || barIntervalName(every) === LEAN_EVERY[resolution]) return;
  const meant = Object.entries(LEAN_EVERY).find(([, length]) => length === barIntervalName(every));
  const other =
    meant === undefined ? 'Build longer bars in the strategy (subscribeBars)' : `Write resolution: ${meant[0]} for bars of ${every}`;
  throw new InputError([
    loaded.problem(
      'RUN_FILE_INVALID',
      [...path, 'every'],
      `LEAN files of resolution ${resolution} hold bars of ${LEAN_EVERY[resolution]}, but every says ${every}.`,
      `${other}, or take every out.`,
    ),
  ]);
}

function refuseKeysOfTicks({ loaded, data, path }: SourceContext, resolution: LeanResolution): void {
  const key = (['exchange', 'suspicious'] as const).find((each) => data.lean![each] !== undefined);
  if (key === undefined) return;
  const rule = `${key} is of ticks, and resolution is ${resolution}.`;
  throw new InputError([loaded.problem('RUN_FILE_INVALID', [...path, 'lean', key], rule, 'Take it out, or write resolution: tick.')]);
}

/** Hours and days of a LEAN folder are one file: days would be passed over in silence. */
function refuseDays({ loaded, data, path }: SourceContext, resolution: LeanResolution): void {
  if (resolution !== 'hour' && resolution !== 'daily') return;
  const key = (['fromDate', 'toDate'] as const).find((each) => data.lean![each] !== undefined);
  if (key === undefined) return;
  const rule = `${key} chooses files by day, and LEAN bars of resolution ${resolution} are one file.`;
  throw new InputError([loaded.problem('RUN_FILE_INVALID', [...path, 'lean', key], rule, 'Take it out, and state period: { from, to }.')]);
}

/** The files that the reader takes its rows from. */
function inputFiles(options: LeanOptions, kind: 'bars' | 'quote-bars'): readonly string[] {
  const { root, security, market, resolution, symbol, fromDate = '', toDate = '99999999' } = options;
  const word = kind === 'bars' ? 'trade' : 'quote';
  const folder = join(root, security, market, resolution);
  if (resolution === 'hour' || resolution === 'daily') {
    return [`${symbol}_${word}.zip`, `${symbol}.zip`]
      .map((name) => join(folder, name))
      .filter((file) => existsSync(file))
      .slice(0, 1);
  }
  const days = join(folder, symbol);
  if (!existsSync(days)) return [];
  const isWanted = (name: string): boolean => name.endsWith(`_${word}.zip`) && name.slice(0, 8) >= fromDate && name.slice(0, 8) <= toDate;
  return readdirSync(days)
    .filter(isWanted)
    .sort()
    .map((name) => join(days, name));
}

function dayOf(ts: number | null, shiftUs: number): string | undefined {
  return ts === null ? undefined : formatDate(Math.floor((ts + shiftUs) / DAY_US)).replaceAll('-', '');
}

function optionalOf<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
