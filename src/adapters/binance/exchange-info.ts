import { columnDecimals } from '../../base/decimal.ts';
import { makeCurrency } from '../../model/currency.ts';
import { type InstrumentDefinition, INSTRUMENT_DECIMALS_MAX } from '../../model/instrument.ts';
import { FieldReader, type JsonObject, objectOf, parseObject, RefusedMessage } from './message-reading.ts';

/** What the venue says of a symbol. Texts are its decimals; `0` where a rule is switched off. */
export interface SpotSymbol {
  readonly symbol: string;
  /** `TRADING`, or why not: `HALT`, `BREAK`, `END_OF_DAY`. */
  readonly status: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: string;
  readonly stepSize: string;
  readonly minQty: string;
  readonly maxQty: string;
  readonly minNotional: string;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
}

export interface ExchangeInfo {
  readonly symbols: readonly SpotSymbol[];
  /** Weight of requests that the venue takes a minute; null where it does not say. */
  readonly weightLimit: number | null;
}

/** Money decimals of the quote currency that every product of price and quantity fits in. */
const MONEY_DECIMALS = 18;

/** @throws RefusedMessage FEED_ANSWER_DAMAGED */
export function readExchangeInfo(body: string): ExchangeInfo {
  const fields = new FieldReader('FEED_ANSWER_DAMAGED');
  const answer = parseObject(body, 'FEED_ANSWER_DAMAGED');
  const limits = Array.isArray(answer['rateLimits']) ? (answer['rateLimits'] as readonly JsonObject[]) : [];
  const weight = limits.find((limit) => limit?.['rateLimitType'] === 'REQUEST_WEIGHT' && limit['interval'] === 'MINUTE');
  const symbols = fields.list(answer, 'symbols').map((each) => readSymbol(fields, objectOf(each, 'FEED_ANSWER_DAMAGED', 'a symbol')));
  return { symbols, weightLimit: weight === undefined ? null : fields.id(weight, 'limit') };
}

function readSymbol(fields: FieldReader, of: JsonObject): SpotSymbol {
  const filters = fields.list(of, 'filters').map((each) => objectOf(each, 'FEED_ANSWER_DAMAGED', 'a filter'));
  const filter = (...types: readonly string[]): JsonObject => filters.find((each) => types.includes(String(each['filterType']))) ?? {};
  const text = (from: JsonObject, name: string): string => (from[name] === undefined ? '0' : decimalText(fields, from, name));
  const price = filter('PRICE_FILTER');
  const lot = filter('LOT_SIZE');
  const tickSize = text(price, 'tickSize');
  const stepSize = text(lot, 'stepSize');
  const precision = (name: string): number => (of[name] === undefined ? 8 : fields.id(of, name));
  return {
    symbol: fields.text(of, 'symbol'),
    status: fields.text(of, 'status'),
    baseAsset: fields.text(of, 'baseAsset'),
    quoteAsset: fields.text(of, 'quoteAsset'),
    tickSize,
    stepSize,
    minQty: text(lot, 'minQty'),
    maxQty: text(lot, 'maxQty'),
    minNotional: text(filter('NOTIONAL', 'MIN_NOTIONAL'), 'minNotional'),
    priceDecimals: isZero(tickSize) ? precision('quoteAssetPrecision') : decimalsOf(tickSize),
    quantityDecimals: isZero(stepSize) ? precision('baseAssetPrecision') : decimalsOf(stepSize),
  };
}

function decimalText(fields: FieldReader, from: JsonObject, name: string): string {
  const value = from[name];
  fields.decimal(value, name, INSTRUMENT_DECIMALS_MAX);
  return value as string;
}

function isZero(text: string): boolean {
  return !/[1-9]/.test(text);
}

function decimalsOf(text: string): number {
  return columnDecimals([text], 0, INSTRUMENT_DECIMALS_MAX);
}

/**
 * The instrument of a symbol: `BTCUSDT` is `BTC-USDT.BINANCE`.
 *
 * @throws RefusedMessage FEED_ANSWER_DAMAGED where its numbers contradict each other
 */
export function definitionOf(symbol: SpotSymbol, venue = 'BINANCE'): InstrumentDefinition {
  const fields = new FieldReader('FEED_ANSWER_DAMAGED');
  const { priceDecimals, quantityDecimals } = symbol;
  const money = makeCurrency(symbol.quoteAsset, MONEY_DECIMALS);
  const count = (name: 'tickSize' | 'stepSize' | 'minQty' | 'maxQty', decimals: number): number =>
    fields.decimal(symbol[name], name, decimals);
  const lotSize = Math.max(1, count('stepSize', quantityDecimals));
  // Filters may name a least quantity of 0, or one between two lots: the next lot above is what can be ordered.
  const quantityMin = Math.ceil(count('minQty', quantityDecimals) / lotSize) * lotSize;
  return {
    id: `${symbol.baseAsset}-${symbol.quoteAsset}.${venue}`,
    kind: 'SPOT',
    base: makeCurrency(symbol.baseAsset),
    quote: money,
    settlement: money,
    priceDecimals,
    quantityDecimals,
    priceIncrement: Math.max(1, count('tickSize', priceDecimals)),
    lotSize,
    quantityMin,
    quantityMax: Math.floor(count('maxQty', quantityDecimals) / lotSize) * lotSize,
    notionalMin: BigInt(fields.decimal(symbol.minNotional, 'minNotional', 8)) * 10n ** BigInt(MONEY_DECIMALS - 8),
    multiplier: 1,
    multiplierDecimals: 0,
    calendar: null,
    expiryTs: null,
  };
}

/** @throws RefusedMessage FEED_SYMBOL_UNKNOWN */
export function symbolNamed({ symbols }: ExchangeInfo, name: string): SpotSymbol {
  const found = symbols.find(({ symbol }) => symbol === name);
  if (found === undefined) throw new RefusedMessage('FEED_SYMBOL_UNKNOWN', `the venue has no symbol ${name}`);
  return found;
}

/** Path of the request for the symbols. Its weight is {@link EXCHANGE_INFO_WEIGHT}. */
export function exchangeInfoPath(symbols: readonly string[]): string {
  return `/api/v3/exchangeInfo?symbols=${encodeURIComponent(JSON.stringify(symbols))}`;
}

export const EXCHANGE_INFO_WEIGHT = 20;
