import { MemorySource, openByteSource } from '../byte-source.ts';
import { inputError } from '../input-problem.ts';
import { UNPACKED_BYTES_MAX } from '../zip-archive.ts';
import { unpackZstandard } from '../zstandard.ts';
import { isZstandard } from '../zstandard-frames.ts';
import { HEADER, type DbnSchema, SCHEMAS_READ, schemaName, schemaOf } from './dbn-layout.ts';
import { type DbnMetadata, readDbnMetadata } from './dbn-metadata.ts';

/** What a record has behind it where the file says so: the time of sending. */
const SEND_TIME_BYTES = 8;

/** A DBN file in memory and the record that is looked at. */
export class DbnFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly metadata: DbnMetadata;
  readonly schema: DbnSchema;
  /** Where the record starts. */
  at: number;
  /** Its number, from 1; 0 before the first. */
  record = 0;
  private readonly recordBytes: number;
  private nextAt: number;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.metadata = readDbnMetadata(bytes, name);
    const schema = schemaOf(this.metadata.schema);
    if (schema === null) {
      throw inputError('RECORD_UNKNOWN', {
        file: name,
        value: schemaName(this.metadata.schema),
        rule: `The schema of the file is ${schemaName(this.metadata.schema)}; these are read: ${SCHEMAS_READ}.`,
        fix: 'Order the data in one of these schemas.',
      });
    }
    this.schema = schema;
    this.recordBytes = schema.bytes + (this.metadata.hasSendTime ? SEND_TIME_BYTES : 0);
    this.at = this.metadata.bytes;
    this.nextAt = this.metadata.bytes;
  }

  /** Share of the file that has been read, 0 to 1. */
  get progress(): number {
    return this.nextAt / this.bytes.length;
  }

  /** For messages: `record 17 at byte 1032`, of the unpacked file. */
  get place(): string {
    return `record ${this.record} at byte ${this.at}`;
  }

  /**
   * Goes to the next record; false at the end.
   *
   * @throws InputError `RECORD_DAMAGED`, `RECORD_UNKNOWN`: a file is of one schema, and so is every record of it
   */
  next(): boolean {
    const { bytes } = this;
    const at = this.nextAt;
    if (at === bytes.length) return false;
    this.at = at;
    this.record += 1;
    if (at + HEADER.BYTES > bytes.length) throw this.problem('RECORD_DAMAGED', 'is cut short: the file ends within its header');
    const length = bytes[at + HEADER.LENGTH]! * 4;
    const rtype = bytes[at + HEADER.RTYPE]!;
    if (rtype !== this.schema.rtype && length >= HEADER.BYTES) {
      const rule = `is of type ${hex(rtype)}, and those of the schema ${this.schema.name} are of type ${hex(this.schema.rtype)}`;
      throw this.problem('RECORD_UNKNOWN', rule, 'rtype', hex(rtype));
    }
    if (length !== this.recordBytes) {
      const rule = `states a length of ${length} bytes; records of the schema ${this.schema.name} have ${this.recordBytes}`;
      throw this.problem('RECORD_DAMAGED', rule, 'length', String(length));
    }
    if (at + length > bytes.length) {
      throw this.problem('RECORD_DAMAGED', `is cut short: ${bytes.length - at} of ${length} bytes are there`);
    }
    this.nextAt = at + length;
    return true;
  }

  /** A refusal of the record: `what` follows `The record (…)`. */
  problem(code: Parameters<typeof inputError>[0], what: string, column?: string, value?: string, fix?: string): Error {
    return inputError(code, {
      file: this.name,
      rule: `The record (${this.place}) ${what}.`,
      ...(column === undefined ? {} : { column }),
      ...(value === undefined ? {} : { value }),
      ...(fix === undefined ? {} : { fix }),
    });
  }
}

/**
 * Reads a DBN file into memory, unpacking what starts as Zstandard files do, whatever its name; `.gz` and `.zip` as everywhere.
 *
 * @throws InputError for a file that is missing, damaged, too large, or of another format, version or schema
 */
export function openDbnFile(path: string, member?: string): DbnFile {
  const source = openByteSource(path, member);
  try {
    if (source.bytes > UNPACKED_BYTES_MAX) {
      throw inputError('FILE_TOO_LARGE', {
        file: source.name,
        value: String(source.bytes),
        rule: 'The file is larger than 2 GiB, which is the most that is read of a DBN file.',
        fix: 'Split it, by days for example, and list the parts in order of time.',
      });
    }
    const whole = source instanceof MemorySource ? source.tail(source.bytes) : readWhole(source.bytes, (into, at) => source.read(into, at));
    return new DbnFile(source.name, isZstandard(whole) ? unpackZstandard(whole, source.name) : whole);
  } finally {
    source.close();
  }
}

function readWhole(size: number, read: (into: Uint8Array, at: number) => number): Uint8Array {
  const whole = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const got = read(whole, filled);
    if (got === 0) return whole.subarray(0, filled);
    filled += got;
  }
  return whole;
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
