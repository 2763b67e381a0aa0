import { gunzipSync } from 'node:zlib';
import { WorldError } from '../../ports/errors.ts';
import type { JournalDisk } from './disk.ts';
import { checksumSeed, decodeSegmentHeader, encodeSegmentHeader, FORMAT_VERSION, SEGMENT_BYTES_MAX, type SegmentHeader } from './format.ts';
import { makeFile, readWhole, type SegmentFile, writeWhole } from './journal-folder.ts';
import { damaged } from './journal-problem.ts';
import { SegmentBytes } from './segment-scan.ts';

/** Zeros are written in pieces of this size. */
const ZERO_BYTES = 1_048_576;

export interface LoadedSegment {
  readonly file: SegmentFile;
  readonly header: SegmentHeader;
  readonly segment: SegmentBytes;
}

/**
 * Reads a segment, unpacked where it is compressed, and its header.
 *
 * @throws WorldError `JOURNAL_DAMAGED`, `JOURNAL_VERSION`, `JOURNAL_IO_FAILED`
 */
export function loadSegment(disk: JournalDisk, file: SegmentFile): LoadedSegment {
  const stored = readWhole(disk, file.file);
  const bytes = file.isCompressed ? unpacked(stored, file) : stored;
  const header = decodeSegmentHeader(bytes);
  if (typeof header === 'string') throw damaged(header, { file: file.file, position: 0, sequence: file.firstSequence });
  if ('version' in header) throw versionProblem(file.file, header.version);
  const problem = headerProblem(file, header, bytes.length);
  if (problem !== null) throw damaged(problem, { file: file.file, position: 0, sequence: file.firstSequence });
  return { file, header, segment: new SegmentBytes(bytes, checksumSeed(header.id)) };
}

function headerProblem(file: SegmentFile, header: SegmentHeader, bytes: number): string | null {
  if (header.firstSequence !== file.firstSequence) return `the header says that the first record is ${header.firstSequence}`;
  const isWhole = file.isCompressed ? bytes <= header.segmentBytes : bytes === header.segmentBytes;
  return isWhole && bytes % 8 === 0 ? null : `the file has ${bytes} bytes, the header says ${header.segmentBytes}`;
}

function unpacked(stored: Uint8Array, file: SegmentFile): Uint8Array<ArrayBuffer> {
  try {
    // A copy: what the unpacker returns may lie anywhere in a larger buffer, and is read by the word.
    return new Uint8Array(gunzipSync(stored, { maxOutputLength: SEGMENT_BYTES_MAX }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw damaged(`the compressed file cannot be unpacked (${reason})`, { file: file.file, sequence: file.firstSequence });
  }
}

export function versionProblem(file: string, version: number): WorldError {
  const text = `${file}: the format is version ${version}, this program reads version ${FORMAT_VERSION}`;
  return new WorldError('JOURNAL_VERSION', text, { retryable: false });
}

/**
 * Makes the file of a new segment: the header, and zeros that are really written, so that later writes change no metadata. It takes its name when it is
 * whole and synced.
 */
export function makeSegment(disk: JournalDisk, file: string, header: SegmentHeader): void {
  const zeros = new Uint8Array(Math.min(ZERO_BYTES, header.segmentBytes));
  makeFile(disk, file, (part) => {
    for (let at = 0; at < header.segmentBytes; at += zeros.length)
      writeWhole(part, zeros, Math.min(zeros.length, header.segmentBytes - at), at);
    const encoded = encodeSegmentHeader(header);
    writeWhole(part, encoded, encoded.length, 0);
  });
}
