import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockKind } from '../../model/blocks.ts';
import { InputError, WorldError } from '../../ports/errors.ts';
import { PendingImport, importInto, sweepStore } from './import-into.ts';
import { dataSetFolder, instrumentFolder } from './layout.ts';
import { openBars, openDataSet, openTrades } from './open-data-set.ts';
import { findDataSet, listDataSets, openStore } from './store.ts';
import { RowsReader, drain, filesBelow, inTempFolder, sampleRows, targetOf } from './store.fixture.ts';

const KINDS = [
  [BlockKind.TRADES, null],
  [BlockKind.QUOTES, null],
  [BlockKind.BARS, '1m'],
  [BlockKind.QUOTE_BARS, '1h'],
] as const;
const PLAIN = { instrument: 0, verifyChecksums: true } as const;

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]!.code;
    if (error instanceof WorldError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('the store', () => {
  it('gives back every row of every kind, whatever the blocks and chunks, the receipt time apart or not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0, 250),
        fc.boolean(),
        ([kind, every], count, blockIn, blockOut, chunkRows, delay, shared) =>
          inTempFolder((root) => {
            const rows = sampleRows(kind, count, delay);
            const dataSet = importInto(openStore(root), new RowsReader(kind, rows, blockIn), targetOf(kind, every), { chunkRows });
            expect(dataSet.manifest.rows).toBe(count);
            expect(drain(openDataSet(dataSet, { ...PLAIN, blockRows: blockOut, shared }))).toEqual(rows);
          }),
      ),
      { numRuns: 40 },
    );
  });

  it('leaves folders alone that are no instrument’s, such as a database beside the data', () => {
    inTempFolder((root) => {
      mkdirSync(join(root, 'db', 'pglite'), { recursive: true });
      mkdirSync(join(root, 'journal'));
      const [kind, every] = KINDS[0];
      importInto(openStore(root), new RowsReader(kind, sampleRows(kind, 5), 5), targetOf(kind, every));
      expect(listDataSets(openStore(root))).toMatchObject({ dataSets: [{ key: { kind } }], problems: [] });
      sweepStore(openStore(root));
      expect(readdirSync(root)).toEqual(expect.arrayContaining(['db', 'journal']));
    });
  });

  it('reads into the same arrays every time, and shares one column where receipt equals event', () => {
    inTempFolder((root) => {
      const dataSet = importInto(
        openStore(root),
        new RowsReader(BlockKind.TRADES, sampleRows(BlockKind.TRADES, 20)),
        targetOf(BlockKind.TRADES, null),
      );
      const reader = openTrades(dataSet, { instrument: 3, blockRows: 8, verifyChecksums: false });
      const first = reader.next()!;
      const price = first.price;
      expect(first.tsInit).toBe(first.tsEvent);
      expect([first.instrument, first.kind, first.length]).toEqual([3, BlockKind.TRADES, 8]);
      expect(reader.next()!.price).toBe(price);
      expect(reader.next()!.length).toBe(4);
      expect(reader.next()).toBeNull();
      reader.close();
      expect(readdirSync(dataSet.folder).sort()).toEqual(['aggressorSide.i8', 'manifest.json', 'price.f64', 'quantity.f64', 'tsEvent.f64']);
    });
  });

  it('starts at the first row at or after the start and ends before the end, by receipt time', () => {
    inTempFolder((root) => {
      const kind = BlockKind.BARS;
      // Receipt times 10, 20, 20, 20, 30, 40.
      const rows = [10, 20, 20, 20, 30, 40].map((ts) => [ts - 1, ts, ts - 2, 5, 6, 4, 5, 1]);
      const dataSet = importInto(openStore(root), new RowsReader(kind, rows), targetOf(kind, '1m'));
      const times = (startTs: number, endTs: number): number[] =>
        drain(openBars(dataSet, { ...PLAIN, startTs, endTs, series: 2 })).map((row) => row[1]!);
      expect(times(20, 30)).toEqual([20, 20, 20]);
      expect(times(11, 20)).toEqual([]);
      expect(times(-5, 11)).toEqual([10]);
      expect(times(30, 1000)).toEqual([30, 40]);
      expect(times(41, 1000)).toEqual([]);
      expect(times(30, 20)).toEqual([]);
    });
  });

  it('gives the same files for the same rows, and a digest that names, blocks and chunks do not change but any value does', () => {
    const make = (rows: number[][], blockRows: number, chunkRows: number, source: string): { digest: string; files: Map<string, Buffer> } =>
      inTempFolder((root) => {
        const target = targetOf(BlockKind.BARS, '1m');
        const options = { chunkRows };
        const named = { ...target, provenance: { ...target.provenance, source } };
        const { manifest } = importInto(openStore(root), new RowsReader(BlockKind.BARS, rows, blockRows), named, options);
        return { digest: manifest.digest, files: filesBelow(root) };
      });
    const rows = sampleRows(BlockKind.BARS, 30);
    const one = make(rows, 7, 8, 'a');
    expect(make(rows, 30, 8, 'a')).toEqual(one);
    expect(make(rows, 7, 30, 'b').digest).toBe(one.digest);
    rows[29]![7]! += 1;
    expect(make(rows, 7, 8, 'a').digest).not.toBe(one.digest);
  });

  it('lists what it holds by name, and says which are there when asked for one that is not', () => {
    inTempFolder((root) => {
      const store = openStore(root);
      expect(listDataSets(openStore(join(root, 'absent'))).dataSets).toEqual([]);
      for (const [kind, every] of KINDS) importInto(store, new RowsReader(kind, sampleRows(kind, 3)), targetOf(kind, every));
      importInto(store, new RowsReader(BlockKind.BARS, sampleRows(BlockKind.BARS, 3)), targetOf(BlockKind.BARS, '1d', 'EUR/USD.OANDA'));
      const names = listDataSets(store).dataSets.map(({ key, folder }) => `${key.instrumentId} ${folder.slice(root.length)}`);
      expect(names).toEqual([
        'BTC-USDT.BINANCE /BTC-USDT.BINANCE/bars-1m',
        'BTC-USDT.BINANCE /BTC-USDT.BINANCE/quote-bars-1h',
        'BTC-USDT.BINANCE /BTC-USDT.BINANCE/quotes',
        'BTC-USDT.BINANCE /BTC-USDT.BINANCE/trades',
        'EUR/USD.OANDA /EUR%2fUSD.OANDA/bars-1d',
      ]);
      expect(() => findDataSet(store, { instrumentId: 'X.Y', kind: BlockKind.BARS, every: '1m' })).toThrow(
        /BTC-USDT.BINANCE bars 1m.*STORE_DATA_SET_NOT_FOUND/,
      );
    });
  });

  it('refuses names that could leave the folder or say nothing', () => {
    expect(instrumentFolder('../..\\x.V')).toBe('%2e.%2f..%5cx.V');
    for (const id of ['', 'nodot', '.V', 'X.', 'a'.repeat(80) + '.V'])
      expect(codeOf(() => instrumentFolder(id))).toBe('STORE_NAME_INVALID');
    for (const every of ['', '../x', '0m', 'm', '1', '1M', null]) {
      expect(codeOf(() => dataSetFolder({ instrumentId: 'X.Y', kind: BlockKind.BARS, every }))).toBe('STORE_NAME_INVALID');
    }
    expect(codeOf(() => dataSetFolder({ instrumentId: 'X.Y', kind: BlockKind.TRADES, every: '1m' }))).toBe('STORE_NAME_INVALID');
  });
});

