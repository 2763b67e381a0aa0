import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FuzzRun, type FuzzTarget, must, verdictOf } from '../target.ts';
import { drained } from '../drain.ts';
import { MemoryDisk } from '../memory-disk.ts';
import { mutatedBytes, pick } from '../mutate.ts';
import { mutatedData } from '../mutate-json.ts';
import { Scratch } from '../scratch.ts';
import { payloadOf } from '../../simulation/journal-crash.fixture.ts';
import { verifyJournal } from '../../../src/adapters/journal/inspect-journal.ts';
import { openJournal } from '../../../src/adapters/journal/open-journal.ts';
import { importInto } from '../../../src/adapters/store/import-into.ts';
import { encodeManifest, type Manifest, readManifest } from '../../../src/adapters/store/manifest.ts';
import { openDataSet } from '../../../src/adapters/store/open-data-set.ts';
import { listDataSets, openStore } from '../../../src/adapters/store/store.ts';
import { RowsReader, sampleRows, targetOf } from '../../../src/adapters/store/store.fixture.ts';
import { verifyDataSet } from '../../../src/adapters/store/verify.ts';
import { BlockKind } from '../../../src/model/blocks.ts';

const store: FuzzTarget = {
  name: 'store',
  entries: [
    'src/adapters/store/manifest.ts#readManifest',
    'src/adapters/store/manifest.ts#readFully',
    'src/adapters/store/open-data-set.ts#openDataSet',
    'src/adapters/store/open-data-set.ts#openTrades',
    'src/adapters/store/open-data-set.ts#openBars',
    'src/adapters/store/store.ts#openStore',
  ],
  inputs: 'manifests (bytes, and content under a checksum that is right) and column files of a data set',
  oracle: 'a changed column is found by its checksum; what verifies is read to its end',
  open: (): FuzzRun => {
    const scratch = new Scratch();
    const target = targetOf(BlockKind.BARS, '1m');
    const { folder, manifest } = importInto(
      openStore(scratch.folder),
      new RowsReader(BlockKind.BARS, sampleRows(BlockKind.BARS, 20)),
      target,
      { chunkRows: 8 },
    );
    const place = path.relative(scratch.folder, folder);
    const manifestFile = path.join(place, 'manifest.json');
    const column = path.join(place, 'close.f64');
    const columnFile =
      manifest.columns.flatMap((each) => ('file' in each && each.name === 'close' ? [path.join(place, each.file)] : []))[0] ?? column;
    const whole = {
      manifest: readFileSync(path.join(folder, 'manifest.json')),
      column: readFileSync(path.join(scratch.folder, columnFile)),
    };
    return {
      generate: (random) => {
        const way = random.nextBelow(3);
        return {
          manifest: way === 0 ? mutatedBytes(random, whole.manifest) : way === 1 ? mutatedData(random, manifest) : whole.manifest,
          column: way === 2 ? mutatedBytes(random, whole.column) : whole.column,
          verifies: random.nextBelow(2) === 0,
        };
      },
      feed: (input) => {
        const given = input as { readonly manifest: Uint8Array | Manifest; readonly column: Uint8Array; readonly verifies: boolean };
        scratch.write(columnFile, given.column);
        scratch.write(manifestFile, given.manifest instanceof Uint8Array ? given.manifest : sealed(given.manifest));
        return verdictOf(() => {
          const read = readManifest(folder);
          const found = listDataSets(openStore(scratch.folder)).dataSets[0] ?? {
            key: { instrumentId: 'BTC-USDT.BINANCE', kind: BlockKind.BARS, every: '1m' },
            folder,
            manifest: read,
            bytes: 0,
          };
          const { problems } = verifyDataSet(found);
          must(
            given.column.length === whole.column.length && Buffer.compare(given.column, whole.column) === 0 ? true : problems.length > 0,
            'a changed column is found',
          );
          const reader = openDataSet(found, { instrument: 0, verifyChecksums: given.verifies });
          if (problems.length === 0) drained(reader);
          else reader.close();
        });
      },
      close: () => scratch.close(),
    };
  },
};

/** What no JSON can hold was never a manifest. */
function sealed(manifest: Manifest): string {
  try {
    return encodeManifest(manifest);
  } catch {
    return '{}';
  }
}

const FOLDER = '/journal';
const journal: FuzzTarget = {
  name: 'journal',
  entries: [
    'src/adapters/journal/open-journal.ts#openJournal',
    'src/adapters/journal/segment-file.ts#loadSegment',
    'src/adapters/journal/start-mark.ts#readStart',
    'src/adapters/journal/format.ts#decodeSegmentHeader',
    'src/adapters/journal/read-journal.ts#readRecords',
    'src/adapters/journal/snapshots.ts#readSnapshot',
    'src/adapters/journal/journal-folder.ts#readFolder',
    'src/adapters/journal/journal-folder.ts#readWhole',
  ],
  inputs: 'segments (plain and compressed), snapshots and the mark of the beginning of a journal',
  oracle: 'a record that is read is the one that was written; no record is missing before another',
  open: async (): Promise<FuzzRun> => {
    const disk = new MemoryDisk();
    const made = openJournal(FOLDER, { disk, segmentBytes: 4096, id: Uint8Array.from({ length: 16 }, (_, at) => 200 - at) });
    for (let sequence = 1; sequence <= 120; sequence += 1) {
      made.append(1 + (sequence % 255), sequence * 1000, payloadOf(sequence, 0));
      if (sequence % 5 === 0) made.commit();
      if (sequence === 60)
        made.saveSnapshot(
          60,
          Uint8Array.from({ length: 200 }, (_, at) => at),
        );
    }
    await made.compressSealed();
    made.close();
    const names = [...disk.files.keys()];
    return {
      generate: (random) => {
        const name = pick(random, names);
        const isRepacked = name.endsWith('.gz') && random.nextBelow(2) === 0;
        const bytes = disk.files.get(name)!;
        return {
          name,
          bytes: isRepacked ? gzipSync(mutatedBytes(random, bytes)) : mutatedBytes(random, bytes),
          isGone: random.nextBelow(30) === 0,
        };
      },
      feed: (input) => {
        const { name, bytes, isGone } = input as { readonly name: string; readonly bytes: Uint8Array; readonly isGone: boolean };
        const own = new MemoryDisk(disk.files);
        if (isGone) own.files.delete(name);
        else own.files.set(name, new Uint8Array(bytes));
        return verdictOf(() => {
          verdictOf(() => verifyJournal(FOLDER, { disk: own }));
          const opened = openJournal(FOLDER, { disk: own, segmentBytes: 4096 });
          try {
            const { firstSequence } = opened.facts();
            let next = firstSequence;
            for (const { sequence, payload } of opened.read(firstSequence)) {
              must(sequence === next, `record ${sequence} comes after ${next - 1}`);
              must(Buffer.compare(payload, payloadOf(sequence, 0)) === 0, `record ${sequence} is another`);
              next += 1;
            }
            opened.latestSnapshot();
          } finally {
            opened.close();
          }
        });
      },
    };
  },
};

export const STORAGE_TARGETS: readonly FuzzTarget[] = [store, journal];
