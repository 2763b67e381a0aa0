import { Decompress, decompress } from 'fzstd';
import { InputError } from '../../ports/errors.ts';
import { inputError } from './input-problem.ts';
import { xxh64Low } from './xxh64.ts';
import { UNPACKED_BYTES_MAX } from './zip-archive.ts';
import { listZstandardFrames, type ZstandardFrame } from './zstandard-frames.ts';

/** Largest window of a frame that is unpacked piece by piece: what the program `zstd` reads without being told to. */
export const WINDOW_BYTES_MAX = 1 << 27;

/**
 * Unpacks a Zstandard file: all its frames, one after another.
 *
 * Source: docs/decisions/0020-zstandard.md
 *
 * @param file for messages
 * @param bytesMax most bytes that it may unpack to
 * @throws InputError `ARCHIVE_DAMAGED`, `ARCHIVE_UNSUPPORTED`, `FILE_TOO_LARGE`
 */
export function unpackZstandard(bytes: Uint8Array, file: string, bytesMax = UNPACKED_BYTES_MAX): Uint8Array {
  const pieces: Uint8Array[] = [];
  let plainBytes = 0;
  for (const frame of listZstandardFrames(bytes, file)) {
    const plain = unpackFrame(bytes.subarray(frame.from, frame.to), frame, bytesMax - plainBytes, file);
    if (frame.checksum !== null && xxh64Low(plain) !== frame.checksum) {
      throw damaged(file, frame, 'does not have the checksum (XXH64) that it states');
    }
    plainBytes += plain.length;
    pieces.push(plain);
  }
  return pieces.length === 1 ? pieces[0]! : join(pieces, plainBytes);
}

function unpackFrame(packed: Uint8Array, frame: ZstandardFrame, bytesMax: number, file: string): Uint8Array {
  const { plainBytes, checksum } = frame;
  if (plainBytes !== null && plainBytes > bytesMax) throw tooLarge(file);
  // The package does not say how much it wrote into a given array: the checksum must.
  if (plainBytes !== null && checksum !== null) return attempt(file, frame, () => decompress(packed, new Uint8Array(plainBytes)));
  if (frame.windowBytes > WINDOW_BYTES_MAX) {
    throw inputError('ARCHIVE_UNSUPPORTED', {
      file,
      value: String(frame.windowBytes),
      rule: `The Zstandard frame at byte ${frame.from} needs a window above 128 MiB.`,
      fix: 'Unpack it first with `zstd -d --long=31`.',
    });
  }
  const pieces: Uint8Array[] = [];
  let count = 0;
  attempt(file, frame, () => {
    new Decompress((piece) => {
      count += piece.length;
      if (count > bytesMax) throw tooLarge(file);
      pieces.push(piece);
    }).push(packed, true);
  });
  if (plainBytes !== null && count !== plainBytes) throw damaged(file, frame, `unpacks to ${count} bytes; it states ${plainBytes}`);
  return join(pieces, count);
}

function attempt<T>(file: string, frame: ZstandardFrame, unpack: () => T): T {
  try {
    return unpack();
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw damaged(file, frame, `does not unpack (${cause instanceof Error ? cause.message : String(cause)})`);
  }
}

function join(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function tooLarge(file: string): Error {
  return inputError('FILE_TOO_LARGE', { file, fix: 'Split its content, pack the parts, and list them in order of time.' });
}

function damaged(file: string, frame: ZstandardFrame, what: string): Error {
  return inputError('ARCHIVE_DAMAGED', { file, rule: `The Zstandard frame at byte ${frame.from} ${what}.` });
}
