import type { Command } from 'commander';
import { SystemClock } from '../../adapters/clock/system-clock.ts';
import {
  definitionOf,
  EXCHANGE_INFO_WEIGHT,
  exchangeInfoPath,
  readExchangeInfo,
  symbolNamed,
} from '../../adapters/binance/exchange-info.ts';
import { RefusedMessage } from '../../adapters/binance/message-reading.ts';
import { addressesAt } from '../../adapters/binance/spot-addresses.ts';
import { RestClient } from '../../adapters/binance/rest-client.ts';
import { BINANCE_SPOT, type SpotAddresses, SpotFeed } from '../../adapters/binance/spot-feed.ts';
import { fetchText } from '../../adapters/binance/ws-transport.ts';
import { BLOCK_KIND_OF } from '../../model/blocks.ts';
import { everyName } from '../../model/bar-specification.ts';
import { instantText } from '../../model/instant.ts';
import { type Instrument, makeInstrument } from '../../model/instrument.ts';
import { InputError } from '../../ports/errors.ts';
import { FEED_KIND_NAMES, type FeedStateChange, type FeedSubscription } from '../../ports/market-feed.ts';
import { EXIT, framed, interruption, JSON_OPTION } from '../command-frame.ts';
import { optionProblem, whole } from '../data/command-options.ts';
import { dataSetFacts, dataSetTable } from '../data/data-set-text.ts';
import { DataRecorder } from '../data/record-data.ts';
import { countText } from '../terminal/number-text.ts';
import { CREATED_BY, print, STORE_DEFAULT } from './data-frame.ts';

interface RecordOptions {
  readonly venue: string;
  readonly symbol: string;
  readonly kinds: string;
  readonly url?: string;
  readonly store: string;
  readonly for?: string;
  readonly seed: string;
  readonly replace?: boolean;
  readonly json?: boolean;
}

