import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CsvFormat } from '../../adapters/files/csv-format.ts';
import { openBars, openDataSet } from '../../adapters/store/open-data-set.ts';
import { BlockKind, type BookDeltaBlock, type QuoteBarBlock } from '../../model/blocks.ts';
import { makeCurrency } from '../../model/currency.ts';
import type { Instrument } from '../../model/instrument.ts';
import { instrumentWith } from '../../model/instrument.fixture.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { AgentMarketData } from '../../sim/agents/agent-data.ts';
import { sharedDataFolder } from '../../../reference/shared-data.ts';
import { agentMarketSettings } from '../../sim/agents/agent-settings.ts';
import type { DataProgress } from './data-progress.ts';
import { dataSetFacts, dataSetTable, infoLines } from './data-set-text.ts';
import { generateData } from './generate-data.ts';
import { importData } from './import-data.ts';
import { infoData, listData, verifyData } from './look-at-data.ts';

const SHARED_DATA = sharedDataFolder();
const GOOG = join(SHARED_DATA, 'daily-hourly-misc/GOOG.csv');
const FORMAT: CsvFormat = {
  kind: 'bars',
  timeFormat: 'yyyy-MM-dd',
  zone: 'UTC',
  stamp: 'open',
  every: '1d',
  header: true,
  columns: { time: 1, open: 'Open', high: 'High', low: 'Low', close: 'Close', volume: 'Volume' },
};

function instrument(id: string): Instrument {
  return instrumentWith({ id, kind: 'SPOT', base: makeCurrency('GOOG'), quote: makeCurrency('USD', 20) });
}

function deltasOf(reader: BlockReader<BookDeltaBlock>): number[][] {
  const rows: number[][] = [];
  for (let block = reader.next(); block !== null; block = reader.next()) {
    const { tsInit, action, side, price, quantity, orderId, flags } = block;
    for (let row = 0; row < block.length; row += 1)
      rows.push([tsInit[row]!, action[row]!, side[row]!, price[row]!, quantity[row]!, orderId[row]!, flags[row]!]);
  }
  reader.close();
  return rows;
}

