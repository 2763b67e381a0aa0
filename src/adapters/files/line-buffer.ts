import type { ByteSource } from './byte-source.ts';
import { inputError } from './input-problem.ts';

export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;

/** Bytes that are held of a file at a time; also the longest line. */
export const LINE_BYTES_MAX = 1 << 20;
/** Zeros after the last byte, so that parsers of fixed width may look ahead without leaving the array. */
const SLACK_BYTES = 64;

/**
 * Holds a piece of a text that always ends with a whole line. `position` to `limit` is what has not been read.
 * One buffer serves all files of a reader, one after another.
 */
export class LineBuffer {
  readonly bytes = new Uint8Array(LINE_BYTES_MAX + SLACK_BYTES);
  position = 0;
  /** End of the last whole line. */
  limit = 0;
  /** Number of the line at `position`, from 1. */
  line = 1;
  /** Bytes taken from the source so far. */
  bytesRead = 0;
  #filled = 0;
  #source: ByteSource | null = null;
  #atEnd = false;

  start(source: ByteSource): void {
    this.#source = source;
    this.position = 0;
    this.limit = 0;
    this.#filled = 0;
    this.line = 1;
    this.bytesRead = 0;
    this.#atEnd = false;
    if (this.refill() && this.bytes[0] === 0xef && this.bytes[1] === 0xbb && this.bytes[2] === 0xbf) this.position = 3;
  }

  /** Brings in more whole lines; false at the end of the text. What lay before `position` is gone. */
  refill(): boolean {
    const source = this.#source!;
    const { bytes } = this;
    if (this.position > 0) {
      bytes.copyWithin(0, this.position, this.#filled);
      this.#filled -= this.position;
      this.position = 0;
    }
    const room = bytes.subarray(0, LINE_BYTES_MAX);
    let newest = 0;
    while (!this.#atEnd && this.#filled < LINE_BYTES_MAX) {
      const got = source.read(room, this.#filled);
      if (got === 0) this.#atEnd = true;
      this.#filled += got;
      this.bytesRead += got;
      newest = this.#filled;
    }
    // A last line without a line end gets one.
    if (this.#atEnd && this.#filled > 0 && bytes[this.#filled - 1] !== LINE_FEED) {
      bytes[this.#filled] = LINE_FEED;
      this.#filled += 1;
      newest = this.#filled;
    }
    bytes.fill(0, this.#filled, this.#filled + SLACK_BYTES - 1);
    this.limit = bytes.lastIndexOf(LINE_FEED, Math.max(0, this.#filled - 1)) + 1;
    if (this.limit === 0 && newest > 0 && this.#filled >= LINE_BYTES_MAX) {
      throw inputError('LINE_TOO_LONG', { file: source.name, line: this.line });
    }
    return this.limit > 0 && this.#filled > 0;
  }

  /** The text of the line at `position` without its end; null at the end of the text. Does not move. */
  peekLine(): string | null {
    if (this.position >= this.limit && !this.refill()) return null;
    return this.lineText(this.position);
  }

  lineText(at: number): string {
    let end = this.lineEnd(at);
    if (end > at && this.bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
    return this.text(at, end);
  }

  /** Where the line at `at` has its line feed. */
  lineEnd(at: number): number {
    return this.bytes.indexOf(LINE_FEED, at);
  }

  passLine(): void {
    this.position = this.lineEnd(this.position) + 1;
    this.line += 1;
  }

  text(from: number, to: number): string {
    return new TextDecoder().decode(this.bytes.subarray(from, to));
  }
}