export function registerRecord(data: Command): void {
  data
    .command('record')
    .description('store what a venue sends, live, until Ctrl-C; no key is needed')
    .requiredOption('--symbol <list>', "the venue's symbols, such as BTCUSDT,ETHUSDT")
    .option('--venue <name>', 'binance', 'binance')
    .option('--kinds <list>', 'trades, quotes, book-deltas, and bars with their length', 'trades,quotes,book-deltas')
    .option('--url <address>', 'another address, such as http://127.0.0.1:9443 of "quanthybrid venue serve"')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option('--for <seconds>', 'end by itself after so long; otherwise at Ctrl-C')
    .option('--seed <n>', 'of the waits before it connects again', '1')
    .option('--replace', 'put it in the place of data sets that are there')
    .option('--json', JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid data record --symbol BTCUSDT
  $ quanthybrid data record --symbol BTCUSDT,ETHUSDT --kinds trades,bars:1m --for 3600
  $ quanthybrid data record --symbol BTCUSDT --url http://127.0.0.1:9443

Ctrl-C ends it and keeps what came; what is missing in between is told as gaps. Exit status: 0 recorded, 1 the store failed, 2 bad input.`,
    )
    .action((options: RecordOptions) => framed(() => record(options), options));
}

async function record(options: RecordOptions): Promise<number> {
  if (options.venue !== 'binance') throw optionProblem('venue', options.venue, 'Live data comes from binance.', 'Write --venue binance.');
  const symbols = options.symbol.split(',').map((each) => each.trim());
  const wrong = symbols.find((each) => !/^[A-Z0-9]{2,30}$/.test(each));
  if (wrong !== undefined) throw optionProblem('symbol', wrong, 'Symbols are written as the venue does.', 'Write for example BTCUSDT.');
  const kinds = options.kinds.split(',').map((each) => kindOf(each.trim()));
  const seconds = options.for === undefined ? null : whole('for', options.for, 1, 31_536_000);
  const addresses = options.url === undefined ? BINANCE_SPOT : addressesOf(options.url);
  const clock = new SystemClock();
  const { signal, release } = interruption();
  try {
    const instruments = await instrumentsOf(symbols, addresses, clock, signal);
    const subscriptions = symbols.flatMap((symbol, at) => kinds.map((kind) => ({ instrument: instruments[at]!, symbol, ...kind })));
    const numbered = subscriptions.map((each, at): FeedSubscription => ({ ...each, series: at }));
    const feed = new SpotFeed({ subscriptions: numbered, clock, addresses, seed: whole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER) });
    const names = numbered.map(
      ({ instrument, kind, every }) =>
        `${instrument.id} ${FEED_KIND_NAMES.find((name) => BLOCK_KIND_OF[name] === kind)!}${every === null ? '' : ` ${every}`}`,
    );
    const say = (text: string): void => void process.stderr.write(`${text}\n`);
    const halted = new Set<number>();
    const recorder = new DataRecorder({
      feed,
      storeRoot: options.store,
      replace: options.replace === true,
      createdBy: CREATED_BY,
      source: 'binance',
      onState: (change) => say(stateText(change)),
      onGap: ({ stream, tsFrom, tsTo, code }) =>
        say(`${instantText(tsTo)}  gap in ${names[stream]} since ${instantText(tsFrom)} [${code}]`),
      onInstrument: ({ instrument, isTrading, code, ts }) => {
        const wasHalted = halted.delete(instrument);
        if (!isTrading) halted.add(instrument);
        // The first answer of a venue that trades is no news.
        if (!isTrading || wasHalted) say(`${instantText(ts)}  ${instruments[instrument]!.id} [${code}]`);
      },
      onRows: () => recorder.failure !== null && over.abort(),
    });
    const over = new AbortController();
    say(`recording ${names.join(', ')} from ${addresses.streams}; Ctrl-C ends it.`);
    feed.start(recorder);
    const timer = seconds === null ? null : clock.callAt(clock.now() + seconds * 1_000_000, () => over.abort());
    await anyAborted(signal, over.signal);
    timer?.cancel();
    const { dataSets, rows, gaps } = recorder.end();
    if (options.json === true) print([JSON.stringify({ dataSets: dataSets.map(dataSetFacts), rows, gaps })]);
    else
      print([
        ...(dataSets.length === 0 ? [] : dataSetTable(dataSets)),
        `${countText(rows)} rows recorded, ${countText(gaps)} gap${gaps === 1 ? '' : 's'}.`,
      ]);
    if (recorder.failure !== null) throw recorder.failure;
    return EXIT.ok;
  } finally {
    release();
  }
}

async function instrumentsOf(
  symbols: readonly string[],
  { rest: baseUrl }: SpotAddresses,
  clock: SystemClock,
  signal: AbortSignal,
): Promise<readonly Instrument[]> {
  const rest = new RestClient({ clock, fetchText, baseUrl });
  signal.addEventListener('abort', () => rest.stop());
  try {
    const info = readExchangeInfo(await rest.get(exchangeInfoPath(symbols), EXCHANGE_INFO_WEIGHT));
    return symbols.map((symbol, at) => makeInstrument(definitionOf(symbolNamed(info, symbol)), at));
  } catch (error) {
    if (!(error instanceof RefusedMessage)) throw error;
    throw new InputError([{ code: error.code, file: '--symbol', value: symbols.join(','), rule: error.message, fix: 'Correct --symbol.' }]);
  } finally {
    rest.stop();
  }
}

function kindOf(text: string): Pick<FeedSubscription, 'kind' | 'every'> {
  const [name, every, ...more] = text.split(':');
  const known = FEED_KIND_NAMES.find((each) => each === name);
  const isBar = known === 'bars';
  if (known === undefined || isBar !== (every !== undefined) || more.length > 0)
    throw optionProblem(
      'kinds',
      text,
      '--kinds lists trades, quotes, book-deltas, and bars with their length.',
      'Write for example trades,bars:1m.',
    );
  return { kind: BLOCK_KIND_OF[known], every: every === undefined ? null : everyName(every) };
}

function addressesOf(text: string): SpotAddresses {
  const addresses = addressesAt(text);
  if (addresses !== null) return addresses;
  throw optionProblem('url', text, 'The address is that of a server, without a path.', 'Write for example http://127.0.0.1:9443.');
}

function stateText({ state, code, detail, ts }: FeedStateChange): string {
  return `${instantText(ts)}  ${state.toLowerCase()} [${code}]${detail === '' ? '' : ` ${detail}`}`;
}

function anyAborted(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}
