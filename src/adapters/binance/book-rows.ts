import { BinanceSpotSequence } from '../../book/binance-spot-sequence.ts';
import { DepthVerdict, NO_BOOK } from '../../book/depth-sequence.ts';
import { BLOCK_ROWS, makeBookDeltaBlock } from '../../model/blocks.ts';
import { BookAction, BookFlag, BookSide } from '../../model/book-delta.ts';
import type { FeedCode } from '../../model/codes/feed.ts';
import type { FeedSubscription } from '../../ports/market-feed.ts';
import { FieldReader, parseObject, stampUs } from './message-reading.ts';
import { readLevels } from './spot-json.ts';
import { SpotMessage } from './spot-scanner.ts';
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

  constructor(subscription: FeedSubscription, stream: number, output: StreamOutput, host: BookHost) {
    this.subscription = subscription;
    this.stream = stream;
    this.output = output;
    this.host = host;
    this.block = makeBookDeltaBlock(subscription.instrument.index, BLOCK_ROWS);
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
      this.appendSets(message, 0, tsEvent, tsInit);
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

  /** A row per level. Hot: columns by name, nothing called per row but where the block is full. */
  private appendSets({ levels, bids, levelPrice, levelQuantity }: SpotMessage, flags: number, tsEvent: number, tsInit: number): void {
    const { block } = this;
    const { tsEvent: tsEvents, tsInit: tsInits, action, side, price, quantity, flags: flagsOf } = block;
    let row = block.length;
    for (let level = 0; level < levels; level += 1) {
      if (row === BLOCK_ROWS) {
        block.length = row;
        this.handOver();
        row = 0;
      }
      tsEvents[row] = tsEvent;
      tsInits[row] = tsInit;
      action[row] = BookAction.SET;
      side[row] = level < bids ? BookSide.BID : BookSide.ASK;
      price[row] = levelPrice[level]!;
      quantity[row] = levelQuantity[level]!;
      flagsOf[row] = flags;
      row += 1;
    }
    block.length = row;
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

  private handOver(): void {
    this.output.rows(this.stream, this.block);
    this.block.length = 0;
  }
}
