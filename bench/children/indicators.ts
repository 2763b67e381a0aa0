import { answerRounds } from './rounds-protocol.ts';
import {
  Adx,
  Atr,
  BollingerBands,
  DonchianChannel,
  Ema,
  KeltnerChannel,
  LinearRegression,
  Macd,
  RealizedVolatility,
  RollingVwap,
  Rsi,
  Sma,
  Stochastic,
  Vwap,
  Wma,
  ZScore,
} from '../../src/index.ts';

/* indicators.ts: asked "ROWS n", feeds ROWS updates (whole millions) to a fresh indicator number n. Each has a loop of its own, so that each is called as its users call it. */

const MASK = 0xffff;
const value = new Float64Array(MASK + 1);
const high = new Float64Array(MASK + 1);
const low = new Float64Array(MASK + 1);
let state = 5;
let price = 100;
for (let at = 0; at <= MASK; at += 1) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  price = Math.max(10, price + ((state >>> 16) % 101) / 100 - 0.5);
  value[at] = price;
  high[at] = price + 0.3;
  low[at] = price - 0.2;
}

type Feed = (from: number, to: number) => void;

/**
 * A loop that feeds an indicator rows `from` to `to` of the named columns. A new function for every indicator, since V8 learns for each call site which
 * class it sees there: this is how a strategy with one indicator calls it.
 */
function feedOf(indicator: object, columns: readonly string[]): Feed {
  const inputs = columns.map((column) => `${column}[at & ${MASK}]`).join(', ');
  const body = `return (from, to) => { for (let at = from; at < to; at += 1) indicator.update(${inputs}); };`;
  return new Function('indicator', 'high', 'low', 'value', body)(indicator, high, low, value) as Feed;
}

const BAR = ['high', 'low', 'value'];
const INDICATORS: readonly (readonly [name: string, make: () => object, columns: readonly string[]])[] = [
  ['SMA', () => new Sma(50), ['value']],
  ['EMA', () => new Ema(50), ['value']],
  ['WMA', () => new Wma(50), ['value']],
  ['RSI', () => new Rsi(14), ['value']],
  ['MACD', () => new Macd(), ['value']],
  ['Bollinger', () => new BollingerBands(20, 2), ['value']],
  ['z-score', () => new ZScore(50), ['value']],
  ['regression', () => new LinearRegression(50), ['value']],
  ['volatility', () => new RealizedVolatility(50), ['value']],
  ['ATR', () => new Atr(14), BAR],
  ['ADX', () => new Adx(14), BAR],
  ['Stochastic', () => new Stochastic(), BAR],
  ['Donchian', () => new DonchianChannel(20), ['high', 'low']],
  ['Keltner', () => new KeltnerChannel(), BAR],
  ['VWAP', () => new Vwap(), ['value', 'high']],
  ['rolling VWAP', () => new RollingVwap(50), ['value', 'high']],
];

const BLOCK = 4096;
/** Updates for one reading of the clock. */
const CHUNK = 1_000_000;

await answerRounds((rows, which) => {
  const entry = INDICATORS[which - 1];
  if (entry === undefined) return { ns: 0, checksum: '', name: '' };
  const [name, make, columns] = entry;
  const warm = feedOf(make(), columns);
  for (let from = 0; from < 200_000; from += BLOCK) warm(from, from + BLOCK);
  const feed = feedOf(make(), columns);
  const chunkNs: number[] = [];
  for (let chunk = 0; chunk < rows; chunk += CHUNK) {
    const since = process.hrtime.bigint();
    for (let from = chunk; from < chunk + CHUNK; from += BLOCK) feed(from, Math.min(chunk + CHUNK, from + BLOCK));
    chunkNs.push(Number(process.hrtime.bigint() - since));
  }
  return { ns: chunkNs.reduce((a, b) => a + b), checksum: '', name, chunkNs };
});