async function inTempFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'quanthybrid-data-'));
  try {
    await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const CSV = 'Date,Open,High,Low,Close,Volume\n2020-01-01,10.00,11.50,9.75,10.25,300\n2020-01-02,10.25,10.50,10.00,10.40,200\n';

describe('data import', () => {
  it("stores what the file says, with the file's SHA-256, zone and stamp, and lists, shows and verifies it", () =>
    inTempFolder(async (folder) => {
      const path = join(folder, 'bars.csv');
      writeFileSync(path, CSV);
      const storeRoot = join(folder, 'store');
      const seen: DataProgress[] = [];
      const source = { type: 'csv', path, format: FORMAT } as const;
      const result = await importData({
        storeRoot,
        instrument: instrument('GOOG.X'),
        source,
        createdBy: 'test 1',
        onProgress: (p) => void seen.push(p),
      });
      expect([result.dataSet.manifest.rows, result.skipped, result.filtered, result.rounded]).toEqual([2, 0, 0, 0]);
      expect(seen.at(-1)).toMatchObject({ rows: 2, fraction: 1, secondsLeft: 0 });
      const [listed] = listData({ storeRoot }).dataSets;
      expect(listed).toEqual(infoData({ storeRoot, key: { instrumentId: 'GOOG.X', kind: BlockKind.BARS, every: '1d' } }));
      expect(listed!.manifest.provenance).toMatchObject({
        source: 'csv',
        zone: 'UTC',
        stamp: 'open',
        files: [{ name: path, bytes: CSV.length, sha256: createHash('sha256').update(CSV).digest('hex') }],
      });
      const block = openBars(listed!, { instrument: 0, verifyChecksums: true }).next()!;
      expect([block.open[0], block.high[0], block.low[0], block.close[0], block.volume[0]]).toEqual([1000, 1150, 975, 1025, 300]);
      expect([block.tsOpen[0], block.tsEvent[0]]).toEqual([Date.UTC(2020, 0, 1) * 1000, Date.UTC(2020, 0, 2) * 1000]);
      expect(await verifyData({ storeRoot, key: null })).toMatchObject({ problems: [], rows: 2, bytes: 2 * 7 * 8 });
    }));

  it('shows from where the first bar opens to where the last one closes', () =>
    inTempFolder(async (folder) => {
      const path = join(folder, 'bars.csv');
      writeFileSync(path, CSV);
      const source = { type: 'csv', path, format: FORMAT } as const;
      const { dataSet } = await importData({ storeRoot: folder, instrument: instrument('GOOG.X'), source, createdBy: 'test 1' });
      expect(dataSetFacts(dataSet)).toMatchObject({ from: '2020-01-01T00:00:00.000000Z', to: '2020-01-03T00:00:00.000000Z' });
      expect(dataSetTable([dataSet])[1]).toMatch(/ 2020-01-01T00:00:00 +2020-01-03T00:00:00 /);
      expect(infoLines(dataSet).find((line) => line.startsWith('from '))).toContain('2020-01-01T00:00');
      // A list is shown of a damaged store too: the damage is told by data verify.
      rmSync(join(dataSet.folder, 'tsOpen.f64'));
      expect(dataSetFacts(dataSet)).toMatchObject({ from: '2020-01-02T00:00:00.000000Z' });
    }));

  it('lists times to the second, and finer where they are finer', () =>
    inTempFolder(async (folder) => {
      const path = join(folder, 'ticks.csv');
      writeFileSync(path, 'time,price,quantity\n2024-12-01T00:00:05,1.00,1\n2024-12-01T00:00:06.25,1.00,1\n');
      const format: CsvFormat = {
        kind: 'trades',
        timeFormat: 'iso',
        zone: 'UTC',
        header: true,
        columns: { time: 1, price: 2, quantity: 3 },
      };
      const source = { type: 'csv', path, format } as const;
      const { dataSet } = await importData({ storeRoot: folder, instrument: instrument('T.X'), source, createdBy: 'test 1' });
      expect(dataSetTable([dataSet])[1]).toMatch(/ 2024-12-01T00:00:05 +2024-12-01T00:00:06\.25 /);
    }));

  it('stores bars of bid and ask from a file each as quote bars, with the fingerprints of both', () =>
    inTempFolder(async (folder) => {
      const bidPath = join(folder, 'bid.csv');
      const askPath = join(folder, 'ask.csv');
      writeFileSync(bidPath, CSV);
      writeFileSync(askPath, CSV.replace('11.50', '11.60'));
      const source = { type: 'csv-pair', bidPath, askPath, format: FORMAT } as const;
      const { dataSet } = await importData({ storeRoot: folder, instrument: instrument('GOOG.X'), source, createdBy: 'test 1' });
      expect(dataSet.key).toEqual({ instrumentId: 'GOOG.X', kind: BlockKind.QUOTE_BARS, every: '1d' });
      expect(dataSet.manifest.provenance.files.map(({ name }) => name)).toEqual([bidPath, askPath]);
      const block = openDataSet(dataSet, { instrument: 0, verifyChecksums: true }).next() as QuoteBarBlock;
      expect([block.length, block.bidHigh[0], block.askHigh[0], block.bidSize[0], block.askSize[1]]).toEqual([2, 1150, 1160, 300, 200]);
    }));

  it('leaves no store behind when line 3 is wrong, and names file and line', () =>
    inTempFolder(async (folder) => {
      const path = join(folder, 'bars.csv');
      writeFileSync(path, CSV.replace('10.40', 'abc'));
      const storeRoot = join(folder, 'store');
      const source = { type: 'csv', path, format: FORMAT } as const;
      await expect(importData({ storeRoot, instrument: instrument('GOOG.X'), source, createdBy: 'test 1' })).rejects.toThrow(
        /bars\.csv:3.*Close.*abc/,
      );
      expect(existsSync(storeRoot)).toBe(false);
    }));

  it.skipIf(!existsSync(GOOG))('agrees with the independently computed facts of GOOG.csv (skipped: the shared data is absent)', () =>
    inTempFolder(async (folder) => {
      // Python wrote it: NaN is not JSON.
      const facts = (
        JSON.parse(readFileSync(join(SHARED_DATA, 'expected.json'), 'utf8').replaceAll(': NaN', ': null')) as {
          files: Record<string, { sha256: string; rows: number }>;
        }
      ).files['daily-hourly-misc/GOOG.csv']!;
      const source = { type: 'csv', path: GOOG, format: FORMAT } as const;
      const { dataSet } = await importData({ storeRoot: folder, instrument: instrument('GOOG.X'), source, createdBy: 'test 1' });
      expect(dataSet.manifest.rows).toBe(facts.rows);
      expect(dataSet.manifest.provenance.files[0]!.sha256).toBe(facts.sha256);
      expect((await verifyData({ storeRoot: folder, key: dataSet.key })).problems).toEqual([]);
    }),
  );

  it.skipIf(!existsSync(join(SHARED_DATA, 'lean')))(
    "stores a LEAN folder's day of minutes with the fingerprints of the zips read (skipped: the shared data is absent)",
    () =>
      inTempFolder(async (folder) => {
        const source = {
          type: 'lean',
          data: 'trade',
          root: join(SHARED_DATA, 'lean'),
          security: 'equity',
          market: 'usa',
          resolution: 'minute',
          symbol: 'spy',
          fromDate: '20131007',
          toDate: '20131008',
        } as const;
        const spy = { ...instrument('SPY.X'), priceDecimals: 4 };
        const { dataSet } = await importData({ storeRoot: folder, instrument: spy, source, createdBy: 'test 1' });
        expect(dataSet.manifest.provenance.files.map((file) => file.name.slice(-18))).toEqual(['20131007_trade.zip', '20131008_trade.zip']);
        expect(dataSet.key).toEqual({ instrumentId: 'SPY.X', kind: BlockKind.BARS, every: '1m' });
      }),
  );
});

describe('data generate', () => {
  const options = (storeRoot: string) => ({
    storeRoot,
    seed: 5,
    startTs: 1_700_006_400_000_000,
    endTs: 1_700_006_400_000_000 + 86_400_000_000,
    createdBy: 'test 1',
    instruments: [
      { instrument: instrument('A.GEN'), startPrice: 10_000, quantityTypical: 10 },
      { instrument: instrument('B.GEN'), startPrice: 5_000, quantityTypical: 10 },
    ],
    kinds: [{ kind: 'bars', every: '60m' }, { kind: 'trades' }, { kind: 'quotes' }] as const,
  });

  it('stores every kind of every instrument, the same digests for the same seed, and they verify', () =>
    inTempFolder(async (folder) => {
      const one = await generateData(options(join(folder, 'one')));
      expect(one.dataSets.map(({ folder: path }) => path.split('/').slice(-2).join('/'))).toEqual([
        'A.GEN/bars-1h',
        'A.GEN/trades',
        'A.GEN/quotes',
        'B.GEN/bars-1h',
        'B.GEN/trades',
        'B.GEN/quotes',
      ]);
      expect(one.dataSets[0]!.manifest.rows).toBe(24);
      const two = await generateData(options(join(folder, 'two')));
      expect(two.dataSets.map((set) => set.manifest.digest)).toEqual(one.dataSets.map((set) => set.manifest.digest));
      expect((await verifyData({ storeRoot: join(folder, 'one'), key: null })).problems).toEqual([]);
      await expect(verifyData({ storeRoot: join(folder, 'none'), key: null })).rejects.toThrow(/no such folder.*STORE_DATA_SET_NOT_FOUND/);
    }));

  it('stores the order book of a market of agents, which comes back as it was made; paths have none', () =>
    inTempFolder(async (folder) => {
      const settings = { eventsPerSecond: 5, gaps: { perDay: 0, at: [1_700_006_460_000_000], lastingUs: 5_000_000 } };
      const short = { ...options(folder), endTs: 1_700_006_400_000_000 + 180_000_000, kinds: [{ kind: 'book-deltas' }] as const };
      await expect(generateData(short)).rejects.toThrow(/Paths of prices have no order book/);
      const { dataSets } = await generateData({ ...short, agents: { book: 'orders', settings } });
      expect((await verifyData({ storeRoot: folder, key: null })).problems).toEqual([]);
      const market = agentMarketSettings({
        seed: short.seed,
        startTs: short.startTs,
        startPrice: 10_000,
        quantityTypical: 10,
        ...settings,
      });
      const made = new AgentMarketData(market, short.endTs, { instrument: 0, priceIncrement: 1, lotSize: 1 }).deltas('orders');
      const stored = openDataSet(dataSets[0]!, { instrument: 0, verifyChecksums: true }) as BlockReader<BookDeltaBlock>;
      expect(deltasOf(stored)).toEqual(deltasOf(made));
    }));

  it('keeps what is complete and nothing else when canceled', () =>
    inTempFolder(async (folder) => {
      const controller = new AbortController();
      const long = { ...options(folder), endTs: 1_700_006_400_000_000 + 3000 * 86_400_000_000, signal: controller.signal };
      const running = generateData({ ...long, onProgress: () => controller.abort(new Error('stopped')) });
      await expect(running).rejects.toThrow('stopped');
      expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    }));

  it('refuses intervals that generated bars cannot have', () =>
    inTempFolder(async (folder) => {
      for (const every of ['1w', '100t', '7x']) {
        await expect(generateData({ ...options(folder), kinds: [{ kind: 'bars', every }] })).rejects.toThrow(/OPTION_INVALID/);
      }
    }));
});
