import { createHash } from 'node:crypto';
import { crc32c, foldWords } from '../../base/crc32c.ts';
import type { JournalRecord } from '../../ports/journal.ts';
import { BATCH_HEADER_BYTES, RECORD_HEAD_BYTES, recordBytes, sameBytes, SEGMENT_HEADER_BYTES } from './format.ts';

const TWO_POWER_32 = 4294967296;

/** The bytes of a segment in memory, in a buffer of their own, and where their checksums start. */
export class SegmentBytes {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly view: DataView;
  readonly seed: number;

  /** @param bytes at the start of their buffer; a multiple of 8 of them */
  constructor(bytes: Uint8Array, seed: number) {
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.seed = seed;
  }
}

/** Where a walk through batches stands. */
export interface ScanPlace {
  /** Of the next batch. */
  readonly position: number;
  /** Of the next record. */
  readonly sequence: number;
  /** Of the batch before. */
  readonly hash: Uint8Array;
}

/** A batch that verifies. */
export interface Batch {
  readonly position: number;
  readonly bytes: number;
  readonly firstSequence: number;
  readonly count: number;
}

/** Why there is no batch: nothing was written there, or what is there does not verify. */
export interface NoBatch {
  readonly reason: string | null;
}

/** The first place of a segment. */
export function scanStart(firstSequence: number, previousHash: Uint8Array): ScanPlace {
  return { position: SEGMENT_HEADER_BYTES, sequence: firstSequence, hash: previousHash };
}

/** The batch at a place, every checksum and the hash before it verified. */
export function batchAt(segment: SegmentBytes, place: ScanPlace): Batch | NoBatch {
  const { position } = place;
  if (position + BATCH_HEADER_BYTES > segment.bytes.length) return { reason: null };
  const bytes = segment.view.getUint32(position, true);
  if (bytes === 0) return { reason: null };
  const reason = headerProblem(segment, position) ?? orderProblem(segment, place) ?? recordsProblem(segment, position, place.sequence);
  return reason === null
    ? { position, bytes, firstSequence: place.sequence, count: segment.view.getUint32(position + 16, true) }
    : { reason };
}

/** Where the batch after `batch` belongs. */
export function placeAfter(segment: SegmentBytes, batch: Batch): ScanPlace {
  return {
    position: batch.position + batch.bytes,
    sequence: batch.firstSequence + batch.count,
    hash: hashOf(segment.bytes.subarray(batch.position, batch.position + batch.bytes)),
  };
}

export function hashOf(batch: Uint8Array): Uint8Array {
  return createHash('sha256').update(batch).digest();
}

function headerProblem(segment: SegmentBytes, position: number): string | null {
  const { view, bytes } = segment;
  const length = view.getUint32(position, true);
  if (length % 8 !== 0 || length < BATCH_HEADER_BYTES || position + length > bytes.length) return 'the length of the batch cannot be';
  if (view.getUint32(position + 20, true) !== position) return 'the batch does not belong at this position';
  const checksum = view.getUint32(position + 4, true);
  view.setUint32(position + 4, 0, true);
  const isRight = crc32c(bytes.subarray(position, position + BATCH_HEADER_BYTES), segment.seed) === checksum;
  view.setUint32(position + 4, checksum, true);
  return isRight ? null : 'the checksum of the batch header is wrong';
}

function orderProblem({ view, bytes }: SegmentBytes, { position, sequence, hash }: ScanPlace): string | null {
  const first = view.getUint32(position + 8, true) + view.getUint32(position + 12, true) * TWO_POWER_32;
  if (first !== sequence) return `the batch begins with record ${first}`;
  return sameBytes(bytes.subarray(position + 24, position + BATCH_HEADER_BYTES), hash)
    ? null
    : 'the batch does not carry the hash of the one before';
}

function recordsProblem(segment: SegmentBytes, position: number, firstSequence: number): string | null {
  const end = position + segment.view.getUint32(position, true);
  const count = segment.view.getUint32(position + 16, true);
  let at = position + BATCH_HEADER_BYTES;
  for (let sequence = firstSequence; sequence < firstSequence + count; sequence += 1) {
    const reason = recordProblem(segment, at, end, sequence);
    if (reason !== null) return `record ${sequence} at byte ${at}: ${reason}`;
    at += recordBytes(segment.view.getUint32(at + 4, true) & 0xffffff);
  }
  return at === end ? null : 'the records do not fill the batch';
}

function recordProblem({ words, seed }: SegmentBytes, at: number, end: number, sequence: number): string | null {
  if (at + RECORD_HEAD_BYTES > end) return 'it reaches beyond its batch';
  const word = at >>> 2;
  const total = recordBytes(words[word + 1]! & 0xffffff);
  if (at + total > end) return 'it reaches beyond its batch';
  const checksum = words[word]!;
  words[word] = 0;
  const crc = ~foldWords(words, word, word + (total >>> 2), ~seed);
  words[word] = checksum;
  if ((crc | 0) !== checksum) return 'its checksum is wrong';
  if ((words[word + 2]! >>> 0) + (words[word + 3]! >>> 0) * TWO_POWER_32 !== sequence) return 'it has another sequence number';
  return words[word + 1]! >>> 24 === 0 ? 'it has no kind' : null;
}

/** The records of a batch that verifies, in order. */
export function* recordsOf({ bytes, words }: SegmentBytes, batch: Batch): IterableIterator<JournalRecord> {
  let at = batch.position + BATCH_HEADER_BYTES;
  for (let index = 0; index < batch.count; index += 1) {
    const word = at >>> 2;
    const length = words[word + 1]! & 0xffffff;
    const from = at + RECORD_HEAD_BYTES;
    yield {
      sequence: batch.firstSequence + index,
      kind: words[word + 1]! >>> 24,
      ts: (words[word + 4]! >>> 0) + words[word + 5]! * TWO_POWER_32,
      payload: bytes.subarray(from, from + length),
    };
    at += recordBytes(length);
  }
}

/**
 * Whether a whole batch header stands somewhere behind `position`. A batch is written only when the one before is durable, so one that is there proves that
 * what does not verify before it was damaged, not torn.
 */
export function hasBatchBehind(segment: SegmentBytes, position: number): boolean {
  const { words } = segment;
  for (let at = position + 8; at + BATCH_HEADER_BYTES <= segment.bytes.length; at += 8) {
    if (words[(at >>> 2) + 5] === at && headerProblem(segment, at) === null) return true;
  }
  return false;
}

/** The end of the last byte that is not zero, from `position` on; `position` where all are. */
export function writtenEnd({ bytes, words }: SegmentBytes, position: number): number {
  let word = bytes.length >>> 2;
  while (word > position >>> 2 && words[word - 1] === 0) word -= 1;
  let end = word * 4;
  while (end > position && bytes[end - 1] === 0) end -= 1;
  return Math.max(end, position);
}
