import { BinanceSpotSequence } from '../../book/binance-spot-sequence.ts';
import { DepthVerdict, NO_BOOK } from '../../book/depth-sequence.ts';
import { BLOCK_ROWS, makeBookDeltaBlock } from '../../model/blocks.ts';
import { BookAction, BookFlag, BookSide } from '../../model/book-delta.ts';
import type { FeedCode } from '../../model/codes/feed.ts';
import type { FeedSubscription } from '../../ports/market-feed.ts';
import { FieldReader, parseObject, stampUs } from './message-reading.ts';
import { readLevels } from './spot-json.ts';
import { SpotMessage } from './spot-message.ts';
import type { StreamOutput } from './stream-rows.ts';

/** What a book asks of its feed. */
export interface BookHost {
  /** A snapshot is needed, now or later; may be called again before it comes. */
  wantSnapshot(stream: number): void;
  /** Reads a message again into the object that {@link BookRows.take} is given. */
  read(bytes: Uint8Array): SpotMessage | null;
  /** The book has become whole, or is not any more. */
  changed(): void;
}

/**
 * The rows of one book: its snapshot, then every diff that continues it. Diffs that come before the snapshot wait as they came. A diff that does not
 * continue the book (ids are missing) is a gap: a GAP row says at once that the book is worth nothing, and a snapshot is asked for.
 */
export class BookRows {
  /** Whether what was told makes the venue's book. */
  isWhole = false;
  private readonly subscription: FeedSubscription;
  private readonly stream: number;
  private readonly output: StreamOutput;
  private readonly host: BookHost;
  private readonly block;
  private readonly snapshotMessage = new SpotMessage();
  private readonly fields = new FieldReader('FEED_ANSWER_DAMAGED');
  private sequence = new BinanceSpotSequence();
  private waiting: Uint8Array[] = [];
  private lastTs = Number.NaN;
  private loss: { readonly tsFrom: number; readonly code: FeedCode } | null = null;

  /** @param message what the feed's messages are read into */
  constructor(subscription: FeedSubscription, stream: number, output: StreamOutput, host: BookHost, message: SpotMessage) {
    this.subscription = subscription;
    this.stream = stream;
    this.output = output;
    this.host = host;
    // The levels of a message are columns of its rows as they are read: each event is handed over before the next message is.
    const { levelPrice: price, levelQuantity: quantity } = message;
    this.block = { ...makeBookDeltaBlock(subscription.instrument.index, BLOCK_ROWS), price, quantity };
    this.block.action.fill(BookAction.SET);
  }

  /** @param bytes the message, borrowed: kept as a copy while there is no snapshot. Hot (bench rows feed/json-parse and feed/ccxt) */
  take(message: SpotMessage, bytes: Uint8Array, tsInit: number): void {
    const { firstId, lastId, levels } = message;
    const tsEvent = stampUs(message.stamp);
    if (firstId > lastId || Number.isNaN(tsEvent)) return this.output.refused('FEED_MESSAGE_DAMAGED');
    const hadBook = this.sequence.bookId !== NO_BOOK;
    const verdict = this.sequence.onDiff(firstId, lastId, NO_BOOK, levels);
    if (verdict === DepthVerdict.APPLY) {
      this.lastTs = tsInit;
      if (message.levelPrice === this.block.price) this.appendRead(message, tsEvent, tsInit);
      else this.appendSets(message, 0, tsEvent, tsInit);
      this.endEvent();
    } else if (verdict === DepthVerdict.IGNORE) this.output.duplicate();
    else {
      if (verdict === DepthVerdict.GAP) {
        this.lose({ tsFrom: hadBook ? this.lastTs : tsInit, code: hadBook ? 'FEED_SEQUENCE_GAP' : 'FEED_BUFFER_FULL' }, tsInit, false);
      }
      this.waiting.push(bytes.slice());
      this.host.wantSnapshot(this.stream);
    }
  }

