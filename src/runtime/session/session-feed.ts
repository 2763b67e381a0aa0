import type { SessionClock } from './session-clock.ts';
import type { BookDeltaBlock, MarketBlock } from '../../model/blocks.ts';
import type { AccountEvent } from '../../model/events.ts';
import type { MarketGap, PhaseChange } from '../../model/session-input.ts';

/** Who plays a feed: the session. */
export interface SessionFeedListener {
  /**
   * Rows of one stream, which are the listener's to keep.
   *
   * @param goesOn the next rows are of another stream and of the same time: see SessionInput
   * @returns false where it wants no more until {@link SessionFeed.goOn}
   */
  onRows(block: MarketBlock, goesOn: boolean): boolean;
  /** What moves positions or money without an order, in order with the rows. @returns as {@link onRows} */
  onAccountEvent(event: AccountEvent): boolean;
  /** What was missing, in order with the rows. */
  onGap(ts: number, gap: MarketGap): void;
  /** What the venue does with an instrument from then on, in order with the rows. */
  onPhase(ts: number, change: PhaseChange): void;
  /** Something came that `nextTs` did not tell of. Never called from within the feed's own methods. */
  onNews(): void;
}

/**
 * Market data as a session takes it: one queue of rows and gaps, in the one total order, by the session's time. Where rows come from a queue is what they are pulled
 * from; a feed that is pushed to keeps what came, tells {@link SessionFeedListener.onNews}, and hands it over when it is asked.
 */
export interface SessionFeed {
  /** Session's time of what comes next, as far as that is known: Infinity where it is not, or nothing more comes. */
  readonly nextTs: number;
  /** Passes over the first `rows` of all streams together, and the first account events: the journal has them. Nothing where what has come does not come again. */
  skipTaken(rows: number, accountEvents: number): void;
  /**
   * Passes over everything up to `ts`: nobody was there. Follows {@link skipTaken} of everything that was taken.
   *
   * @returns order books as they are then, without which the changes that come would make no sense; in order of instruments
   */
  skipTo(ts: number): readonly BookDeltaBlock[];
  /** Hands over what is due, as far as the listener takes it. */
  goOn(): void;
  /** Nothing more is handed over or told. May be called again. */
  stop(): void;
}

/** Opens a feed once the journal has been taken, so that its time goes on from there. What a live one gets from then on is its session's. */
export type OpenSessionFeed = (clock: SessionClock, listener: SessionFeedListener) => SessionFeed;
