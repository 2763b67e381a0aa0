import { assert } from '../../base/assert.ts';
import { copyFoldingWords, crc32c, foldPair, foldWords } from '../../base/crc32c.ts';
import { BATCH_HEADER_BYTES, HASH_BYTES, recordBytes } from './format.ts';

const TWO_POWER_32 = 4294967296;
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * Records on their way into one batch, encoded in place: what is appended is one copy and one checksum, and nothing is allocated. Hot when rows of
 * market data are journaled; guarded by the bench row `journal/c`.
 */
export class BatchBuffer {
  readonly bytes: Uint8Array;
  /** Bytes that the batch takes so far, its header included. */
  length = BATCH_HEADER_BYTES;
  count = 0;
  private readonly words: Int32Array;
  private readonly view: DataView;
  private readonly seed: number;
  /** The last payload and, from its second time on, a view of its words: whoever uses one buffer again is copied by the word. */
  private source: Uint8Array | null = null;
  private sourceWords: Int32Array | null = null;

  /**
   * @param capacity bytes, header included, a multiple of 8
   * @param seed where the checksums start
   */
  constructor(capacity: number, seed: number) {
    assert(IS_LITTLE_ENDIAN, 'the journal writes words in the order of the machine, which must be little-endian');
    const buffer = new ArrayBuffer(capacity);
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.view = new DataView(buffer);
    this.seed = seed;
  }

  /** Whether a record with a payload of so many bytes still fits. */
  fits(payloadBytes: number): boolean {
    return this.length + recordBytes(payloadBytes) <= this.bytes.length;
  }

  /** The caller has checked that it {@link fits}, and what it is. */
  append(sequence: number, kind: number, ts: number, payload: Uint8Array, start: number, end: number): void {
    const words = this.words;
    const length = end - start;
    const at = this.length >>> 2;
    const head = (kind << 24) | length;
    const sequenceLow = sequence | 0;
    const sequenceHigh = sequence < TWO_POWER_32 ? 0 : Math.floor(sequence / TWO_POWER_32);
    const tsLow = ts | 0;
    const tsHigh = Math.floor(ts / TWO_POWER_32);
    words[at + 1] = head;
    words[at + 2] = sequenceLow;
    words[at + 3] = sequenceHigh;
    words[at + 4] = tsLow;
    words[at + 5] = tsHigh;
    let crc = foldPair(foldPair(foldPair(~this.seed, 0, head), sequenceLow, sequenceHigh), tsLow, tsHigh);
    crc = this.copyPayload(payload, start, length, at + 6, crc);
    words[at] = ~crc;
    this.length += recordBytes(length);
    this.count += 1;
  }

  /** @returns the checksum with payload and padding folded in */
  private copyPayload(payload: Uint8Array, start: number, length: number, to: number, before: number): number {
    const words = this.words;
    const whole = (length >>> 3) * 2;
    let crc = before;
    const source = this.wordsOf(payload);
    if (source !== null && (start & 3) === 0) {
      crc = copyFoldingWords(source, start >>> 2, words, to, whole, crc);
    } else {
      this.bytes.set(start === 0 && whole * 4 === payload.length ? payload : payload.subarray(start, start + whole * 4), to * 4);
      crc = foldWords(words, to, to + whole, crc);
    }
    if (whole * 4 === length) return crc;
    const last = to + whole;
    words[last] = 0;
    words[last + 1] = 0;
    for (let at = whole * 4; at < length; at += 1) this.bytes[to * 4 + at] = payload[start + at]!;
    return foldWords(words, last, last + 2, crc);
  }

  private wordsOf(payload: Uint8Array): Int32Array | null {
    if (payload !== this.source) {
      this.source = payload;
      this.sourceWords = null;
      return null;
    }
    if (this.sourceWords === null && (payload.byteOffset & 3) === 0)
      this.sourceWords = new Int32Array(payload.buffer, payload.byteOffset, payload.length >>> 2);
    return this.sourceWords;
  }

  /** Writes the header. The batch is `bytes` up to `length` from then on. */
  seal(firstSequence: number, position: number, previousHash: Uint8Array): void {
    const view = this.view;
    view.setUint32(0, this.length, true);
    view.setUint32(4, 0, true);
    view.setUint32(8, firstSequence % TWO_POWER_32, true);
    view.setUint32(12, Math.floor(firstSequence / TWO_POWER_32), true);
    view.setUint32(16, this.count, true);
    view.setUint32(20, position, true);
    assert(previousHash.length === HASH_BYTES, 'a hash has 32 bytes');
    this.bytes.set(previousHash, 24);
    view.setUint32(4, crc32c(this.bytes.subarray(0, BATCH_HEADER_BYTES), this.seed), true);
  }

  /** Forgets what it holds, and the payload that it saw last. */
  reset(): void {
    this.length = BATCH_HEADER_BYTES;
    this.count = 0;
  }
}
