import { BlockKind, kindName } from '../../../model/blocks.ts';
import { inputError } from '../input-problem.ts';
import { DbnDecoder } from './dbn-decoder.ts';
import { type DbnFile, openDbnFile } from './dbn-file.ts';
import { HEADER } from './dbn-layout.ts';
import { DbnChoice } from './dbn-choice.ts';
import { type OpenRecordingOptions, type RecordDecoder, RecordingReader, type RecordPlace, type RecordSource } from './recording-reader.ts';
import type { RowBuffer } from './row-buffer.ts';

/**
 * Opens Databento's DBN files of versions 1 to 3, plain or packed with Zstandard: book deltas from mbo and mbp-10, trades from mbo, mbp-1, mbp-10,
 * tbbo and trades, quotes from mbp-1, tbbo, bbo-1s and bbo-1m. The symbol is one that the file maps; where it maps none, the number of the instrument.
 *
 * @throws InputError for a file that is missing, damaged, too large (2 GiB), or of another format, version or schema; `SYMBOL_UNKNOWN`
 * Source: the public DBN reference, github.com/databento/dbn
 */
export function openDbn(options: OpenRecordingOptions): RecordingReader {
  const recording = new DbnRecording(options);
  return new RecordingReader(recording, recording, options);
}

/** Goes through the files and hands the records of the chosen instrument to the decoder. */
class DbnRecording implements RecordSource, RecordDecoder {
  private readonly options: OpenRecordingOptions;
  private readonly paths: readonly string[];
  private readonly decoder: DbnDecoder;
  private pathAt = -1;
  private file: DbnFile | null = null;
  private choice: DbnChoice | null = null;
  /** The record that is looked at has not been decoded yet. */
  private isHeld = false;
  private heldTs = 0;
  private recordPlace: RecordPlace;
  private readonly describe = (): string => this.file!.place;

  constructor(options: OpenRecordingOptions) {
    this.options = options;
    this.paths = typeof options.path === 'string' ? [options.path] : options.path;
    this.decoder = new DbnDecoder(options.instrument);
    this.recordPlace = { file: this.paths[0] ?? '' };
    this.openNext();
  }

  get progress(): number {
    return this.file === null ? 1 : (this.pathAt + this.file.progress) / this.paths.length;
  }

  get place(): RecordPlace {
    return this.recordPlace;
  }

  decode(rows: RowBuffer): boolean {
    const before = rows.length;
    while (rows.length === before) {
      if (!this.isHeld && !this.seek()) {
        if (!this.openNext()) return false;
        continue;
      }
      this.isHeld = false;
      const file = this.file!;
      const isOpen = this.decoder.decode(file, this.heldTs, rows);
      if (rows.length > before) this.recordPlace = { file: file.name, record: file.place };
      if (isOpen) this.endEvent(rows);
    }
    return true;
  }

  close(): void {
    this.file = null;
    this.pathAt = this.paths.length;
    this.isHeld = false;
  }

  /** The next record of the chosen instrument in the file; false at the file's end. */
  private seek(): boolean {
    const file = this.file;
    if (file === null) return false;
    while (file.next()) {
      const ts = this.decoder.receivedTs(file);
      if (!this.choice!.isChosen(file.view.getUint32(file.at + HEADER.INSTRUMENT_ID, true), ts, this.describe)) continue;
      this.heldTs = ts;
      return true;
    }
    return false;
  }

  /** An event may end with a record that brings no row, such as a trade: then its newest row is the last. */
  private endEvent(rows: RowBuffer): void {
    while (this.seek()) {
      const file = this.file!;
      if (!DbnDecoder.isWithoutRows(file)) {
        this.isHeld = true;
        return;
      }
      if (DbnDecoder.endsEvent(file)) {
        rows.endEvent();
        return;
      }
    }
  }

  /** Opens the next file of the list; false where there is none. All files are of the symbol that was found in the first. */
  private openNext(): boolean {
    const { member, symbol, kind } = this.options;
    const chosen = symbol ?? this.choice?.symbol ?? undefined;
    this.file = null;
    this.pathAt += 1;
    const path = this.paths[this.pathAt];
    if (path === undefined) return false;
    const file = openDbnFile(path, member);
    const { schema } = file;
    if (!schema.kinds.includes(kind)) {
      throw inputError('KIND_UNSUPPORTED', {
        file: file.name,
        value: kindName(kind),
        rule: `Files of the schema ${schema.name} are read as ${schema.kinds.map(kindName).join(' or ')}.`,
        fix: kind === BlockKind.BOOK_DELTAS ? 'Order the schema mbo or mbp-10.' : 'Ask for one of these, or order another schema.',
      });
    }
    this.choice = new DbnChoice(file.metadata, file.name, chosen);
    this.decoder.startFile();
    this.file = file;
    return true;
  }
}
