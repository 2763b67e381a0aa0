import { BLOCK_ROWS } from '../../model/blocks.ts';

/** What a message of Binance Spot is to the feed. */
export const SpotEvent = { DIFF: 1, QUOTE: 2, TRADE: 3, KLINE: 4 } as const;
export type SpotEvent = (typeof SpotEvent)[keyof typeof SpotEvent];

/** A stream of the venue that was asked for. */
export interface SpotStream {
  /** Position in the feed's list of subscriptions. */
  readonly index: number;
  /** As the venue names it: `btcusdt@trade`. */
  readonly name: string;
  readonly event: SpotEvent;
  /** `BTCUSDT`. */
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
}

/** What a scanner has read, in counts; times as the venue stamps them. Which fields hold is the event's matter. */
export class SpotMessage {
  /** Milliseconds or, with 16 digits, microseconds; NaN where the message has none. */
  stamp = Number.NaN;
  firstId = 0;
  lastId = 0;
  /** Bid of a quote, price of a trade. */
  price = 0;
  quantity = 0;
  askPrice = 0;
  askSize = 0;
  aggressorSide = 0;
  levels = 0;
  /** How many of the levels are bids; they come first. */
  bids = 0;
  /** A block of rows may have these for its columns, see book-rows.ts: what is written here is there. */
  levelPrice = new Float64Array(BLOCK_ROWS);
  levelQuantity = new Float64Array(BLOCK_ROWS);

  growLevels(): void {
    const { levelPrice, levelQuantity } = this;
    this.levelPrice = new Float64Array(levelPrice.length * 2);
    this.levelQuantity = new Float64Array(levelPrice.length * 2);
    this.levelPrice.set(levelPrice);
    this.levelQuantity.set(levelQuantity);
  }
}
