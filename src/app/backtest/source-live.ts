import type { DataSource, SourceContext } from './data-source.ts';
import { barIntervalName } from '../../model/bar-specification.ts';
import { BLOCK_KIND_OF, BlockKind } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';

/** Lengths of the venue's candles. */
const LIVE_BARS = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1mo'] as const;

/** What a venue sends, as it happens: for a session. A backtest is refused when it opens it. */
export function liveSource(context: SourceContext): DataSource {
  const { loaded, data, path, instrument } = context;
  const { symbol = symbolOf(instrument), url = null } = data.live === 'binance' ? {} : data.live!;
  const kind = BLOCK_KIND_OF[data.kind ?? 'bars'];
  if (kind === BlockKind.QUOTE_BARS)
    throw loaded.refusal([...path, 'kind'], 'Bars of quotes do not come live.', 'Take quotes, trades, book-deltas or bars.');
  const every = kind === BlockKind.BARS ? barIntervalName(data.every ?? '') : null;
  if (every !== null && !LIVE_BARS.some((length) => length === every))
    throw loaded.refusal([...path, 'every'], 'The venue has no candles of this length.', `Take one of ${LIVE_BARS.join(', ')}.`);
  if (kind === BlockKind.BARS && every === null)
    throw loaded.refusal(path, 'Which candles of the venue is not said.', 'Add every: 1m, or kind: quotes, trades or book-deltas.');
  if (data.as !== undefined)
    throw loaded.refusal([...path, 'as'], 'What comes live is taken as it is.', 'Take as: out, and write kind: quotes.');
  return {
    kind,
    every,
    assumed: [],
    live: { symbol, url },
    // Where it is heard is not what it is.
    identity: () => `live binance ${symbol} ${kind}${every === null ? '' : ` ${every}`}`,
    open: () => {
      const rule = 'Live data comes when it happens; a backtest needs data that is there.';
      const fix = 'Trade it with "quanthybrid paper", or store it with "quanthybrid data record" and write store: here.';
      throw loaded.refusal([...path, 'live'], rule, fix);
    },
    accountEvents: () => [],
  };
}

/** `BTC-USDT.BINANCE` is `BTCUSDT` there. */
function symbolOf({ id, venue }: Instrument): string {
  return id
    .slice(0, -venue.length - 1)
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .toUpperCase();
}