  /**
   * Takes the answer of `GET /api/v3/depth`.
   *
   * @returns false where it is older than the first diff that waits: another is needed
   * @throws RefusedMessage FEED_ANSWER_DAMAGED
   */
  snapshot(body: string, now: number): boolean {
    const { fields, snapshotMessage, subscription } = this;
    const answer = parseObject(body, 'FEED_ANSWER_DAMAGED');
    const lastId = fields.id(answer, 'lastUpdateId');
    snapshotMessage.levels = 0;
    const decimals = subscription.instrument;
    readLevels(fields, snapshotMessage, decimals, answer, 'bids');
    snapshotMessage.bids = snapshotMessage.levels;
    readLevels(fields, snapshotMessage, decimals, answer, 'asks');
    const verdict = this.sequence.onSnapshot(lastId);
    if (verdict === DepthVerdict.STALE) return false;
    if (verdict !== DepthVerdict.APPLY) return true;
    this.lastTs = now;
    this.appendMark(BookAction.CLEAR, BookFlag.SNAPSHOT, now);
    this.appendSets(snapshotMessage, BookFlag.SNAPSHOT, now, now);
    this.endEvent();
    this.tellLoss(now);
    this.isWhole = true;
    this.takeWaiting(now);
    this.host.changed();
    return true;
  }

  /**
   * Messages are missing from `tsFrom` on: the book is worth nothing until the next snapshot.
   *
   * @param isAfresh the connection is gone: what waits belongs to nothing
   */
  lose(loss: { readonly tsFrom: number; readonly code: FeedCode }, now: number, isAfresh: boolean): void {
    this.waiting = [];
    if (isAfresh) this.sequence = new BinanceSpotSequence();
    if (!this.isWhole) return;
    this.isWhole = false;
    this.loss = loss;
    this.appendMark(BookAction.GAP, 0, now);
    this.endEvent();
    this.host.changed();
  }

  private tellLoss(now: number): void {
    if (this.loss !== null) this.output.gap(this.stream, this.loss.tsFrom, now, this.loss.code);
    this.loss = null;
  }

  private takeWaiting(now: number): void {
    const { waiting } = this;
    this.waiting = [];
    for (const bytes of waiting) {
      const message = this.host.read(bytes);
      if (message !== null) this.take(message, bytes, now);
    }
  }

  /** A row per level of a message whose levels are the block's own columns. Hot. */
  private appendRead({ levels, bids }: SpotMessage, tsEvent: number, tsInit: number): void {
    const { block } = this;
    const { tsEvent: tsEvents, tsInit: tsInits, side } = block;
    for (let row = 0; row < levels; row += 1) {
      tsEvents[row] = tsEvent;
      tsInits[row] = tsInit;
      side[row] = row < bids ? BookSide.BID : BookSide.ASK;
    }
    block.length = levels;
  }

  /** A row per level, in as many blocks as it takes. */
  private appendSets({ levels, bids, levelPrice, levelQuantity }: SpotMessage, flags: number, tsEvent: number, tsInit: number): void {
    const { block } = this;
    for (let level = 0; level < levels; level += 1) {
      if (block.length === BLOCK_ROWS) this.handOver();
      const row = block.length;
      block.tsEvent[row] = tsEvent;
      block.tsInit[row] = tsInit;
      block.side[row] = level < bids ? BookSide.BID : BookSide.ASK;
      block.price[row] = levelPrice[level]!;
      block.quantity[row] = levelQuantity[level]!;
      block.flags[row] = flags;
      block.length = row + 1;
    }
  }

  /** A row of the whole book: CLEAR or GAP. */
  private appendMark(action: BookAction, flags: number, ts: number): void {
    const { block } = this;
    const row = block.length;
    block.tsEvent[row] = ts;
    block.tsInit[row] = ts;
    block.action[row] = action;
    block.side[row] = BookSide.NONE;
    block.price[row] = 0;
    block.quantity[row] = 0;
    block.flags[row] = flags;
    block.length = row + 1;
  }

  /** The newest row is the last of its event. A diff without levels has no row. */
  private endEvent(): void {
    const { block } = this;
    if (block.length === 0) return;
    block.flags[block.length - 1]! |= BookFlag.LAST;
    this.handOver();
  }

  /** Afterwards the block's rows are plain SETs again. */
  private handOver(): void {
    const { block } = this;
    this.output.rows(this.stream, block);
    block.action[0] = BookAction.SET;
    if ((block.flags[0]! & BookFlag.SNAPSHOT) === 0) block.flags[block.length - 1] = 0;
    else block.flags.fill(0);
    block.length = 0;
  }
}
