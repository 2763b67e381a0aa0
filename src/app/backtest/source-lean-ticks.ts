import type { DataSource, SourceContext } from './data-source.ts';
import { fileDigest } from './file-digests.ts';
import { isQuoted, type LeanSecurity } from '../../adapters/files/lean-reader.ts';
import { leanTickFiles, type OpenLeanTicksOptions, openLeanTicks } from '../../adapters/files/recordings/lean-ticks.ts';
import { BlockKind } from '../../model/blocks.ts';
import { DAY_US, formatDate } from '../../model/civil-date.ts';

/** Keys of `lean:` that are of bars alone. */
const OF_BARS = ['member', 'prices', 'factorFile', 'actions', 'sessionOpen', 'sessionClose', 'session', 'round', 'onDefect'] as const;

/** Trades and quotes of LEAN tick files. */
export function leanTickSource(context: SourceContext, security: LeanSecurity): DataSource {
  const { loaded, data, instrument, span, path } = context;
  const lean = data.lean!;
  const kind = data.kind ?? (isQuoted(security) ? 'quotes' : 'trades');
  if (kind !== 'trades' && kind !== 'quotes')
    throw loaded.refusal([...path, 'kind'], `Ticks of LEAN are trades or quotes, not ${kind}.`, 'Write kind: trades or kind: quotes.');
  const extra = OF_BARS.find((key) => lean[key] !== undefined);
  if (extra !== undefined) throw loaded.refusal([...path, 'lean', extra], `${extra} is of bars, and resolution is tick.`, 'Take it out.');
  if (data.every !== undefined)
    throw loaded.refusal([...path, 'every'], 'Ticks have no length.', 'Take every out, or give another resolution.');
  const root = loaded.path(lean.root);
  const market = lean.market ?? 'usa';
  const symbol = lean.symbol ?? instrument.symbol.toLowerCase();
  const fromDate = lean.fromDate ?? dayOf(span.fromTs, -DAY_US);
  const toDate = lean.toDate ?? dayOf(span.toTs, DAY_US);
  const options: OpenLeanTicksOptions = {
    instrument,
    root,
    security,
    market,
    symbol,
    kind: kind === 'trades' ? BlockKind.TRADES : BlockKind.QUOTES,
    ...(fromDate === undefined ? {} : { fromDate }),
    ...(toDate === undefined ? {} : { toDate }),
    ...(lean.exchange === undefined ? {} : { exchange: lean.exchange }),
    ...(lean.suspicious === undefined ? {} : { suspicious: lean.suspicious }),
    ...(lean.zone === undefined ? {} : { zone: lean.zone }),
    range: { ...(span.fromTs === null ? {} : { fromTs: span.fromTs }), ...(span.toTs === null ? {} : { toTs: span.toTs }) },
  };
  const { instrument: _instrument, root: _root, ...settings } = options;
  return {
    kind: options.kind,
    every: null,
    assumed: [],
    open: () => openLeanTicks(options),
    identity: () => {
      const digests = leanTickFiles(options).map((file) => fileDigest(file.path));
      return `lean ticks ${JSON.stringify(settings)} ${digests.join(' ')}`;
    },
    accountEvents: () => [],
  };
}

function dayOf(ts: number | null, shiftUs: number): string | undefined {
  return ts === null ? undefined : formatDate(Math.floor((ts + shiftUs) / DAY_US)).replaceAll('-', '');
}
