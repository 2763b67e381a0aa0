import type { LiveMarket } from './live-market.ts';
import { EXCHANGE_INFO_WEIGHT, exchangeInfoPath, readExchangeInfo, type SpotSymbol } from '../../adapters/binance/exchange-info.ts';
import { RefusedMessage } from '../../adapters/binance/message-reading.ts';
import { RestClient } from '../../adapters/binance/rest-client.ts';
import type { FetchText } from '../../adapters/binance/transport.ts';
import { formatDecimalShort, parseDecimal } from '../../base/decimal.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Clock } from '../../ports/clock.ts';
import { InputError, type InputProblem, WorldError } from '../../ports/errors.ts';
import { closestName } from '../run-file/closest-name.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';

/** How long the start of a session waits for the venue's answer: a venue that is away is waited for by the feed. */
const ANSWER_US_MAX = 10_000_000;
/** What the venue answers to a symbol that it does not have. Source: its list of error codes, -1121. */
const SYMBOL_INVALID = '"code":-1121';
const ALL_SYMBOLS_PATH = '/api/v3/exchangeInfo';
/** Symbols of the venue that a refusal names. */
const NEAR_MAX = 5;

/**
 * Asks the venue whether the instruments of a run are what it trades: their symbols, currencies and increments.
 *
 * @returns null where they are; why nobody knows, where the venue did not answer
 * @throws InputError with every difference: orders that the run file allows could not be sent
 */
export async function checkSymbols(
  { subscriptions, addresses }: LiveMarket,
  loaded: LoadedRunFile,
  { clock, fetchText }: { readonly clock: Clock; readonly fetchText: FetchText },
): Promise<string | null> {
  const symbols = [...new Set(subscriptions.map(({ symbol }) => symbol))];
  const means = { clock, fetchText, baseUrl: addresses.rest };
  const found = await ask(exchangeInfoPath(symbols), means);
  if (typeof found === 'string' && !found.includes(SYMBOL_INVALID)) return found;
  // It does not say which of them it lacks, nor what it has: all that it has says both.
  const all = typeof found === 'string' ? await ask(ALL_SYMBOLS_PATH, means) : found;
  const venues = typeof all === 'string' ? null : all;
  const problems = subscriptions
    .filter((each, at) => subscriptions.findIndex(({ instrument }) => instrument === each.instrument) === at)
    .flatMap(({ instrument, symbol }) => {
      const known = venues?.find((each) => each.symbol === symbol);
      return known === undefined
        ? [
            unknown(
              loaded,
              instrument,
              venues === null ? { symbols, near: [] } : { symbols: [symbol], near: nearTo(instrument, symbol, venues) },
            ),
          ]
        : differences(loaded, instrument, known);
    });
  if (problems.length > 0) throw new InputError(problems);
  return null;
}

async function ask(
  path: string,
  options: { readonly clock: Clock; readonly fetchText: FetchText; readonly baseUrl: string },
): Promise<readonly SpotSymbol[] | string> {
  const rest = new RestClient(options);
  const { clock } = options;
  const timeout = clock.callAt(clock.now() + ANSWER_US_MAX, () => rest.stop());
  try {
    return readExchangeInfo(await rest.get(path, EXCHANGE_INFO_WEIGHT)).symbols;
  } catch (error) {
    if (error instanceof WorldError || error instanceof RefusedMessage) return error.message;
    throw error;
  } finally {
    timeout.cancel();
    rest.stop();
  }
}

/** What the venue trades that may have been meant: of the same currency, else spelled alike. */
function nearTo({ base, quote }: Instrument, symbol: string, venues: readonly SpotSymbol[]): readonly string[] {
  const trading = venues.filter(({ status }) => status === 'TRADING');
  const closest = closestName(
    symbol,
    trading.map((each) => each.symbol),
  );
  const alike = trading
    .filter(({ baseAsset, quoteAsset }) => baseAsset === base.code || (baseAsset === quote.code && quoteAsset === base.code))
    .map((each) => each.symbol);
  return [...new Set([...(closest === null ? [] : [closest]), ...alike])].slice(0, NEAR_MAX);
}

interface Lacking {
  /** One of these. */
  readonly symbols: readonly string[];
  readonly near: readonly string[];
}

function unknown(loaded: LoadedRunFile, { index }: Instrument, { symbols, near }: Lacking): InputProblem {
  const has = near.length === 0 ? '' : ` It has ${near.join(', ')}.`;
  const rule = `The venue has no symbol ${symbols.join(', or ')}.${has}`;
  const fix = `Write the venue's: live: { symbol: ${near[0] ?? 'BTCUSDT'} }.`;
  return loaded.problem('FEED_SYMBOL_UNKNOWN', ['instruments', index, 'id'], rule, fix);
}

function differences(loaded: LoadedRunFile, instrument: Instrument, symbol: SpotSymbol): readonly InputProblem[] {
  const { id, index, base, quote, priceDecimals, quantityDecimals, priceIncrement, lotSize } = instrument;
  const problem = (key: string, rule: string, fix: string): InputProblem =>
    loaded.problem('FEED_INSTRUMENT_DIFFERS', ['instruments', index, key], rule, fix);
  const problems: InputProblem[] = [];
  if (base.code !== symbol.baseAsset || quote.code !== symbol.quoteAsset) {
    const rule = `${id} trades ${base.code} for ${quote.code}; ${symbol.symbol} trades ${symbol.baseAsset} for ${symbol.quoteAsset}.`;
    problems.push(problem('id', rule, `Write id: ${symbol.baseAsset}-${symbol.quoteAsset}.BINANCE, or another symbol.`));
  }
  const increments = [
    {
      key: 'tickSize',
      decimalsKey: 'priceDecimals',
      decimals: priceDecimals,
      count: priceIncrement,
      told: symbol.tickSize,
      toldDecimals: symbol.priceDecimals,
    },
    {
      key: 'lotSize',
      decimalsKey: 'quantityDecimals',
      decimals: quantityDecimals,
      count: lotSize,
      told: symbol.stepSize,
      toldDecimals: symbol.quantityDecimals,
    },
  ];
  for (const { key, decimalsKey, decimals, count, told, toldDecimals } of increments) {
    // A rule that is switched off is told as 0.
    if (!/[1-9]/.test(told) || parseDecimal(told, decimals) === count) continue;
    const theirs = told.replace(/\.?0+$/, '');
    const rule = `${key} of ${id} is ${formatDecimalShort(BigInt(count), decimals)}; the venue says ${theirs}.`;
    problems.push(problem(key, rule, `Write ${decimalsKey}: ${toldDecimals} and ${key}: ${theirs}.`));
  }
  return problems;
}
