import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BlockKind, isBarKind, kindOfName } from '../../model/blocks.ts';
import { InputError, WorldError } from '../../ports/errors.ts';
import type { InputProblem } from '../../ports/errors.ts';
import { REPLACED_PREFIX, dataSetFolder, instrumentFolder, keyText } from './layout.ts';
import type { DataSetKey } from './layout.ts';
import { readFully, readManifest, withFile } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { isSystemError, onDisk, storeProblem } from './problem.ts';

/** A data set that lies in a store: where, and what its manifest says. */
export interface StoredDataSet {
  readonly key: DataSetKey;
  readonly folder: string;
  readonly manifest: Manifest;
  /** Bytes of all column files. */
  readonly bytes: number;
}

export interface StoreListing {
  /** By instrument, then kind, then interval. */
  readonly dataSets: readonly StoredDataSet[];
  /** Data sets whose manifest could not be read. */
  readonly problems: readonly InputProblem[];
}

/** The project's own columnar store: a folder. Opening touches nothing; a store that does not exist is empty. */
export interface Store {
  readonly root: string;
}

/** @throws InputError STORE_PLATFORM_UNSUPPORTED on a big-endian machine */
export function openStore(root: string): Store {
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) {
    throw new InputError([storeProblem('STORE_PLATFORM_UNSUPPORTED', 'Column files are little-endian.')]);
  }
  return { root };
}

/** Every data set of the store. */
export function listDataSets(store: Store): StoreListing {
  const dataSets: StoredDataSet[] = [];
  const problems: InputProblem[] = [];
  for (const instrument of instrumentFoldersIn(store)) {
    const folder = join(store.root, instrument);
    const names = foldersIn(folder).filter((name) => !name.startsWith('.') || isOrphanReplaced(folder, name));
    for (const name of names) {
      try {
        dataSets.push(readDataSet(join(folder, name)));
      } catch (cause) {
        if (!(cause instanceof InputError)) throw cause;
        problems.push(...cause.problems);
      }
    }
  }
  dataSets.sort((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1));
  return { dataSets, problems };
}

/** @throws InputError STORE_DATA_SET_NOT_FOUND, STORE_DAMAGED, STORE_FORMAT_UNKNOWN, STORE_NAME_INVALID */
export function findDataSet(store: Store, key: DataSetKey): StoredDataSet {
  const folder = locate(store, key);
  if (folder === null) {
    const known = listDataSets(store).dataSets.map((dataSet) => keyText(dataSet.key));
    const rule =
      known.length === 0 ? 'The store is empty.' : `The store holds ${known.slice(0, 20).join(', ')}${known.length > 20 ? ' …' : ''}.`;
    throw new InputError([storeProblem('STORE_DATA_SET_NOT_FOUND', rule, { file: store.root, value: keyText(key) })]);
  }
  const dataSet = readDataSet(folder);
  if (keyText(dataSet.key) !== keyText(key)) {
    const rule = `The folder of ${keyText(key)} holds ${keyText(dataSet.key)}.`;
    throw new InputError([storeProblem('STORE_DAMAGED', rule, { file: folder })]);
  }
  return dataSet;
}

/**
 * When the data begins, microseconds since the epoch: the open of the first bar, the time of the first tick. The manifest has the first close
 * of bars; the open is read from its column, and where that cannot be read the close stands (`data verify` says why).
 */
export function startTsOf({ key, folder, manifest }: StoredDataSet): number {
  if (!isBarKind(key.kind)) return manifest.firstTs;
  const column = manifest.columns.find(({ name }) => name === 'tsOpen');
  if (column === undefined || !('file' in column)) return manifest.firstTs;
  const value = new Float64Array(1);
  try {
    if (!withFile(join(folder, column.file), (descriptor) => readFully(descriptor, new Uint8Array(value.buffer), 8, 0)))
      return manifest.firstTs;
  } catch (cause) {
    if (!(cause instanceof WorldError)) throw cause;
    return manifest.firstTs;
  }
  return Number.isSafeInteger(value[0]!) && value[0]! < manifest.firstTs ? value[0]! : manifest.firstTs;
}

/** True when the store holds a data set of this key, readable or not. */
export function hasDataSet(store: Store, key: DataSetKey): boolean {
  return locate(store, key) !== null;
}

/** A kill between the two renames of a replacement leaves the old data set under its set-aside name: it is still the one that counts. */
function locate(store: Store, key: DataSetKey): string | null {
  const folder = join(store.root, instrumentFolder(key.instrumentId));
  const name = dataSetFolder(key);
  if (existsSync(join(folder, name))) return join(folder, name);
  const aside = join(folder, `${REPLACED_PREFIX}${name}`);
  return existsSync(aside) ? aside : null;
}

function isOrphanReplaced(folder: string, name: string): boolean {
  return name.startsWith(REPLACED_PREFIX) && !existsSync(join(folder, name.slice(REPLACED_PREFIX.length)));
}

function readDataSet(folder: string): StoredDataSet {
  const manifest = readManifest(folder);
  const kind = kindOfName(manifest.kind) as BlockKind;
  const bytes = manifest.columns.reduce((sum, column) => sum + ('bytes' in column ? column.bytes : 0), 0);
  return { key: { instrumentId: manifest.instrument.id, kind, every: manifest.every }, folder, manifest, bytes };
}

/** Names of the instruments' folders. Each has a dot in its name; others are somebody else's, such as the database beside the data. */
export function instrumentFoldersIn(store: Store): string[] {
  return foldersIn(store.root).filter((name) => name.includes('.'));
}

/** Names of the folders within a folder, sorted; none when it does not exist. */
export function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (cause) {
    if (isSystemError(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return [];
    return onDisk('list', folder, () => {
      throw cause;
    });
  }
}
