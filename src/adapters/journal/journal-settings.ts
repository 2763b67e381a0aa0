import { assert } from '../../base/assert.ts';
import type { JournalMessage } from '../../ports/journal.ts';
import type { JournalDisk } from './disk.ts';
import { BATCH_HEADER_BYTES, SEGMENT_BYTES_MAX, SEGMENT_BYTES_MIN, SEGMENT_HEADER_BYTES } from './format.ts';
import { NODE_DISK } from './node-disk.ts';

const SEGMENT_BYTES_DEFAULT = 67_108_864;
/** Largest batch, and what is taken where nothing is said. */
export const JOURNAL_BUFFER_BYTES_MAX = 8_388_608;
const SNAPSHOTS_KEPT_DEFAULT = 3;

export interface JournalOptions {
  /** Size of new segments, a multiple of 8. */
  readonly segmentBytes?: number;
  /** Largest batch: what is appended beyond it is committed at once. At most what a segment holds. */
  readonly bufferBytes?: number;
  readonly snapshotsKept?: number;
  /** `all` verifies every segment; `replayed` those from the newest snapshot on. */
  readonly verify?: 'all' | 'replayed';
  readonly onMessage?: (message: JournalMessage) => void;
  readonly disk?: JournalDisk;
  /** Of a new journal: 16 bytes that no other journal has; random where it is left out. */
  readonly id?: Uint8Array;
}

/** The options with nothing left out. */
export interface JournalSettings {
  readonly folder: string;
  readonly disk: JournalDisk;
  readonly segmentBytes: number;
  readonly bufferBytes: number;
  readonly snapshotsKept: number;
  readonly onMessage: (message: JournalMessage) => void;
}

export function settingsOf(folder: string, options: JournalOptions): JournalSettings {
  const { segmentBytes = SEGMENT_BYTES_DEFAULT, snapshotsKept = SNAPSHOTS_KEPT_DEFAULT, onMessage = () => {} } = options;
  const isSize = Number.isInteger(segmentBytes) && segmentBytes % 8 === 0 && segmentBytes >= SEGMENT_BYTES_MIN;
  assert(isSize && segmentBytes <= SEGMENT_BYTES_MAX, `not a size of segments: ${segmentBytes}`);
  assert(Number.isInteger(snapshotsKept) && snapshotsKept >= 1, `not a number of snapshots to keep: ${snapshotsKept}`);
  // A batch leaves room for the mark of a clean end behind it.
  const room = segmentBytes - SEGMENT_HEADER_BYTES - BATCH_HEADER_BYTES;
  const bufferBytes = Math.min(options.bufferBytes ?? JOURNAL_BUFFER_BYTES_MAX, JOURNAL_BUFFER_BYTES_MAX, room) & ~7;
  assert(bufferBytes > 2 * BATCH_HEADER_BYTES, `not a size of a buffer: ${bufferBytes}`);
  return { folder, disk: options.disk ?? NODE_DISK, segmentBytes, bufferBytes, snapshotsKept, onMessage };
}
