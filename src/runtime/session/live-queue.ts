import { joinRows } from './input-codec.ts';
import type { MarketBlock } from '../../model/blocks.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import type { MarketGap, PhaseChange } from '../../model/session-input.ts';

/** Stands for the stream of what is not rows. */
const NEWS = -1;
/** Entries that have been taken are let go of in lots. */
const TAKEN_MAX = 1024;

/** A gap of an instrument. */
export interface InstrumentGap extends Omit<MarketGap, 'instruments'> {
  readonly instrument: InstrumentIndex;
}

interface RowsEntry {
  readonly ts: number;
  readonly stream: number;
  readonly block: MarketBlock;
}

interface GapEntry {
  readonly ts: number;
  readonly stream: typeof NEWS;
  readonly gap: MarketGap;
}

interface PhaseEntry {
  readonly ts: number;
  readonly stream: typeof NEWS;
  readonly phase: PhaseChange;
}

/** What is next: rows of one stream, a gap, or what the venue does with an instrument. */
export type QueueHead =
  | { readonly block: MarketBlock }
  | { readonly ts: number; readonly gap: MarketGap }
  | { readonly ts: number; readonly phase: PhaseChange };

/**
 * Rows and gaps of a live feed until the session takes them, in order of time.
 *
 * No two streams have the same microsecond: what comes in the same one as the entry before comes one later. So the order of coming is the one total order,
 * whoever sorts the rows later, and a backtest of them sees what the session saw.
 */
export class LiveQueue {
  /** Rows that wait; a gap or a phase counts as one. */
  rows = 0;
  private entries: (RowsEntry | GapEntry | PhaseEntry)[] = [];
  private head = 0;
  /** Of what came last and is not ahead of its time. */
  private lastTs = Number.NEGATIVE_INFINITY;
  private taken: { readonly ts: number; readonly stream: number } = { ts: Number.NEGATIVE_INFINITY, stream: NEWS };

  /** Time of what is next; Infinity where nothing waits. */
  get nextTs(): number {
    return this.head < this.entries.length ? this.entries[this.head]!.ts : Number.POSITIVE_INFINITY;
  }

  /** @param block rows of one moment, which are the queue's to keep and to stamp; a bar may be ahead of `nowTs`, and waits for its time then */
  addRows(stream: number, block: MarketBlock, nowTs: number): void {
    const { at, ts } = this.placeFor(stream, block.tsInit[0]!, nowTs);
    block.tsInit.fill(ts, 0, block.length);
    this.entries.splice(at, 0, { ts, stream, block });
    this.rows += block.length;
  }

  addGap({ instrument, ...gap }: InstrumentGap, nowTs: number): void {
    const { at, ts } = this.placeFor(NEWS, gap.tsTo > nowTs ? gap.tsTo : nowTs, nowTs);
    const before = this.entries[at - 1];
    if (at > this.head && before !== undefined && 'gap' in before && isSameLoss(before.gap, gap)) {
      const instruments = [...before.gap.instruments!.filter((each) => each !== instrument), instrument];
      this.entries[at - 1] = { ...before, gap: { ...gap, instruments } };
      return;
    }
    this.entries.splice(at, 0, { ts, stream: NEWS, gap: { ...gap, instruments: [instrument] } });
    this.rows += 1;
  }

  addPhase(phase: PhaseChange, nowTs: number): void {
    const { at, ts } = this.placeFor(NEWS, nowTs, nowTs);
    this.entries.splice(at, 0, { ts, stream: NEWS, phase });
    this.rows += 1;
  }

  /** Takes what is next and due: a gap, a phase, or as many rows of one stream as follow each other. @returns null where nothing is */
  take(nowTs: number, rowsMax: number): QueueHead | null {
    if (this.nextTs > nowTs) return null;
    const first = this.entries[this.head]!;
    this.taken = first;
    this.head += 1;
    if (!('block' in first)) {
      this.rows -= 1;
      this.forget();
      return first;
    }
    const blocks = [first.block];
    let length = first.block.length;
    while (this.nextTs <= nowTs) {
      const next = this.entries[this.head]!;
      if (!('block' in next) || next.stream !== first.stream || length + next.block.length > rowsMax) break;
      blocks.push(next.block);
      length += next.block.length;
      this.taken = next;
      this.head += 1;
    }
    this.rows -= length;
    this.forget();
    return { block: joinRows(blocks) };
  }

  /** Where something stands that is known at `wantedTs`, and the time that it gets. */
  private placeFor(stream: number, wantedTs: number, nowTs: number): { readonly at: number; readonly ts: number } {
    const { entries } = this;
    const isAhead = wantedTs > nowTs;
    let ts = isAhead ? wantedTs : Math.max(wantedTs, this.lastTs);
    let at = entries.length;
    while (at > this.head && entries[at - 1]!.ts > ts) at -= 1;
    for (;;) {
      while (at < entries.length && entries[at]!.ts <= ts) at += 1;
      const before = at > this.head ? entries[at - 1]! : this.taken;
      if (before.ts < ts || (before.ts === ts && before.stream === stream)) break;
      ts = before.ts + 1;
    }
    if (!isAhead) this.lastTs = ts;
    return { at, ts };
  }

  private forget(): void {
    if (this.head < TAKEN_MAX && this.head < this.entries.length) return;
    this.entries = this.entries.slice(this.head);
    this.head = 0;
  }
}

function isSameLoss(a: MarketGap, b: Omit<MarketGap, 'instruments'>): boolean {
  return a.tsFrom === b.tsFrom && a.tsTo === b.tsTo && a.reason === b.reason;
}
