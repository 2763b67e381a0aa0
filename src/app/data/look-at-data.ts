import { existsSync } from 'node:fs';
import { sweepStore } from '../../adapters/store/import-into.ts';
import type { DataSetKey } from '../../adapters/store/layout.ts';
import { findDataSet, listDataSets, openStore } from '../../adapters/store/store.ts';
import type { StoreListing, StoredDataSet } from '../../adapters/store/store.ts';
import { verifyDataSet } from '../../adapters/store/verify.ts';
import type { VerifyResult } from '../../adapters/store/verify.ts';
import { storeProblem } from '../../adapters/store/problem.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { Pacer } from './data-progress.ts';
import { rateOf } from '../terminal/pace.ts';
import type { DataProgress } from './data-progress.ts';

interface VerifiedDataSet extends VerifyResult {
  readonly dataSet: StoredDataSet;
}

interface VerifyDataResult {
  readonly dataSets: readonly VerifiedDataSet[];
  /** Of data sets whose manifest could not be read, and all problems found in the others. Empty: everything is as it was written. */
  readonly problems: readonly InputProblem[];
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

/** What the store holds (`quanthybrid data list`). Also sweeps away what a killed import left, unless a writer is at work. */
export function listData(options: { readonly storeRoot: string }): StoreListing {
  const store = openStore(options.storeRoot);
  sweepStore(store);
  return listDataSets(store);
}

/**
 * One data set: its manifest says instrument, period, provenance and digest (`quanthybrid data info`).
 *
 * @throws InputError when it is not there or damaged
 */
export function infoData(options: { readonly storeRoot: string; readonly key: DataSetKey }): StoredDataSet {
  return findDataSet(openStore(options.storeRoot), options.key);
}

/**
 * Reads one data set, or all, again and compares (`quanthybrid data verify`). Damage is returned, not thrown: exit with status 2 when
 * `problems` is not empty.
 *
 * @throws InputError when `key` names a data set that is not there, or the store holds none
 */
export async function verifyData(options: {
  readonly storeRoot: string;
  /** null for every data set of the store. */
  readonly key: DataSetKey | null;
  readonly onProgress?: (progress: DataProgress) => void;
  readonly signal?: AbortSignal;
}): Promise<VerifyDataResult> {
  const store = openStore(options.storeRoot);
  const pacer = new Pacer(options.onProgress, options.signal);
  const listing: StoreListing = options.key === null ? listDataSets(store) : { dataSets: [findDataSet(store, options.key)], problems: [] };
  if (listing.dataSets.length === 0 && listing.problems.length === 0) {
    const rule = existsSync(options.storeRoot) ? 'The store holds no data set: there is nothing to verify.' : 'There is no such folder.';
    throw new InputError([storeProblem('STORE_DATA_SET_NOT_FOUND', rule, { file: options.storeRoot })]);
  }
  const bytesTotal = listing.dataSets.reduce((sum, dataSet) => sum + dataSet.bytes, 0);
  const dataSets: VerifiedDataSet[] = [];
  let rows = 0;
  let bytes = 0;
  for (const dataSet of listing.dataSets) {
    const rowsBefore = rows;
    const bytesBefore = bytes;
    const result = verifyDataSet(dataSet, (progress) => {
      const share = progress.bytes / progress.bytesTotal;
      pacer.report(
        Math.floor(rowsBefore + dataSet.manifest.rows * share),
        bytesBefore + progress.bytes,
        (bytesBefore + progress.bytes) / bytesTotal,
      );
    });
    dataSets.push({ dataSet, ...result });
    rows += result.rows;
    bytes += dataSet.bytes;
    await pacer.rest(rows, bytes, bytes / bytesTotal);
  }
  const seconds = pacer.secondsElapsed;
  const problems = [...listing.problems, ...dataSets.flatMap((verified) => verified.problems)];
  return { dataSets, problems, rows, bytes, seconds, rowsPerSecond: rateOf(rows, seconds) };
}
