import { LINE_FEED, LineBuffer } from './line-buffer.ts';
import { leanFiles, type LeanStream } from './lean-reader.ts';

/** Most decimals that any price and any quantity needs; zeros at the end do not count. */
export interface DecimalsNeeded {
  readonly price: number;
  readonly quantity: number;
}

const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
/** `e` and `E` alike. */
const EXPONENT = 101;
const LOWER_CASE = 32;
/** Columns of quantities, from 0: the volume of trades; the sizes of bid and ask. */
const QUANTITY_COLUMNS = { trade: [5], quote: [5, 10] } as const;

/**
 * Reads every row of a stream of LEAN files once and finds the decimals that hold all of it, so that nobody has to find them out by refusals.
 *
 * @throws InputError where there is no such stream, or a file of it is damaged
 */
export function leanDecimals(stream: LeanStream, data: 'trade' | 'quote'): DecimalsNeeded {
  const needed: number[] = [];
  for (const file of leanFiles(stream, data)) {
    const source = file.open();
    try {
      const buffer = new LineBuffer();
      buffer.start(source);
      while (buffer.position < buffer.limit || buffer.refill()) {
        readDecimals(buffer, needed);
        buffer.position = buffer.limit;
      }
    } finally {
      source.close();
    }
  }
  const quantities: readonly number[] = QUANTITY_COLUMNS[data];
  const most = (isWanted: (column: number) => boolean): number =>
    Math.max(0, ...needed.map((decimals, column) => (column > 0 && isWanted(column) ? decimals : 0)));
  return { price: most((column) => !quantities.includes(column)), quantity: most((column) => quantities.includes(column)) };
}

/** Raises `needed`, by column, to what the lines in the buffer need. */
function readDecimals({ bytes, position, limit }: LineBuffer, needed: number[]): void {
  let column = 0;
  let fieldAt = position;
  /** Digits behind the point, and how many of them up to the last that is not zero; −1 before the point. */
  let places = -1;
  let significant = 0;
  let hasExponent = false;
  for (let at = position; at < limit; at += 1) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) {
      if (places >= 0) {
        places += 1;
        if (byte !== ZERO) significant = places;
      }
    } else if (byte === POINT) {
      places = 0;
    } else if (byte === COMMA || byte === LINE_FEED) {
      const text = hasExponent ? new TextDecoder().decode(bytes.subarray(fieldAt, at)) : '';
      needed[column] = Math.max(needed[column] ?? 0, hasExponent ? decimalsOfScientific(text) : significant);
      column = byte === COMMA ? column + 1 : 0;
      fieldAt = at + 1;
      places = -1;
      significant = 0;
      hasExponent = false;
    } else if ((byte | LOWER_CASE) === EXPONENT) {
      hasExponent = true;
    }
  }
}

/** `1.50E-05` needs six. */
function decimalsOfScientific(text: string): number {
  const match = /^[+-]?\d*\.?(\d*?)0*e([+-]?\d+)\s*$/i.exec(text);
  return match === null ? 0 : Math.max(0, match[1]!.length - Number(match[2]));
}
