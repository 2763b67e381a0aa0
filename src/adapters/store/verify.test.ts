import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BlockKind } from '../../model/blocks.ts';
import { InputError } from '../../ports/errors.ts';
import { importInto } from './import-into.ts';
import { encodeManifest } from './manifest.ts';
import { openDataSet } from './open-data-set.ts';
import { openStore } from './store.ts';
import type { StoredDataSet } from './store.ts';
import { RowsReader, drain, inTempFolder, sampleRows, targetOf } from './store.fixture.ts';
import { verifyDataSet } from './verify.ts';

const TRADES = BlockKind.TRADES;

function smallSet(root: string, delay = 3): StoredDataSet {
  return importInto(openStore(root), new RowsReader(TRADES, sampleRows(TRADES, 10, delay)), targetOf(TRADES, null), { chunkRows: 4 });
}

describe('data verify', () => {
  it('finds nothing wrong with what was just written, and reads every byte of it (10 rows of 33 bytes)', () => {
    inTempFolder((root) => {
      const seen: number[] = [];
      const result = verifyDataSet(smallSet(root), ({ bytes, bytesTotal }) => void seen.push(bytes / bytesTotal));
      expect(result).toEqual({ rows: 10, bytes: 330, problems: [], problemsUnnamed: 0 });
      expect(seen.at(-1)).toBe(1);
    });
  });

  it('reports every single byte flipped in every file, by file; in a column also by chunk and rows', () => {
    inTempFolder((root) => {
      const dataSet = smallSet(root);
      for (const name of readdirSync(dataSet.folder)) {
        const path = join(dataSet.folder, name);
        const sound = readFileSync(path);
        for (let at = 0; at < sound.length; at += 1) {
          const flipped = Buffer.from(sound);
          flipped[at]! ^= at % 2 === 0 ? 0x01 : 0x80;
          writeFileSync(path, flipped);
          const { problems } = verifyDataSet(dataSet);
          expect(problems.length, `${name} byte ${at}`).toBeGreaterThan(0);
          expect(problems[0]!.file).toBe(path);
          if (name === 'manifest.json') continue;
          const chunk = Math.floor(at / (name.endsWith('.i8') ? 4 : 32)) + 1;
          expect(problems[0]!.rule).toMatch(new RegExp(`^Chunk ${chunk} \\(rows ${chunk * 4 - 3} to ${chunk * 4}\\) does not match`));
          expect(problems[0]!.column).toBe(name.split('.')[0]);
        }
        writeFileSync(path, sound);
      }
      expect(verifyDataSet(dataSet).problems).toEqual([]);
    });
  });

  it('reports a file that is missing, shorter, longer or unknown', () => {
    const after = (damage: (folder: string) => void): string[] =>
      inTempFolder((root) => {
        const dataSet = smallSet(root);
        damage(dataSet.folder);
        return verifyDataSet(dataSet).problems.map((problem) => problem.rule);
      });
    expect(after((folder) => rmSync(join(folder, 'price.f64')))).toEqual(['The file is missing.']);
    expect(after((folder) => truncateSync(join(folder, 'price.f64'), 79))).toEqual([
      'The file has 79 bytes, the manifest says 80.',
      'Chunk 3 (rows 9 to 12) is missing in part or whole.',
    ]);
    expect(after((folder) => appendFileSync(join(folder, 'price.f64'), 'x'))).toEqual(['The file has 81 bytes, the manifest says 80.']);
    expect(after((folder) => writeFileSync(join(folder, 'notes.txt'), ''))).toEqual(['The manifest does not know this file.']);
    expect(after((folder) => rmSync(join(folder, 'manifest.json')))).toEqual(['There is no data set here.']);
  });

  it('reports a manifest that is sound in itself but lies about rows, times, digest or columns', () => {
    const lie = (change: object): string[] =>
      inTempFolder((root) => {
        const dataSet = smallSet(root);
        writeFileSync(join(dataSet.folder, 'manifest.json'), encodeManifest({ ...dataSet.manifest, ...change }));
        return verifyDataSet(dataSet).problems.map((problem) => problem.code);
      });
    expect(lie({})).toEqual([]);
    for (const change of [{ rows: 9 }, { lastTs: 1 }, { digest: '0'.repeat(64) }, { chunkRows: 5 }])
      expect(lie(change)).toEqual(['STORE_DAMAGED']);
    // One for the list of columns, one for each of the five files that the list no longer knows.
    expect(lie({ columns: [] })).toEqual(Array.from({ length: 6 }, () => 'STORE_DAMAGED'));
    expect(lie({ formatVersion: 2 })).toEqual(['STORE_FORMAT_UNKNOWN']);
    expect(lie({ extra: 1 })).toEqual(['STORE_DAMAGED']);
  });
});

describe('reading with checksums on', () => {
  it('refuses the damaged chunk, and only when it gets there; with checksums off it does not look', () => {
    inTempFolder((root) => {
      const dataSet = smallSet(root);
      const path = join(dataSet.folder, 'quantity.f64');
      const bytes = readFileSync(path);
      bytes[64 + 3]! ^= 4;
      writeFileSync(path, bytes);
      const reader = openDataSet(dataSet, { instrument: 0, blockRows: 8, verifyChecksums: true });
      expect(reader.next()!.length).toBe(8);
      expect(() => reader.next()).toThrow(/quantity.f64.*Chunk 3 \(rows 9 to 12\).*STORE_DAMAGED/);
      reader.close();
      expect(drain(openDataSet(dataSet, { instrument: 0, verifyChecksums: false }))).toHaveLength(10);
    });
  });

  it('refuses at once, checksums or not, a file that is missing or has another length', () => {
    inTempFolder((root) => {
      const dataSet = smallSet(root);
      truncateSync(join(dataSet.folder, 'quantity.f64'), 40);
      expect(() => openDataSet(dataSet, { instrument: 0, verifyChecksums: false })).toThrow(InputError);
      rmSync(join(dataSet.folder, 'quantity.f64'));
      expect(() => openDataSet(dataSet, { instrument: 0, verifyChecksums: false })).toThrow(/cannot open/);
    });
  });
});
