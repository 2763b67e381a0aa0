import { makeBarBlock, makeQuoteBlock, makeTradeBlock } from '../../model/blocks.ts';
import type { FeedCode } from '../../model/codes/feed.ts';
import type { FeedBlock, FeedSubscription } from '../../ports/market-feed.ts';
import { stampUs } from './message-reading.ts';
import type { SpotKline } from './spot-json.ts';
import type { SpotMessage } from './spot-message.ts';

/** Where the streams of a feed put what they have. */
export interface StreamOutput {
  rows(stream: number, block: FeedBlock): void;
  /** @param tsFrom microseconds since the epoch, as `tsTo` */
  gap(stream: number, tsFrom: number, tsTo: number, code: FeedCode): void;
  duplicate(): void;
  refused(code: FeedCode): void;
}

/** What all streams know of losses. */
interface Loss {
  /** The feed was whole until then. */
  readonly tsFrom: number;
  readonly code: FeedCode;
}

/** Best bid and ask. An update id that is not above the last one came late or twice. Hot (bench row feed/json-parse). */
export class QuoteRows {
  private readonly stream: number;
  private readonly output: StreamOutput;
  private readonly block;
  private lastId = -1;

  constructor({ instrument }: FeedSubscription, stream: number, output: StreamOutput) {
    this.stream = stream;
    this.output = output;
    this.block = makeQuoteBlock(instrument.index, 1);
    this.block.length = 1;
  }

  take({ lastId, price, quantity, askPrice, askSize }: SpotMessage, tsInit: number): void {
    if (lastId <= this.lastId) return this.output.duplicate();
    this.lastId = lastId;
    const { block } = this;
    // The venue does not say when.
    block.tsEvent[0] = tsInit;
    block.tsInit[0] = tsInit;
    block.bidPrice[0] = price;
    block.askPrice[0] = askPrice;
    block.bidSize[0] = quantity;
    block.askSize[0] = askSize;
    this.output.rows(this.stream, block);
  }

  lose(): void {
    // The first quote that comes after a loss is whole.
  }

  /** The feed is whole again. */
  resume({ tsFrom, code }: Loss, now: number): void {
    this.output.gap(this.stream, tsFrom, now, code);
  }
}

/** Trades. Their ids follow each other without a hole: one that is missing is a gap, and a loss that none is missing after was none. Hot (bench row feed/json-parse). */
export class TradeRows {
  private readonly stream: number;
  private readonly output: StreamOutput;
  private readonly block;
  private lastId = -1;
  private lastTs = Number.NaN;
  private loss: Loss | null = null;

  constructor({ instrument }: FeedSubscription, stream: number, output: StreamOutput) {
    this.stream = stream;
    this.output = output;
    this.block = makeTradeBlock(instrument.index, 1);
    this.block.length = 1;
  }

  take({ lastId, stamp, price, quantity, aggressorSide }: SpotMessage, tsInit: number): void {
    if (lastId <= this.lastId) return this.output.duplicate();
    const tsEvent = stampUs(stamp);
    if (Number.isNaN(tsEvent)) return this.output.refused('FEED_MESSAGE_DAMAGED');
    if (lastId !== this.lastId + 1 || this.loss !== null) this.lookForGap(lastId, tsInit);
    this.lastId = lastId;
    this.lastTs = tsInit;
    const { block } = this;
    block.tsEvent[0] = tsEvent;
    block.tsInit[0] = tsInit;
    block.price[0] = price;
    block.quantity[0] = quantity;
    block.aggressorSide[0] = aggressorSide;
    this.output.rows(this.stream, block);
  }

  lose(loss: Loss): void {
    this.loss ??= loss;
  }

  resume(): void {
    // The first trade tells whether any is missing.
  }

  private lookForGap(lastId: number, now: number): void {
    const { loss } = this;
    this.loss = null;
    if (this.lastId < 0 ? loss === null : lastId === this.lastId + 1) return;
    this.output.gap(this.stream, loss?.tsFrom ?? this.lastTs, now, loss?.code ?? 'FEED_SEQUENCE_GAP');
  }
}

/** Final candles. One that does not open where the last one closed follows a gap. */
export class BarRows {
  private readonly stream: number;
  private readonly output: StreamOutput;
  private readonly block;
  private lastClose = Number.NEGATIVE_INFINITY;
  private loss: Loss | null = null;

  constructor({ instrument, series }: FeedSubscription, stream: number, output: StreamOutput) {
    this.stream = stream;
    this.output = output;
    this.block = makeBarBlock(instrument.index, series, 1);
    this.block.length = 1;
  }

  take({ tsOpen, tsClose, open, high, low, close, volume }: SpotKline, now: number): void {
    if (tsOpen < this.lastClose) return this.output.duplicate();
    if (tsOpen > this.lastClose && this.lastClose !== Number.NEGATIVE_INFINITY)
      this.output.gap(this.stream, this.lastClose, tsOpen, this.loss?.code ?? 'FEED_SEQUENCE_GAP');
    this.loss = null;
    this.lastClose = tsClose;
    const { block } = this;
    block.tsOpen[0] = tsOpen;
    block.tsEvent[0] = tsClose;
    // Our clock may be behind the venue's, but a bar is known no earlier than it closes.
    block.tsInit[0] = Math.max(now, tsClose);
    block.open[0] = open;
    block.high[0] = high;
    block.low[0] = low;
    block.close[0] = close;
    block.volume[0] = volume;
    this.output.rows(this.stream, block);
  }

  lose(loss: Loss): void {
    this.loss ??= loss;
  }

  resume(): void {
    // The next bar tells whether any is missing.
  }
}
