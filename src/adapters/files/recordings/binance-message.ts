import { NO_BOOK } from '../../../book/depth-sequence.ts';
import { BlockKind } from '../../../model/blocks.ts';
import { DepthLevels } from './depth-levels.ts';
import type { RecordedKind } from './row-buffer.ts';

/** What a message of Binance is to a reader. */
export const BinanceEvent = {
  /** Of a stream that was not asked for. */
  NONE: 0,
  DIFF: 1,
  SNAPSHOT: 2,
  QUOTE: 3,
  TRADE: 4,
  AGGREGATE: 5,
} as const;
export type BinanceEvent = (typeof BinanceEvent)[keyof typeof BinanceEvent];

/** Names of events that are read (field `e`). */
export const READ_EVENTS: ReadonlyMap<string, BinanceEvent> = new Map([
  ['depthUpdate', BinanceEvent.DIFF],
  ['bookTicker', BinanceEvent.QUOTE],
  ['trade', BinanceEvent.TRADE],
  ['aggTrade', BinanceEvent.AGGREGATE],
]);

/** Names of events that have nothing of what is read. Source: the stream pages of Spot, USD-M and COIN-M. */
export const OTHER_EVENTS: ReadonlySet<string> = new Set([
  '24hrMiniTicker',
  '24hrTicker',
  '1hTicker',
  '4hTicker',
  '1dTicker',
  'assetIndexUpdate',
  'avgPrice',
  'blockTrade',
  'compositeIndex',
  'continuous_kline',
  'contractInfo',
  'forceOrder',
  'indexPriceUpdate',
  'indexPrice_kline',
  'kline',
  'markPriceUpdate',
  'markPrice_kline',
  'referencePrice',
  'serverShutdown',
]);

/** Which events bring rows of a kind. */
export const EVENTS_OF_KIND: Readonly<Record<RecordedKind, readonly BinanceEvent[]>> = {
  [BlockKind.BOOK_DELTAS]: [BinanceEvent.DIFF, BinanceEvent.SNAPSHOT],
  [BlockKind.QUOTES]: [BinanceEvent.QUOTE],
  [BlockKind.TRADES]: [BinanceEvent.TRADE, BinanceEvent.AGGREGATE],
};

/** What a message says, as counts and microseconds. One object serves all messages of a reader; which fields hold is the event's matter. */
export class BinanceMessage {
  /** `T`, else `E`; NaN where the message has no time of its own. */
  tsEvent = Number.NaN;
  firstId = NO_BOOK;
  lastId = NO_BOOK;
  previousId = NO_BOOK;
  readonly levels = new DepthLevels();
  bidPrice = 0;
  bidSize = 0;
  askPrice = 0;
  askSize = 0;
  tradeId = 0;
  price = 0;
  quantity = 0;
  aggressorSide = 0;
  /** The trade took from the book: not one with the insurance fund or by automatic deleveraging. */
  isOnBook = true;

  begin(): void {
    this.tsEvent = Number.NaN;
    this.previousId = NO_BOOK;
    this.levels.clear();
    this.isOnBook = true;
  }
}
