import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { assert } from '../../base/assert.ts';

/** What the state in a session's snapshot looks like around core and follower, which have versions of their own. */
export const SNAPSHOT_STATE_VERSION = 1;
/** Things of a follower's state that are written in one turn: a list of more is written over several, so that nothing else waits for long. */
export const SNAPSHOT_TURN_ITEMS = 1_024;
/** Largest state behind a snapshot: one that asks for more memory than that is none. */
export const SNAPSHOT_PLAIN_BYTES_MAX = 2_000_000_000;

const gzipLater = promisify(gzip);

/** What a snapshot says of itself. */
export interface SnapshotHead {
  readonly version: number;
  /** SHA-256 of the record that holds the plan, in hex: a snapshot serves the session that it was taken of. */
  readonly planHash: string;
  /** Number and time of the last input that it knows, and the checksum of its record: another journal with as many records has another. */
  readonly sequence: number;
  readonly ts: number;
  readonly recordChecksum: number;
  /** Rows of all streams by then: where the feed goes on. */
  readonly rowsTaken: number;
  /** Account events by then. */
  readonly accountEventsTaken: number;
  /** Of everything that the core said by then. */
  readonly digest: string;
  /** Of the follower's state; null where there was none. */
  readonly followerVersion: number | null;
}

export interface SnapshotParts {
  readonly head: SnapshotHead;
  readonly core: Uint8Array;
  /** Plain data; lists in it are written piece by piece. */
  readonly follower: Readonly<Record<string, unknown>>;
}

/** A part of the follower's state: a value, or some items of a list. */
type Piece = { readonly key: string; readonly value: unknown } | { readonly key: string; readonly items: readonly unknown[] };

/**
 * The state as bytes. What takes long is done beside the event loop, or in turns.
 *
 * Pieces, each behind its length (4 bytes, low byte first): head, core, then the follower's; all of it compressed.
 */
export async function encodeSnapshot({ head, core, follower }: SnapshotParts): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [serialize(head), core];
  for (const piece of piecesOf(follower)) {
    pieces.push(serialize(piece));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const bytes = pieces.reduce((sum, piece) => sum + 4 + piece.length, 0);
  assert(bytes <= SNAPSHOT_PLAIN_BYTES_MAX, `a state of ${bytes} bytes is larger than ${SNAPSHOT_PLAIN_BYTES_MAX}`);
  const whole = Buffer.alloc(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.writeUInt32LE(piece.length, at);
    whole.set(piece, at + 4);
    at += 4 + piece.length;
  }
  // The fastest level: whoever waits for the end of a session waits for this.
  return gzipLater(whole, { level: 1 });
}

/** @throws Error where the bytes are no snapshot of a session */
export function decodeSnapshot(bytes: Uint8Array): SnapshotParts {
  const whole = gunzipSync(bytes, { maxOutputLength: SNAPSHOT_PLAIN_BYTES_MAX });
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; ) {
    const end = at + 4 + (at + 4 <= whole.length ? whole.readUInt32LE(at) : 0);
    holds(end <= whole.length, 'a piece of the snapshot is cut off');
    pieces.push(whole.subarray(at + 4, end));
    at = end;
  }
  const [head, core, ...rest] = pieces;
  holds(head !== undefined && core !== undefined, 'the snapshot has no head or no core');
  const follower: Record<string, unknown> = {};
  for (const bytesOfPiece of rest) {
    const piece = deserialize(bytesOfPiece) as Piece;
    if ('items' in piece) ((follower[piece.key] ??= []) as unknown[]).push(...piece.items);
    else follower[piece.key] = piece.value;
  }
  // A copy of its own: it crosses to another thread, and the rest of the snapshot should not.
  return { head: deserialize(head) as SnapshotHead, core: Uint8Array.from(core), follower };
}

/** The head alone. */
export function decodeSnapshotHead(bytes: Uint8Array): SnapshotHead {
  return decodeSnapshot(bytes).head;
}

function* piecesOf(follower: Readonly<Record<string, unknown>>): Generator<Piece> {
  for (const [key, value] of Object.entries(follower)) {
    if (!Array.isArray(value)) {
      yield { key, value };
      continue;
    }
    for (let from = 0; from === 0 || from < value.length; from += SNAPSHOT_TURN_ITEMS)
      yield { key, items: value.slice(from, from + SNAPSHOT_TURN_ITEMS) as unknown[] };
  }
}

/** What was read is not our bug, whatever it is. */
function holds(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Error(otherwise);
}
