import type { Book, Candle, InstrumentInfo, MarketTrade } from '../../src/contract/api/market.ts';
import type { MarketData } from '../../src/contract/api/stream-data.ts';

/** A generator of its own, so that the same seed gives the same pictures. */
export class MockChance {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** 0 to 1. */
  next(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0;
    return (this.state >>> 8) / 2 ** 24;
  }

  /** About normal, 0 and 1. */
  normal(): number {
    return this.next() + this.next() + this.next() + this.next() - 2;
  }
}

interface Listing {
  readonly symbol: string;
  readonly price: number;
  readonly decimals: number;
  readonly quantityDecimals: number;
  readonly typical: number;
  readonly volatility: number;
}

const LISTINGS: readonly Listing[] = [
  { symbol: 'BTC-USDT', price: 97_412.5, decimals: 2, quantityDecimals: 5, typical: 0.08, volatility: 0.0005 },
  { symbol: 'ETH-USDT', price: 3641.2, decimals: 2, quantityDecimals: 4, typical: 1.2, volatility: 0.0006 },
  { symbol: 'SOL-USDT', price: 238.61, decimals: 2, quantityDecimals: 3, typical: 14, volatility: 0.0008 },
  { symbol: 'XRP-USDT', price: 1.8934, decimals: 4, quantityDecimals: 1, typical: 900, volatility: 0.0008 },
  { symbol: 'ADA-USDT', price: 1.0712, decimals: 4, quantityDecimals: 1, typical: 1400, volatility: 0.0009 },
  { symbol: 'LINK-USDT', price: 18.934, decimals: 3, quantityDecimals: 2, typical: 60, volatility: 0.0008 },
];

const VENUE = 'SIM';
const MINUTE_US = 60e6;
const HISTORY_MINUTES = 2880;
const LEVELS = 20;
const INTERVALS = { '1m': 60e6, '5m': 300e6, '15m': 900e6, '1h': 3600e6, '1d': 86_400e6 } as const;
export type MockInterval = keyof typeof INTERVALS;

