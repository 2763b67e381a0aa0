import type { ImportSource } from './import-data.ts';
import type { Instrument } from '../../model/instrument.ts';

/** What `data import` takes on the command line, as commander hands it over: beside these every key of a layout, as a text. */
export interface ImportOptions {
  readonly store: string;
  readonly instrument: string;
  readonly priceDecimals?: string;
  readonly quantityDecimals?: string;
  readonly kind?: string;
  readonly every?: string;
  /** `FIELD=NAME`, piece by piece: what `--columns` says at once. */
  readonly column?: readonly string[];
  readonly lean?: string;
  readonly recording?: string;
  readonly replace?: boolean;
  readonly json?: boolean;
  readonly [layoutKey: string]: unknown;
}

export interface PlannedImport {
  readonly source: ImportSource;
  readonly instrument: Instrument;
  /** What nothing in the command or the file said. */
  readonly assumed: readonly string[];
}
