import { portableExp } from '../../base/elementary.ts';
import { stream } from '../../base/random.ts';
import type { Random } from '../../base/random.ts';
import type { GeneratedInstrument } from './generated-instrument.ts';
import { seasonAt } from './generated-prices.ts';
import type { MinutePrices, PairedPrices } from './generated-prices.ts';

export const MINUTE_MICROS = 60_000_000;
/**
 * Quantiles of the size of a trade in units of the typical one: Pareto with tail exponent 1.5.
 * Source: P. Gopikrishnan et al., Physical Review E 62, 2000.
 */
const SIZE_QUANTILES = Float64Array.from({ length: 1024 }, (_, at) => {
  const root = Math.sqrt(1 - (at + 0.5) / 1024);
  // (1 − u)^(−2/3) by Newton's iteration for the cube root: four operations only, so the same bits everywhere.
  let cube = 1;
  for (let turn = 0; turn < 40; turn += 1) cube = (2 * cube + root / (cube * cube)) / 3;
  return 0.5 / (cube * cube * cube * cube);
});
/** Out of 256: how often a trade has the side of the one before. */
const SAME_SIDE_OF_256 = 154;

/**
 * One minute of quotes and trades at a time, in reused arrays. Each of the minute's slots has a quote and then a trade at its bid or ask;
 * prices bridge from the minute's first value to its last, so that every kind of data shows the same market.
 */
export class MinuteTicks {
  /** Slots in use. */
  count = 0;
  readonly quoteTs: Float64Array;
  readonly tradeTs: Float64Array;
  readonly bidPrice: Float64Array;
  readonly askPrice: Float64Array;
  readonly bidSize: Float64Array;
  readonly askSize: Float64Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly side: Int8Array;
  private readonly prices: MinutePrices | PairedPrices;
  private readonly instrument: GeneratedInstrument;
  private readonly random: Random;
  private readonly lots: Float64Array;
  private readonly endTs: number;
  private minuteTs: number;
  private middle: number;
  private lastSide = 1;

  constructor(
    seed: number,
    position: number,
    instrument: GeneratedInstrument,
    prices: MinutePrices | PairedPrices,
    startTs: number,
    endTs: number,
  ) {
    this.prices = prices;
    this.instrument = instrument;
    this.random = stream(seed, `ticks ${position}`);
    this.minuteTs = startTs;
    this.endTs = endTs;
    this.middle = instrument.startPrice;
    const { quantityTypical, lotSize, tradesPerMinute } = instrument;
    this.lots = SIZE_QUANTILES.map((size) => Math.max(1, Math.round((size * quantityTypical) / lotSize)) * lotSize);
    const most = countOf(tradesPerMinute, seasonAt(0), Infinity, 1);
    const column = (): Float64Array => new Float64Array(most);
    this.quoteTs = column();
    this.tradeTs = column();
    this.bidPrice = column();
    this.askPrice = column();
    this.bidSize = column();
    this.askSize = column();
    this.price = column();
    this.quantity = column();
    this.side = new Int8Array(most);
  }

  /** Makes the next minute. @returns false at the end of the period */
  next(): boolean {
    if (this.minuteTs >= this.endTs) {
      this.count = 0;
      return false;
    }
    const { prices, instrument } = this;
    const minute = this.minuteTs / MINUTE_MICROS;
    prices.step(minute);
    const target = instrument.startPrice * portableExp(prices.logPrice);
    this.count = countOf(instrument.tradesPerMinute, seasonAt(minute), prices.volatilityRatio, this.random.nextDouble());
    this.fill(target, Math.max(1, Math.round(instrument.spreadIncrements * (0.4 + 0.6 * Math.min(4, prices.volatilityRatio)))));
    this.minuteTs += MINUTE_MICROS;
    return true;
  }

  /** Hot: a year of minutes is some four million slots. */
  private fill(target: number, spreadUsual: number): void {
    const { random, lots, count, instrument } = this;
    const increment = instrument.priceIncrement;
    const slotMicros = MINUTE_MICROS / count;
    const noise = this.middle * this.prices.deviation * Math.sqrt(1 / count);
    let middle = this.middle;
    let side = this.lastSide;
    for (let slot = 0; slot < count; slot += 1) {
      const left = count - slot;
      middle += (target - middle) / left + noise * Math.sqrt((left - 1) / left) * random.nextNormal();
      const times = random.nextUint32();
      const sizes = random.nextUint32();
      const choices = random.nextUint32();
      const quoteTs = this.minuteTs + Math.floor((slot + ((times & 0xffff) / 65536) * 0.8) * slotMicros);
      const spread = spreadUsual + ((choices & 7) === 0 ? 1 : 0);
      const bid = Math.max(1, Math.floor(middle / increment - spread / 2 + 0.5)) * increment;
      const ask = bid + spread * increment;
      const quantity = lots[sizes & 1023]!;
      if (((choices >>> 8) & 255) >= SAME_SIDE_OF_256) side = -side;
      const isBuy = side > 0 ? 1 : 0;
      this.quoteTs[slot] = quoteTs;
      this.tradeTs[slot] = quoteTs + 1 + Math.floor(((times >>> 16) / 65536) * 0.15 * slotMicros);
      this.bidPrice[slot] = bid;
      this.askPrice[slot] = ask;
      // What is shown covers what is about to be taken.
      this.bidSize[slot] = lots[(sizes >>> 10) & 1023]! + (1 - isBuy) * quantity;
      this.askSize[slot] = lots[(sizes >>> 20) & 1023]! + isBuy * quantity;
      this.price[slot] = isBuy === 1 ? ask : bid;
      this.quantity[slot] = quantity;
      this.side[slot] = side;
    }
    this.middle = middle;
    this.lastSide = side;
  }
}

/** Trades of a minute: the mean times season, volatility (2.5 at most) and a uniform from ½ to 1½; at least one. */
function countOf(tradesPerMinute: number, season: number, volatilityRatio: number, uniform: number): number {
  return Math.max(1, Math.round(tradesPerMinute * season * Math.min(2.5, volatilityRatio) * (0.5 + uniform)));
}
