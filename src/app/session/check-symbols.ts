import type { LiveMarket } from './live-market.ts';
import { EXCHANGE_INFO_WEIGHT, exchangeInfoPath, readExchangeInfo, type SpotSymbol } from '../../adapters/binance/exchange-info.ts';
import { RefusedMessage } from '../../adapters/binance/message-reading.ts';
import { RestClient } from '../../adapters/binance/rest-client.ts';
import type { FetchText } from '../../adapters/binance/transport.ts';
import { formatDecimalShort, parseDecimal } from '../../base/decimal.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Clock } from '../../ports/clock.ts';
import { InputError, type InputProblem, WorldError } from '../../ports/errors.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';

/** How long the start of a session waits for the venue's answer: a venue that is away is waited for by the feed. */
const ANSWER_US_MAX = 10_000_000;
/** What the venue answers to a symbol that it does not have. Source: its list of error codes, -1121. */
const SYMBOL_INVALID = '"code":-1121';

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
  const found = await ask(symbols, { clock, fetchText, baseUrl: addresses.rest });
  if (typeof found === 'string' && !found.includes(SYMBOL_INVALID)) return found;
  const problems = subscriptions
    .filter((each, at) => subscriptions.findIndex(({ instrument }) => instrument === each.instrument) === at)
    .flatMap(({ instrument, symbol }) => {
      const known = typeof found === 'string' ? undefined : found.find((each) => each.symbol === symbol);
      return known === undefined
        ? [unknown(loaded, instrument, typeof found === 'string' ? symbols : [symbol])]
        : differences(loaded, instrument, known);
    });
  if (problems.length > 0) throw new InputError(problems);
  return null;
}

async function ask(
  symbols: readonly string[],
  options: { readonly clock: Clock; readonly fetchText: FetchText; readonly baseUrl: string },
): Promise<readonly SpotSymbol[] | string> {
  const rest = new RestClient(options);
  const { clock } = options;
  const timeout = clock.callAt(clock.now() + ANSWER_US_MAX, () => rest.stop());
  try {
    return readExchangeInfo(await rest.get(exchangeInfoPath(symbols), EXCHANGE_INFO_WEIGHT)).symbols;
  } catch (error) {
    if (error instanceof WorldError || error instanceof RefusedMessage) return error.message;
    throw error;
  } finally {
    timeout.cancel();
    rest.stop();
  }
}

function unknown(loaded: LoadedRunFile, { index }: Instrument, symbols: readonly string[]): InputProblem {
  const rule = `The venue has no symbol ${symbols.join(', or ')}.`;
  return loaded.problem('FEED_SYMBOL_UNKNOWN', ['instruments', index, 'id'], rule, "Write the venue's: live: { symbol: BTCUSDT }.");
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