interface Bar {
  readonly tsOpen: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export class MockInstrument {
  readonly info: InstrumentInfo;
  price: number;
  ts = 0;
  readonly trades: MarketTrade[] = [];
  private readonly bars: Bar[] = [];
  private readonly listing: Listing;
  private readonly chance: MockChance;
  private drift = 0;
  private told = 0;

  constructor(listing: Listing, chance: MockChance, nowUs: number) {
    this.listing = listing;
    this.chance = chance;
    this.price = listing.price;
    const step = (decimals: number) => (10 ** -decimals).toFixed(decimals);
    this.info = {
      instrument: `${listing.symbol}.${VENUE}`,
      symbol: listing.symbol,
      venue: VENUE,
      kind: 'SPOT',
      base: listing.symbol.split('-')[0]!,
      quote: 'USDT',
      settlement: 'USDT',
      priceDecimals: listing.decimals,
      quantityDecimals: listing.quantityDecimals,
      priceIncrement: step(listing.decimals),
      lotSize: step(listing.quantityDecimals),
      quantityMin: step(listing.quantityDecimals),
      quantityMax: null,
      notionalMin: '10',
      multiplier: '1',
      tsExpiry: null,
    };
    const start = Math.floor(nowUs / MINUTE_US) * MINUTE_US - HISTORY_MINUTES * MINUTE_US;
    for (let minute = 0; minute < HISTORY_MINUTES; minute += 1) {
      for (let part = 0; part < 6; part += 1)
        this.move(start + minute * MINUTE_US + part * 10e6, listing.typical * 4 * (0.3 + chance.next()));
    }
    this.trades.length = 0;
    for (let trade = 0; trade < 40; trade += 1) this.step(nowUs - (40 - trade) * 700_000);
  }

  get ask(): number {
    return this.price + this.spread / 2;
  }

  get bid(): number {
    return this.price - this.spread / 2;
  }

  priceText(price: number): string {
    return price.toFixed(this.listing.decimals);
  }

  quantityText(quantity: number): string {
    return quantity.toFixed(this.listing.quantityDecimals);
  }

  /** One trade of the market. */
  step(ts: number): void {
    const quantity = this.listing.typical * (0.01 + this.chance.next() ** 3 * 0.25);
    const before = this.price;
    this.move(ts, quantity);
    const sequence = (this.trades.at(-1)?.sequence ?? 0) + 1;
    const aggressorSide = this.price >= before ? 'BUY' : 'SELL';
    this.trades.push({ sequence, ts, price: this.priceText(this.price), quantity: this.quantityText(quantity), aggressorSide });
    if (this.trades.length > 400) this.trades.splice(0, 200);
  }

  candles(interval: MockInterval, before: number, limit: number): Candle[] {
    const length = INTERVALS[interval];
    const groups = new Map<number, Bar>();
    for (const bar of this.bars) {
      const tsOpen = Math.floor(bar.tsOpen / length) * length;
      if (tsOpen >= before) break;
      const group = groups.get(tsOpen);
      if (group === undefined) groups.set(tsOpen, { ...bar, tsOpen });
      else {
        group.high = Math.max(group.high, bar.high);
        group.low = Math.min(group.low, bar.low);
        group.close = bar.close;
        group.volume += bar.volume;
      }
    }
    return [...groups.values()].slice(-limit).map((bar) => ({
      tsOpen: bar.tsOpen,
      open: this.priceText(bar.open),
      high: this.priceText(bar.high),
      low: this.priceText(bar.low),
      close: this.priceText(bar.close),
      volume: this.quantityText(bar.volume),
    }));
  }

  book(): Book {
    const tick = Math.max(10 ** -this.listing.decimals, this.price * 0.00004);
    const level = (price: number, depth: number) => ({
      price: this.priceText(price),
      quantity: this.quantityText(this.listing.typical * (0.4 + depth * 0.25 + this.chance.next() * 2.2)),
    });
    return {
      instrument: this.info.instrument,
      ts: this.ts,
      isDepth: true,
      isWhole: true,
      bids: Array.from({ length: LEVELS }, (_, depth) => level(this.bid - depth * tick, depth)),
      asks: Array.from({ length: LEVELS }, (_, depth) => level(this.ask + depth * tick, depth)),
    };
  }

  data(isAll: boolean): MarketData {
    const { info, ts } = this;
    const trades = this.trades.filter(({ sequence }) => isAll || sequence > this.told).slice(-50);
    this.told = this.trades.at(-1)?.sequence ?? 0;
    const book = this.book();
    const size = (levels: Book['bids']) => levels[0]!.quantity;
    return {
      price: {
        instrument: info.instrument,
        ts,
        price: this.priceText(this.price),
        quote: {
          ts,
          bidPrice: this.priceText(this.bid),
          askPrice: this.priceText(this.ask),
          bidSize: size(book.bids),
          askSize: size(book.asks),
        },
        trade: this.trades.at(-1) ?? null,
      },
      book,
      trades,
      candles: (Object.keys(INTERVALS) as MockInterval[]).map((interval) => ({
        interval,
        candle: this.candles(interval, Number.MAX_SAFE_INTEGER, 1)[0]!,
      })),
    };
  }

  private get spread(): number {
    return Math.max(10 ** -this.listing.decimals, this.price * 0.00006);
  }

  private move(ts: number, quantity: number): void {
    // A live step is a tenth of a second, one of the history ten seconds.
    const scale = Math.sqrt(Math.min(1, Math.max(0.01, (ts - this.ts) / 10e6)));
    this.drift = this.drift * 0.9 + this.chance.normal() * this.listing.volatility * 0.04 * scale;
    const home = (this.listing.price / this.price - 1) * 0.0006 * scale;
    this.price = Math.max(
      this.spread * 2,
      this.price * (1 + home + this.drift + this.chance.normal() * this.listing.volatility * 0.5 * scale),
    );
    this.ts = ts;
    const tsOpen = Math.floor(ts / MINUTE_US) * MINUTE_US;
    const last = this.bars.at(-1);
    if (last?.tsOpen !== tsOpen)
      this.bars.push({ tsOpen, open: last?.close ?? this.price, high: this.price, low: this.price, close: this.price, volume: 0 });
    const bar = this.bars.at(-1)!;
    bar.high = Math.max(bar.high, this.price, bar.open);
    bar.low = Math.min(bar.low, this.price, bar.open);
    bar.close = this.price;
    bar.volume += quantity;
  }
}

export function makeMarket(seed: number, nowUs: number): readonly MockInstrument[] {
  const chance = new MockChance(seed);
  return LISTINGS.map((listing) => new MockInstrument(listing, chance, nowUs));
}
