import { DAY_US, parseDate } from '../../../model/civil-date.ts';
import { inputError } from '../input-problem.ts';
import { schemaName } from './dbn-layout.ts';

/** From when to when a symbol stands for an instrument: microseconds since the epoch, the end not included. */
export interface DbnMapping {
  readonly symbol: string;
  readonly instrumentId: number;
  readonly fromTs: number;
  readonly toTs: number;
}

/** What a DBN file says of itself. */
export interface DbnMetadata {
  readonly version: number;
  readonly dataset: string;
  readonly schema: number;
  /** Of the query, in nanoseconds since the epoch; the end is not included. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Records have the time of sending behind them. */
  readonly hasSendTime: boolean;
  /** As they were asked for. */
  readonly symbols: readonly string[];
  readonly mappings: readonly DbnMapping[];
  /** Where the first record starts. */
  readonly bytes: number;
}

const DBN_VERSION_MAX = 3;
const PRELUDE_BYTES = 8;
/** Without symbols: up to the count of them. */
const FIXED_BYTES = 100;
const DATASET_BYTES = 16;
const SYMBOL_BYTES_V1 = 22;
const STYPE_INSTRUMENT_ID = 0;

/**
 * Reads the metadata that DBN files of versions 1 to 3 start with.
 *
 * Source: `decode/dbn/fsm.rs` and `encode/dbn/sync.rs` of the public DBN reference. Version 1 has a count of records (unused) before the types of
 * symbols, and symbols of 22 bytes; from version 2 on the length of symbols is stated; version 3 pads the end to a multiple of 8.
 *
 * @throws InputError `RECORD_UNKNOWN` for another format or version, `RECORD_DAMAGED`
 */
export function readDbnMetadata(bytes: Uint8Array, file: string): DbnMetadata {
  if (bytes.length < PRELUDE_BYTES || bytes[0] !== 0x44 || bytes[1] !== 0x42 || bytes[2] !== 0x4e) {
    const value = new TextDecoder('latin1').decode(bytes.subarray(0, 4)).replace(/[^ -~]/g, '.');
    throw inputError('RECORD_UNKNOWN', { file, value, rule: 'The file does not start with DBN and a version.' });
  }
  const version = bytes[3]!;
  if (version < 1 || version > DBN_VERSION_MAX) {
    throw inputError('RECORD_UNKNOWN', {
      file,
      value: String(version),
      rule: `The file is of version ${version} of DBN; versions 1 to ${DBN_VERSION_MAX} are read.`,
      fix: 'Write it anew in version 3 with `dbn` of Databento.',
    });
  }
  return new MetadataText(bytes, file, version).read();
}

/** Walks the metadata of one file. */
class MetadataText {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly file: string;
  private readonly version: number;
  private readonly end: number;
  private at = PRELUDE_BYTES;
  private symbolBytes = SYMBOL_BYTES_V1;

  constructor(bytes: Uint8Array, file: string, version: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.file = file;
    this.version = version;
    this.end = PRELUDE_BYTES + this.view.getUint32(4, true);
    if (this.end > bytes.length) throw this.damaged(`goes to byte ${this.end}, and the file has ${bytes.length}`);
    if (this.end < PRELUDE_BYTES + FIXED_BYTES) throw this.damaged('is shorter than its fixed part');
  }

  read(): DbnMetadata {
    const view = this.view;
    const isFirst = this.version === 1;
    const dataset = this.text(DATASET_BYTES);
    const schema = view.getUint16(this.at, true);
    const startNs = view.getBigUint64(this.at + 2, true);
    const endNs = view.getBigUint64(this.at + 10, true);
    // The limit of the query, and in version 1 a count of records, say nothing about what follows.
    this.at += 26 + (isFirst ? 8 : 0);
    const stypeIn = this.bytes[this.at]!;
    const stypeOut = this.bytes[this.at + 1]!;
    const hasSendTime = this.bytes[this.at + 2]! !== 0;
    if (!isFirst) this.symbolBytes = view.getUint16(this.at + 3, true);
    if (this.symbolBytes < 2) throw this.damaged(`states symbols of ${this.symbolBytes} bytes`);
    this.at = PRELUDE_BYTES + FIXED_BYTES;
    if (this.count('the definition of the schema') !== 0) throw this.damaged('has a definition of its schema, which is not read');
    const symbols = this.symbols();
    // Symbols that were found for a part of the time, and those that were not found.
    this.symbols();
    this.symbols();
    const mappings = this.mappings(stypeIn, stypeOut, schema);
    return { version: this.version, dataset, schema, startNs, endNs, hasSendTime, symbols, mappings, bytes: this.end };
  }

  private mappings(stypeIn: number, stypeOut: number, schema: number): readonly DbnMapping[] {
    const mappings: DbnMapping[] = [];
    for (let left = this.count('the count of mappings'); left > 0; left -= 1) {
      const raw = this.symbol();
      for (let intervals = this.count('the count of intervals'); intervals > 0; intervals -= 1) {
        this.need(8 + this.symbolBytes, 'an interval of a mapping');
        const fromTs = this.date();
        const toTs = this.date();
        const resolved = this.symbol();
        // A symbol that stood for nothing in this time.
        if (resolved === '') continue;
        const isInverse = stypeIn === STYPE_INSTRUMENT_ID;
        if (!isInverse && stypeOut !== STYPE_INSTRUMENT_ID) {
          throw this.damaged(`maps ${raw} to ${resolved}, and neither is an instrument id (schema ${schemaName(schema)})`);
        }
        const idText = isInverse ? raw : resolved;
        if (!/^\d{1,10}$/.test(idText)) throw this.damaged(`maps ${raw} to ${resolved}, and the instrument id of it is not a number`);
        mappings.push({ symbol: isInverse ? resolved : raw, instrumentId: Number(idText), fromTs, toTs });
      }
    }
    return mappings;
  }

  private symbols(): readonly string[] {
    const count = this.count('the count of symbols');
    this.need(count * this.symbolBytes, 'the symbols');
    return Array.from({ length: count }, () => this.symbol());
  }

  private symbol(): string {
    this.need(this.symbolBytes, 'a symbol');
    return this.text(this.symbolBytes);
  }

  private text(width: number): string {
    const field = this.bytes.subarray(this.at, this.at + width);
    this.at += width;
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  }

  private count(what: string): number {
    this.need(4, what);
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  /** A day as the number yyyymmdd: its midnight UTC. */
  private date(): number {
    const day = this.view.getUint32(this.at, true);
    this.at += 4;
    const text = String(day).padStart(8, '0');
    const dayNumber = parseDate(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`);
    if (dayNumber === null) throw this.damaged(`has a mapping with the date ${day}`);
    return dayNumber * DAY_US;
  }

  private need(bytes: number, what: string): void {
    if (this.at + bytes > this.end) throw this.damaged(`ends before ${what} at byte ${this.at}`);
  }

  private damaged(what: string): Error {
    return inputError('RECORD_DAMAGED', { file: this.file, rule: `The metadata at the start of the file ${what}.` });
  }
}