describe('an import', () => {
  const kind = BlockKind.BARS;
  const target = targetOf(kind, '1m');

  it('leaves nothing behind when a row is wrong, when the reader throws, and when there are no rows', () => {
    inTempFolder((parent) => {
      const root = join(parent, 'store');
      const bad = sampleRows(kind, 20);
      bad[17]![4] = 1;
      const reader = new RowsReader(kind, bad);
      expect(() => importInto(openStore(root), reader, target, { chunkRows: 4 })).toThrow(
        /Row 18 of .* column "high", value "1"|column "high", value "1".*Row 18 of /,
      );
      expect(reader.closed).toBe(1);
      expect(existsSync(root)).toBe(false);
      const throwing = new RowsReader(kind, sampleRows(kind, 5));
      throwing.next = () => {
        throw new InputError([{ code: 'STORE_ROW_INVALID', rule: 'bad line', fix: '' }]);
      };
      expect(() => importInto(openStore(root), throwing, target)).toThrow(/bad line/);
      expect(throwing.closed).toBe(1);
      expect(codeOf(() => importInto(openStore(root), new RowsReader(kind, []), target))).toBe('STORE_EMPTY_IMPORT');
      expect(existsSync(root)).toBe(false);
    });
  });

  it('keeps the old data set until the new one is complete, and replaces it only when told to', () => {
    inTempFolder((root) => {
      const store = openStore(root);
      importInto(store, new RowsReader(kind, sampleRows(kind, 5)), target);
      const before = filesBelow(root);
      expect(codeOf(() => importInto(store, new RowsReader(kind, sampleRows(kind, 9)), target))).toBe('STORE_DATA_SET_EXISTS');
      expect(codeOf(() => importInto(store, new RowsReader(kind, []), target, { replace: true }))).toBe('STORE_EMPTY_IMPORT');
      expect(filesBelow(root)).toEqual(before);
      importInto(store, new RowsReader(kind, sampleRows(kind, 9)), target, { replace: true });
      expect(findDataSet(store, { instrumentId: target.instrument.id, kind, every: '1m' }).manifest.rows).toBe(9);
      expect(readdirSync(join(root, 'BTC-USDT.BINANCE'))).toEqual(['bars-1m']);
    });
  });

  it('tells its progress in rows and bytes after every block (8 columns of 8 bytes)', () => {
    inTempFolder((root) => {
      const seen: number[][] = [];
      const options = { onProgress: ({ rows, bytes }: { rows: number; bytes: number }): unknown => seen.push([rows, bytes]) };
      importInto(openStore(root), new RowsReader(kind, sampleRows(kind, 9), 4), target, {
        onProgress: (progress) => void options.onProgress(progress),
      });
      expect(seen).toEqual([
        [4, 256],
        [8, 512],
        [9, 576],
      ]);
    });
  });

  it('keeps a second writer out while it runs, in this process and from another', () => {
    inTempFolder((root) => {
      const store = openStore(root);
      const first = new PendingImport(store, target);
      expect(codeOf(() => new PendingImport(store, targetOf(kind, '1h')))).toBe('STORE_LOCKED');
      sweepStore(store);
      first.append(new RowsReader(kind, sampleRows(kind, 5)).next()!);
      expect(first.commit().manifest.rows).toBe(5);
      first.abort();
      expect(listDataSets(store).dataSets).toHaveLength(1);
      writeFileSync(join(root, '.lock'), JSON.stringify({ process: process.ppid, machine: hostname(), nonce: 'x' }));
      expect(codeOf(() => new PendingImport(store, targetOf(kind, '1h')))).toBe('STORE_LOCKED');
      writeFileSync(
        join(root, '.lock'),
        JSON.stringify({ process: spawnSync(process.execPath, ['-e', '']).pid, machine: 'elsewhere', nonce: 'x' }),
      );
      expect(codeOf(() => new PendingImport(store, targetOf(kind, '1h')))).toBe('STORE_LOCKED');
    });
  });

  it('stores nothing when its lock was taken away', () => {
    inTempFolder((root) => {
      const pending = new PendingImport(openStore(root), target);
      pending.append(new RowsReader(kind, sampleRows(kind, 5)).next()!);
      writeFileSync(join(root, '.lock'), 'someone else');
      expect(codeOf(() => pending.commit())).toBe('STORE_LOCK_LOST');
      pending.abort();
      expect([...filesBelow(root).keys()]).toEqual(['.lock']);
    });
  });

  it('sweeps what a killed import left, and brings back the data set that it was replacing', () => {
    inTempFolder((root) => {
      const store = openStore(root);
      const dead = spawnSync(process.execPath, ['-e', '']).pid;
      importInto(store, new RowsReader(kind, sampleRows(kind, 5)), target);
      const folder = join(root, 'BTC-USDT.BINANCE');
      // Killed between the two renames: the old one is aside, the new one complete but not in place, the lock still there.
      renameSync(join(folder, 'bars-1m'), join(folder, '.replaced-bars-1m'));
      mkdirSync(join(folder, '.importing-bars-1m'));
      writeFileSync(join(folder, '.importing-bars-1m', 'tsEvent.f64'), 'half');
      mkdirSync(join(root, 'OTHER.X', '.importing-trades'), { recursive: true });
      writeFileSync(join(root, '.lock'), JSON.stringify({ process: dead, machine: hostname(), nonce: 'x' }));
      // Readers see the old one all along.
      expect(listDataSets(store).dataSets.map((dataSet) => dataSet.manifest.rows)).toEqual([5]);
      expect(findDataSet(store, { instrumentId: target.instrument.id, kind, every: '1m' }).manifest.rows).toBe(5);
      sweepStore(store);
      expect(
        [...filesBelow(root).keys()]
          .map((name) => name.split('/').slice(0, 2).join('/'))
          .every((name) => name === 'BTC-USDT.BINANCE/bars-1m'),
      ).toBe(true);
      expect(readdirSync(root)).toEqual(['BTC-USDT.BINANCE']);
    });
  });

  it('takes over a lock of its own process number that it does not hold, as containers leave behind', () => {
    inTempFolder((root) => {
      writeFileSync(join(root, '.lock'), JSON.stringify({ process: process.pid, machine: hostname(), nonce: 'old' }));
      expect(importInto(openStore(root), new RowsReader(kind, sampleRows(kind, 5)), target).manifest.rows).toBe(5);
      expect(readdirSync(root)).toEqual(['BTC-USDT.BINANCE']);
    });
  });

  it('says so when the folder cannot be made', () => {
    inTempFolder((root) => {
      writeFileSync(join(root, 'file'), '');
      expect(codeOf(() => importInto(openStore(join(root, 'file')), new RowsReader(kind, sampleRows(kind, 5)), target))).toBe(
        'STORE_IO_FAILED',
      );
    });
  });
});
