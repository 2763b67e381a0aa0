import { PendingImport } from '../../adapters/store/import-into.ts';
import type { ImportTarget } from '../../adapters/store/import-into.ts';
import type { InstrumentFacts } from '../../adapters/store/manifest.ts';
import type { Store, StoredDataSet } from '../../adapters/store/store.ts';
import type { MarketBlock } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { Pacer } from './data-progress.ts';

/** What the store keeps of an instrument. */
export function factsOf(instrument: Instrument): InstrumentFacts {
  const { id, priceDecimals, quantityDecimals, priceIncrement, lotSize } = instrument;
  return { id, priceDecimals, quantityDecimals, priceIncrement, lotSize };
}

/** Stores a reader's rows, paced; closes the reader in any case and leaves nothing behind on an error or when canceled. */
export async function storeRows(
  store: Store,
  reader: BlockReader,
  target: ImportTarget,
  options: {
    readonly replace: boolean;
    readonly pacer: Pacer;
    readonly fractionAt: (block: MarketBlock) => number;
    readonly rowsBefore: number;
  },
): Promise<StoredDataSet> {
  const { pacer, fractionAt, rowsBefore } = options;
  try {
    const pending = new PendingImport(store, target, { replace: options.replace });
    try {
      for (let block = reader.next(); block !== null; block = reader.next()) {
        pending.append(block);
        if (pacer.isDue()) await pacer.rest(rowsBefore + pending.rows, pending.bytes, fractionAt(block));
      }
      return pending.commit();
    } finally {
      pending.abort();
    }
  } finally {
    reader.close();
  }
}
