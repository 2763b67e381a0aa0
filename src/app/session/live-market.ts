import { addressesAt } from '../../adapters/binance/spot-addresses.ts';
import { BINANCE_SPOT, type SpotAddresses, SpotFeed } from '../../adapters/binance/spot-feed.ts';
import { kindName } from '../../model/blocks.ts';
import { InputError } from '../../ports/errors.ts';
import type { FeedInstrumentChange, FeedStateChange, FeedSubscription } from '../../ports/market-feed.ts';
import { liveFeed } from '../../runtime/session/live-feed.ts';
import type { OpenSessionFeed } from '../../runtime/session/session-feed.ts';
import type { ResolvedRun } from '../backtest/resolve-run.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';

/** What a session hears of a venue, and where. */
export interface LiveMarket {
  readonly subscriptions: readonly FeedSubscription[];
  readonly addresses: SpotAddresses;
}

/**
 * The live market of a run file, whose streams are all live.
 *
 * @throws InputError RUN_FILE_INVALID
 */
export function liveMarketOf(loaded: LoadedRunFile, { streams, known }: ResolvedRun): LiveMarket {
  const [first] = streams;
  const url = first!.source.live!.url;
  const seen = new Set<string>();
  const subscriptions = streams.map(({ instrument: index, kind, everyName, series, source }, at): FeedSubscription => {
    const live = source.live!;
    if (live.url !== url) throw loaded.refusal(['data', at, 'live'], 'A session hears one venue at one address.', 'Give the same url.');
    const name = `${live.symbol} ${kindName(kind)} ${everyName ?? ''}`;
    if (seen.has(name)) throw loaded.refusal(['data', at], `${live.symbol} has two streams of these rows.`, 'Take one of them out.');
    seen.add(name);
    return {
      instrument: known.instruments[index]!,
      symbol: live.symbol,
      kind: kind as FeedSubscription['kind'],
      every: everyName,
      series: Math.max(series, 0),
    };
  });
  const addresses = url === null ? BINANCE_SPOT : addressesAt(url);
  if (addresses === null)
    throw new InputError([
      loaded.problem('RUN_FILE_INVALID', ['data', 0, 'live', 'url'], 'This is no address of a server.', 'Write http://127.0.0.1:9443.'),
    ]);
  return { subscriptions, addresses };
}

export interface LiveMarketListener {
  onState(change: FeedStateChange): void;
  onInstrument(change: FeedInstrumentChange): void;
}

/** The market for a session. @param seed of the waits before it connects again */
export function openLiveMarket({ subscriptions, addresses }: LiveMarket, seed: number, listener: LiveMarketListener): OpenSessionFeed {
  return liveFeed({
    makeFeed: (clock) => new SpotFeed({ subscriptions, addresses, clock, seed }),
    onState: (change) => listener.onState(change),
    onInstrument: (change) => listener.onInstrument(change),
  });
}

/** What is heard, for people: `BTC-USDT.BINANCE quotes, trades`. */
export function liveMarketText({ subscriptions, addresses }: LiveMarket): string {
  const byInstrument = new Map<string, string[]>();
  for (const { instrument, kind, every } of subscriptions) {
    const rows = `${kindName(kind)}${every === null ? '' : ` ${every}`}`;
    byInstrument.set(instrument.id, [...(byInstrument.get(instrument.id) ?? []), rows]);
  }
  const heard = [...byInstrument].map(([id, rows]) => `${id} ${rows.join(', ')}`).join('; ');
  return `live from Binance Spot at ${new URL(addresses.streams).host}: ${heard}`;
}
