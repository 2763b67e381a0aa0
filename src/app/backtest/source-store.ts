import { existsSync } from 'node:fs';
import type { DataSource, SourceContext } from './data-source.ts';
import { openDataSet } from '../../adapters/store/open-data-set.ts';
import { type DataSetKey, keyText } from '../../adapters/store/layout.ts';
import { findDataSet, openStore, type StoredDataSet } from '../../adapters/store/store.ts';
import { everyName } from '../../model/bar-specification.ts';
import { BLOCK_KIND_OF, BlockKind, type BookDeltaBlock, isBarKind } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { BookStart } from '../../runtime/book-start.ts';
import { InputError } from '../../ports/errors.ts';

/** Rows of the columnar store. */
export function storeSource(context: SourceContext): DataSource {
  const { loaded, data, instrument, span, path } = context;
  const { root, verify = false } = data.store!;
  const kind = BLOCK_KIND_OF[data.kind ?? 'bars'];
  const isBars = isBarKind(kind);
  if (isBars && data.every === undefined) {
    throw new InputError([
      loaded.problem(
        'RUN_FILE_INVALID',
        [...path, 'every'],
        'Which bars of the store is not said.',
        'Add every: 1d (or 1m, 1h …) to the stream.',
      ),
    ]);
  }
  const every = isBars ? data.every! : null;
  const dataSet = found(context, loaded.path(root), {
    instrumentId: instrument.id,
    kind,
    every: every === null ? null : everyName(every),
  });
  const facts = dataSet.manifest.instrument;
  if (facts.priceDecimals !== instrument.priceDecimals || facts.quantityDecimals !== instrument.quantityDecimals) {
    throw new InputError([
      loaded.problem(
        'DATA_INSTRUMENT_MISMATCH',
        [...path, 'store'],
        `The data set of ${instrument.id} counts prices in ${facts.priceDecimals} and quantities in ${facts.quantityDecimals} decimals.`,
        `Give the instrument priceDecimals: ${facts.priceDecimals} and quantityDecimals: ${facts.quantityDecimals}.`,
      ),
    ]);
  }
  // Ticks end before `to`; bars may close at it.
  const barShiftUs = isBars ? 1 : 0;
  return {
    kind,
    every,
    assumed: [],
    open: (series) => {
      const isBook = kind === BlockKind.BOOK_DELTAS;
      const reader = openDataSet(dataSet, {
        instrument: instrument.index,
        verifyChecksums: verify,
        ...(series >= 0 ? { series } : {}),
        ...(span.fromTs === null || isBook ? {} : { startTs: span.fromTs + barShiftUs }),
        ...(span.toTs === null ? {} : { endTs: span.toTs + barShiftUs }),
      });
      // What lies before the period has made the book that it begins with.
      return isBook && span.fromTs !== null ? new BookStart(reader as BlockReader<BookDeltaBlock>, span.fromTs) : reader;
    },
    identity: () => `store ${dataSet.manifest.digest}`,
    accountEvents: () => [],
  };
}

/** What is missing or damaged is told with the line that asks for it. */
function found({ loaded, path }: SourceContext, folder: string, key: DataSetKey): StoredDataSet {
  if (!existsSync(folder)) {
    const fix = 'Correct root, which is relative to the run file, or bring data in: quanthybrid data import --help.';
    throw new InputError([loaded.problem('STORE_DATA_SET_NOT_FOUND', [...path, 'store', 'root'], `There is no folder ${folder}.`, fix)]);
  }
  try {
    return findDataSet(openStore(folder), key);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.problems.map(({ code, rule, fix, file = folder }) =>
        loaded.problem(code, [...path, 'store'], `No ${keyText(key)} can be had of ${file}. ${rule}`, fix),
      ),
    );
  }
}
