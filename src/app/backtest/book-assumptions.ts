import type { DataSource } from './data-source.ts';
import type { DataStream } from './data-streams.ts';
import { formatDecimalShort } from '../../base/decimal.ts';
import { type BookDeltaBlock, BlockKind } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';

/** Rows of a recording whose prices are looked at for their increment. */
const ROWS_LOOKED_AT = 100_000;

/** What a person should know who trades against a recorded book and did not say everything: sentences. */
export function bookAssumptions({ run }: LoadedRunFile, instrument: Instrument, streams: readonly DataStream[]): readonly string[] {
  const { id, index, venue } = instrument;
  const lines: string[] = [];
  const fees = run.instruments[index]!.fees ?? run.venues?.find(({ name }) => name === venue)?.fees;
  if (fees === undefined) lines.push(`${id}: nothing is said of fees, so none are charged. State fees at its venue.`);
  if (!streams.some((stream) => stream.instrument === index && stream.kind === BlockKind.TRADES))
    lines.push(`${id}: without a stream of its trades an order that rests fills only where the book comes to its price.`);
  const { source } = streams.find((stream) => stream.instrument === index && stream.kind === BlockKind.BOOK_DELTAS)!;
  if (hasHalts(run.data, instrument))
    lines.push(
      `${id}: its halts are not told to strategies, and the venue of the run does not keep them: orders trade against the book that stands meanwhile.`,
    );
  // A generated market has the increments of its instrument, and a live one cannot be read ahead.
  const increment = source.isGenerated === true || source.live !== undefined ? 0 : incrementOf(source);
  if (increment > instrument.priceIncrement) {
    const [seen, stated] = [increment, instrument.priceIncrement].map((count) =>
      formatDecimalShort(BigInt(count), instrument.priceDecimals),
    );
    lines.push(
      `${id}: its recorded prices are multiples of ${seen}, and orders are taken at multiples of ${stated}. State tickSize: ${seen}.`,
    );
  }
  return lines;
}

/** Whether halts were asked for in the made-up market of an instrument; a stream without an instrument's name is of the only one. */
function hasHalts(data: LoadedRunFile['run']['data'], { id }: Instrument): boolean {
  return data.some(({ instrument = id, generated }) => {
    const { perDay = 0, at = [] } = generated?.halts ?? {};
    return instrument === id && (perDay > 0 || at.length > 0);
  });
}

/** The greatest increment that all prices are multiples of, in 10^-priceDecimals; 0 where there is none. */
function incrementOf(source: DataSource): number {
  const reader = source.open(-1);
  let increment = 0;
  try {
    for (let rows = 0; rows < ROWS_LOOKED_AT; ) {
      const block = reader.next() as BookDeltaBlock | null;
      if (block === null) break;
      for (let row = 0; row < block.length; row += 1) increment = commonDivisor(increment, block.price[row]!);
      rows += block.length;
    }
  } finally {
    reader.close();
  }
  return increment;
}

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
