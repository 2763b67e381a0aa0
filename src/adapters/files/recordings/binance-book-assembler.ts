import { BinanceFuturesSequence } from '../../../book/binance-futures-sequence.ts';
import { BinanceSpotSequence } from '../../../book/binance-spot-sequence.ts';
import { type DepthSequence, DepthVerdict, NO_BOOK } from '../../../book/depth-sequence.ts';
import { inputError } from '../input-problem.ts';
import type { DepthLevels } from './depth-levels.ts';
import type { RecordPlace } from './recording-reader.ts';
import type { RowBuffer } from './row-buffer.ts';

/** Ids and time of a diff or a snapshot. */
interface DepthIds {
  /** Id of the first update in a diff. */
  readonly firstId: number;
  /** Id of the last update in it. */
  readonly lastId: number;
  /** `lastId` of the diff before, as futures tell it; {@link NO_BOOK} on Spot. */
  readonly previousId: number;
  /** Microseconds. */
  readonly tsEvent: number;
}

interface WaitingDiff extends DepthIds {
  readonly levels: DepthLevels;
}

/**
 * Puts Binance's snapshots and diffs together to rows. Diffs that came before their snapshot come out behind it, at its tsInit: before that nobody
 * had a book. Diffs that tell the diff before (`pu`) are of futures.
 */
export class BinanceBookAssembler {
  private sequence: DepthSequence | null = null;
  private waiting: WaitingDiff[] = [];
  /** Id of the last snapshot while no diff has told which rule it is. */
  private snapshotId = NO_BOOK;
  private isFutures = false;
  private hasBegun = false;
  private firstDiff: (RecordPlace & { readonly id: number }) | null = null;
  private stale: (RecordPlace & { readonly id: number }) | null = null;

  diff(rows: RowBuffer, ids: DepthIds, levels: DepthLevels, tsInit: number, place: RecordPlace): void {
    this.checkIds(ids, place);
    const sequence = this.sequenceFor(ids, place);
    this.put(rows, sequence, ids, levels, tsInit, false);
  }

  snapshot(rows: RowBuffer, ids: DepthIds, levels: DepthLevels, tsInit: number, place: RecordPlace): void {
    const { lastId, tsEvent } = ids;
    const verdict = this.sequence?.onSnapshot(lastId) ?? (lastId < this.snapshotId ? DepthVerdict.IGNORE : DepthVerdict.APPLY);
    if (verdict === DepthVerdict.STALE) this.stale = { ...place, id: lastId };
    if (verdict !== DepthVerdict.APPLY) return;
    this.snapshotId = lastId;
    this.hasBegun = true;
    rows.startEvent({ tsEvent, tsInit });
    levels.appendSnapshot(rows);
    const { sequence, waiting } = this;
    this.waiting = [];
    if (sequence === null) return;
    for (const diff of waiting) this.put(rows, sequence, diff, diff.levels, tsInit, true);
  }

  /** @throws InputError `BOOK_SNAPSHOT_MISSING` where there were diffs and none of them had a book */
  end(): void {
    const { firstDiff, stale } = this;
    if (this.hasBegun || firstDiff === null) return;
    const { id, ...place } = firstDiff;
    throw inputError('BOOK_SNAPSHOT_MISSING', {
      ...place,
      value: String(id),
      ...(stale === null
        ? {}
        : {
            rule: `The snapshot of line ${stale.line} (lastUpdateId ${stale.id}) is older than the first diff (U ${id}): no book follows.`,
          }),
    });
  }

  /** @param isKept the levels are a copy already */
  private put(rows: RowBuffer, sequence: DepthSequence, ids: DepthIds, levels: DepthLevels, tsInit: number, isKept: boolean): void {
    const { firstId, lastId, previousId, tsEvent } = ids;
    rows.startEvent({ tsEvent, tsInit });
    const verdict = sequence.onDiff(firstId, lastId, previousId, levels.length);
    if (verdict === DepthVerdict.APPLY) {
      levels.appendDiff(rows);
      return;
    }
    if (verdict === DepthVerdict.IGNORE) return;
    if (verdict === DepthVerdict.GAP) {
      this.waiting = [];
      rows.addGap();
    }
    this.waiting.push({ firstId, lastId, previousId, tsEvent, levels: isKept ? levels : levels.copy() });
  }

  private checkIds(ids: DepthIds, place: RecordPlace): void {
    const { firstId, lastId, previousId } = ids;
    if (firstId > lastId || previousId > lastId) {
      const rule = `A diff runs from U to u, and pu is not above u: here U is ${firstId}, u ${lastId}, pu ${previousId}.`;
      throw inputError('RECORD_DAMAGED', { ...place, column: 'u', value: String(lastId), rule });
    }
  }

  private sequenceFor(ids: DepthIds, place: RecordPlace): DepthSequence {
    const isFutures = ids.previousId !== NO_BOOK;
    if (this.sequence === null) {
      this.isFutures = isFutures;
      this.sequence = isFutures ? new BinanceFuturesSequence() : new BinanceSpotSequence();
      this.firstDiff = { ...place, id: ids.firstId };
      if (this.snapshotId !== NO_BOOK) this.sequence.onSnapshot(this.snapshotId);
    } else if (isFutures !== this.isFutures) {
      throw inputError('RECORD_DAMAGED', {
        ...place,
        column: 'pu',
        rule: 'Diffs of futures say which diff was before (pu), those of Spot do not; the recording mixes both.',
        fix: 'Put Spot and futures into files of their own.',
      });
    }
    return this.sequence;
  }
}
