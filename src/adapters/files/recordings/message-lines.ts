import { type ByteSource, openByteSource } from '../byte-source.ts';
import { CARRIAGE_RETURN, LineBuffer } from '../line-buffer.ts';
import type { RecordPlace } from './recording-reader.ts';

/** The lines of files that follow each other, one message a line; empty lines hold none. */
export class MessageLines {
  /** The line at hand is `bytes` from `from` to `to`, without its end, until the next call of {@link next}. */
  from = 0;
  to = 0;
  readonly bytes: Uint8Array;
  private readonly paths: readonly string[];
  private readonly member: string | undefined;
  private readonly buffer = new LineBuffer();
  private source: ByteSource | null = null;
  private index = -1;
  private file = '';
  private line = 0;

  constructor(path: string | readonly string[], member?: string) {
    this.paths = typeof path === 'string' ? [path] : path;
    this.member = member;
    this.bytes = this.buffer.bytes;
  }

  /** Share of the input that has been read, 0 to 1. */
  get progress(): number {
    const current = this.source === null ? 1 : Math.min(1, this.buffer.bytesRead / this.source.bytes);
    return this.index < 0 ? 0 : Math.min(1, (this.index + current) / this.paths.length);
  }

  /** Of the line at hand. */
  get place(): RecordPlace {
    return { file: this.file, line: this.line };
  }

  /** Moves to the next line that is not empty; false at the end of the last file. */
  next(): boolean {
    const buffer = this.buffer;
    while (this.source !== null || this.openNext()) {
      if (buffer.position >= buffer.limit && !buffer.refill()) {
        this.source!.close();
        this.source = null;
        continue;
      }
      const from = buffer.position;
      const end = buffer.lineEnd(from);
      this.line = buffer.line;
      buffer.position = end + 1;
      buffer.line += 1;
      this.from = from;
      this.to = end > from && this.bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
      if (this.to > from) return true;
    }
    return false;
  }

  /** The line at hand from position `from` on, as text. */
  text(from: number): string {
    return this.buffer.text(from, this.to);
  }

  close(): void {
    this.source?.close();
    this.source = null;
    this.index = this.paths.length;
  }

  private openNext(): boolean {
    const path = this.paths[this.index + 1];
    if (path === undefined) return false;
    this.index += 1;
    this.source = openByteSource(path, this.member);
    this.file = this.source.name;
    this.buffer.start(this.source);
    return true;
  }
}
