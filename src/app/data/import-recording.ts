import { decimals, optionProblem, storedInstrument } from './command-options.ts';
import type { ImportOptions, PlannedImport } from './planned-import.ts';
import { LAYOUT_OPTIONS } from './layout-options.ts';
import { type OpenAnyRecordingOptions, openRecording } from '../../adapters/files/recordings/open-recording.ts';
import { RECORDING_FORMATS, type RecordingFormat } from '../../adapters/files/recordings/recording-format.ts';
import type { RecordedKind } from '../../adapters/files/recordings/row-buffer.ts';
import { BlockKind, isBarKind, kindOfName } from '../../model/blocks.ts';
import { InputError } from '../../ports/errors.ts';
import { suggestion } from '../run-file/closest-name.ts';

/** Decimals of price and quantity that are tried in turn, until every number of the recording is a count of 53 bits. */
const TRIED = [8, 6, 4, 2, 0].flatMap((price) => [8, 4, 0].map((quantity) => ({ price, quantity })));
/** Options of layouts that a recording has too. */
const TAKEN: readonly string[] = ['member', 'symbol'];

/**
 * What `data import --recording FORMAT` is to do. Where the command does not say how many decimals there are, the recording is read once to see.
 *
 * @throws InputError OPTION_INVALID, or what reading the recording throws
 */
export function planRecording(files: readonly string[], options: ImportOptions, format: string): PlannedImport {
  if (!(RECORDING_FORMATS as readonly string[]).includes(format))
    throw optionProblem('recording', format, `--recording takes ${RECORDING_FORMATS.join(', ')}.`, suggestion(format, RECORDING_FORMATS));
  if (files.length === 0)
    throw optionProblem('recording', format, 'There is no file to import.', 'Give the files of the recording, in order of time.');
  const kind = recordedKindOf(options.kind);
  const extra = LAYOUT_OPTIONS.find(({ key }) => !TAKEN.includes(key) && options[key] !== undefined && options[key] !== true);
  if (extra !== undefined || options.every !== undefined || options.lean !== undefined) {
    const name = extra?.name.slice(2) ?? (options.every !== undefined ? 'every' : 'lean');
    throw optionProblem(name, String(options[extra?.key ?? name]), `--${name} is not for recordings.`, 'Take it out.');
  }
  const { member, symbol } = options as { readonly member?: string; readonly symbol?: string };
  const reading = {
    format: format as RecordingFormat,
    path: files.length === 1 ? files[0]! : [...files],
    kind,
    ...(member === undefined ? {} : { member }),
    ...(symbol === undefined ? {} : { symbol }),
  };
  const said = {
    price: options.priceDecimals === undefined ? undefined : decimals(options.priceDecimals, 'price-decimals', 0),
    quantity: options.quantityDecimals === undefined ? undefined : decimals(options.quantityDecimals, 'quantity-decimals', 0),
  };
  const seen = said.price !== undefined && said.quantity !== undefined ? null : recordingDecimals(reading, options.instrument);
  if (seen !== null) for (const key of ['price', 'quantity'] as const) refuseFewer(key, said[key], seen[key]);
  const price = said.price ?? seen!.price;
  const quantity = said.quantity ?? seen!.quantity;
  const found = [
    ...(said.price === undefined ? [`Prices have ${counted(price)}`] : []),
    ...(said.quantity === undefined ? [`${said.price === undefined ? 'quantities' : 'Quantities have'} ${counted(quantity)}`] : []),
  ].join(' and ');
  const note = `${found}, the fewest that hold every row; --price-decimals and --quantity-decimals take more, where other data of the instrument has more.`;
  return {
    source: { type: 'recording', ...reading },
    instrument: storedInstrument(options.instrument, price, quantity),
    assumed: seen === null ? [] : [note],
  };
}

/** Recordings are never rounded. */
function refuseFewer(key: 'price' | 'quantity', said: number | undefined, needed: number): void {
  if (said === undefined || said >= needed) return;
  const whose = key === 'price' ? 'Prices' : 'Quantities';
  const rule = `${whose} of the recording need ${counted(needed)}, and recordings are not rounded.`;
  throw optionProblem(`${key}-decimals`, String(said), rule, `Give --${key}-decimals ${needed}, or leave it out.`);
}

function counted(count: number): string {
  return `${count} decimal${count === 1 ? '' : 's'}`;
}

function recordedKindOf(text: string | undefined): RecordedKind {
  const kind = kindOfName(text ?? 'book-deltas');
  if (kind === null || isBarKind(kind))
    throw optionProblem('kind', text ?? '', 'A recording has book-deltas, quotes or trades.', 'Give one of them.');
  return kind;
}

/** How many decimals the prices and quantities of a recording need. */
function recordingDecimals(
  reading: Omit<OpenAnyRecordingOptions, 'instrument'>,
  id: string,
): { readonly price: number; readonly quantity: number } {
  let refused: unknown = null;
  for (const tried of TRIED) {
    try {
      return decimalsSeen(reading, id, tried);
    } catch (error) {
      const isTooFine = error instanceof InputError && error.problems.every(({ code }) => code === 'NUMBER_OUT_OF_RANGE');
      if (!isTooFine) throw error;
      refused = error;
    }
  }
  throw refused;
}

function decimalsSeen(
  reading: Omit<OpenAnyRecordingOptions, 'instrument'>,
  id: string,
  tried: { readonly price: number; readonly quantity: number },
): { readonly price: number; readonly quantity: number } {
  const reader = openRecording({ ...reading, instrument: storedInstrument(id, tried.price, tried.quantity) });
  const price = new ZerosSeen(tried.price);
  const quantity = new ZerosSeen(tried.quantity);
  try {
    for (let block = reader.next(); block !== null; block = reader.next()) {
      const { length } = block;
      for (const column of block.kind === BlockKind.QUOTES ? [block.bidPrice, block.askPrice] : [block.price]) price.look(column, length);
      for (const column of block.kind === BlockKind.QUOTES ? [block.bidSize, block.askSize] : [block.quantity])
        quantity.look(column, length);
    }
  } finally {
    reader.close();
  }
  return { price: price.needed, quantity: quantity.needed };
}

/** Finds how many of so many decimals are zeros in every number. */
class ZerosSeen {
  needed = 0;
  private readonly decimals: number;
  private unit: number;

  constructor(decimals: number) {
    this.decimals = decimals;
    this.unit = 10 ** decimals;
  }

  look(column: Float64Array, length: number): void {
    for (let row = 0; row < length; row += 1) {
      while (this.needed < this.decimals && column[row]! % this.unit !== 0) {
        this.needed += 1;
        this.unit = 10 ** (this.decimals - this.needed);
      }
    }
  }
}
