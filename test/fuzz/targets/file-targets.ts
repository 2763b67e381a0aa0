import { gzipSync } from 'node:zlib';
import { type FuzzRun, type FuzzTarget, must, verdictOf } from '../target.ts';
import { drained } from '../drain.ts';
import { mutatedBytes, mutatedText, pick } from '../mutate.ts';
import { Scratch } from '../scratch.ts';
import { testInstrument, zipOf } from '../../files-kit.ts';
import type { Random } from '../../../src/base/random.ts';
import { openCsv } from '../../../src/adapters/files/csv-reader.ts';
import { readFactorFile, readLeanActions } from '../../../src/adapters/files/lean-factors.ts';
import { openLeanBars, openLeanQuoteBars } from '../../../src/adapters/files/lean-reader.ts';
import { sniffCsv } from '../../../src/adapters/files/sniff-csv.ts';
import { plainFrame } from '../../../src/adapters/files/zstandard.fixture.ts';
import { unpackZstandard } from '../../../src/adapters/files/zstandard.ts';
import { openByteSource } from '../../../src/adapters/files/byte-source.ts';
import { openLeanTicks } from '../../../src/adapters/files/recordings/lean-ticks.ts';
import { BlockKind } from '../../../src/model/blocks.ts';
import { ZoneClock } from '../../../src/ports/zone-clock.ts';

const BARS = [
  'time,open,high,low,close,volume\n2024-01-02,1.10,1.30,1.00,1.20,5\n2024-01-03,1.20,1.40,1.10,1.30,6\n2024-01-04,1.30,1.50,1.20,1.40,7\n',
  'Date;Time;Open;High;Low;Close;Volume\n02.01.2024;09:30;1,10;1,30;1,00;1,20;5\n02.01.2024;09:31;1,20;1,40;1,10;1,30;6\n',
  '1704187800000,1.10,1.30,1.00,1.20,5\n1704187860000,1.20,1.40,1.10,1.30,6\n1704187920000,1.30,1.50,1.20,1.40,7\n',
  '"time"\t"open"\t"high"\t"low"\t"close"\t"volume"\n2024-01-02T09:30:00Z\t1.1\t1.3\t1\t1.2\t5e0\n2024-01-02T09:31:00Z\t1.2\t1.4\t1.1\t1.3\t6\n',
];
const TICKS = [
  'time,price,quantity,side\n2024-01-02T09:30:00.000001Z,1.10,5,buy\n2024-01-02T09:30:00.000002Z,1.11,6,sell\n',
  'timestamp,bid,ask,bidSize,askSize\n1704187800000000,1.10,1.12,5,6\n1704187800000001,1.10,1.13,5,6\n',
];
const TABLES = [...BARS, ...TICKS];

const spoiled = (random: Random, text: string): string | Uint8Array =>
  random.nextBelow(3) === 0 ? mutatedBytes(random, Buffer.from(text)) : mutatedText(random, text);

const csv: FuzzTarget = {
  name: 'csv',
  entries: [
    'src/adapters/files/sniff-csv.ts#sniffCsv',
    'src/adapters/files/csv-reader.ts#openCsv',
    'src/adapters/files/csv-reader.ts#openRows',
    'src/adapters/files/csv-reader.ts#openCsvBars',
    'src/adapters/files/csv-reader.ts#openCsvTrades',
    'src/adapters/files/csv-reader.ts#openCsvQuotes',
    'src/adapters/files/byte-source.ts#openByteSource',
    'src/adapters/files/open-file.ts#openFile',
    'src/adapters/files/open-file.ts#readSpan',
  ],
  inputs: 'tables of bars, trades and quotes: cells, rows, delimiters, headers, bytes',
  oracle: 'values of rows are safe integers and times do not fall',
  open: (): FuzzRun => {
    const scratch = new Scratch();
    const instrument = testInstrument(2, 2);
    return {
      generate: (random) => ({ text: spoiled(random, pick(random, TABLES)), skips: random.nextBelow(3) === 0 }),
      feed: (input) => {
        const { text, skips } = input as { readonly text: string | Uint8Array; readonly skips: boolean };
        const path = scratch.write('table.csv', text);
        return verdictOf(() => {
          const { format } = sniffCsv(path, { given: { zone: 'UTC', every: '1m', stamp: 'open' } as never });
          drained(openCsv({ path, format, instrument, rowsPerBlock: 7, onDefect: skips ? 'skip' : 'refuse' }));
        });
      },
      close: () => scratch.close(),
    };
  },
};

const PACKED: readonly (readonly [string, Buffer])[] = [
  ['a.zip', zipOf({ 'a.csv': BARS[0]!, 'b.csv': BARS[1]! })],
  ['a.zip', zipOf({ 'a.csv': BARS[2]! })],
  ['a.gz', gzipSync(BARS[0]!)],
  ['a.gz', Buffer.concat([gzipSync(BARS[0]!), gzipSync(BARS[2]!)])],
];
const archive: FuzzTarget = {
  name: 'archive',
  entries: [
    'src/adapters/files/zip-archive.ts#readZipMember',
    'src/adapters/files/byte-source.ts#openByteSource',
    'src/adapters/files/open-file.ts#openFile',
  ],
  inputs: 'zip and gzip files: bits, lengths, directories, pieces twice',
  oracle: 'what is unpacked has the size that was said',
  open: (): FuzzRun => {
    const scratch = new Scratch();
    const into = new Uint8Array(1024);
    return {
      generate: (random) => {
        const [name, bytes] = pick(random, PACKED);
        return { name, bytes: mutatedBytes(random, bytes), member: pick(random, [undefined, 'a', 'a.csv', '../a.csv']) };
      },
      feed: (input) => {
        const { name, bytes, member } = input as { readonly name: string; readonly bytes: Uint8Array; readonly member: string | undefined };
        const path = scratch.write(name, bytes);
        return verdictOf(() => {
          const source = openByteSource(path, member);
          let total = 0;
          for (let got = source.read(into, 0); got > 0; got = source.read(into, 0)) total += got;
          must(total === source.bytes, `${total} of ${source.bytes} bytes`);
          source.close();
        });
      },
      close: () => scratch.close(),
    };
  },
};

const text = Buffer.from(BARS.join(''));
const FRAMES = [
  plainFrame(text),
  plainFrame(text, { hasChecksum: false, hasSize: false }),
  Buffer.concat([plainFrame(text), plainFrame(Buffer.alloc(0))]),
];
const zstandard: FuzzTarget = {
  name: 'zstandard',
  entries: ['src/adapters/files/zstandard.ts#unpackZstandard'],
  inputs: 'Zstandard frames',
  oracle: 'no more is unpacked than was allowed',
  open: () => ({
    generate: (random) => mutatedBytes(random, pick(random, FRAMES)),
    feed: (input) =>
      verdictOf(() => {
        must(unpackZstandard(input as Uint8Array, 'fuzz.zst', 1_000_000).length <= 1_000_000, 'as much as was allowed');
      }),
  }),
};

const FACTORS = '19980102,0.7848459,0.5,50.0\n20050301,0.8,0.5,100.25\n20140606,0.9,1,645\n20501231,1,1,0\n';
const factors: FuzzTarget = {
  name: 'lean-factors',
  entries: ['src/adapters/files/lean-factors.ts#readFactorFile', 'src/adapters/files/lean-factors.ts#readLeanActions'],
  inputs: 'factor files of LEAN',
  oracle: 'dividends and splits have safe integers above zero',
  open: (): FuzzRun => {
    const scratch = new Scratch();
    const instrument = testInstrument(4);
    const clock = new ZoneClock('America/New_York');
    return {
      generate: (random) => spoiled(random, FACTORS),
      feed: (input) => {
        const factorFile = scratch.write('x.csv', input as string);
        return verdictOf(() => {
          readFactorFile(factorFile);
          for (const action of readLeanActions({ factorFile, instrument, clock }))
            if (action.kind === 'SplitEffective')
              must(Number.isSafeInteger(action.numerator) && action.numerator > 0 && action.denominator > 0, 'a split');
        });
      },
      close: () => scratch.close(),
    };
  },
};

const LEAN_TRADES =
  '34200000,1451000,1452000,1450000,1451500,1200\n34260000,1451500,1453000,1451000,1452000,800\n34320000,1452000,1452500,1451500,1452000,10\n';
const LEAN_QUOTES =
  '34200000,1451000,1452000,1450000,1451500,12,1451100,1452100,1450100,1451600,9\n34260000,1451500,1453000,1451000,1452000,8,1451600,1453100,1451100,1452100,7\n';
const LEAN_TICKS = '34200000,1451000,5,P,1,0\n34200100,1451100,6,Q,1,0\n';

const lean: FuzzTarget = {
  name: 'lean',
  entries: [
    'src/adapters/files/lean-reader.ts#openLeanBars',
    'src/adapters/files/lean-reader.ts#openLeanQuoteBars',
    'src/adapters/files/recordings/lean-ticks.ts#openLeanTicks',
  ],
  inputs: 'LEAN zips of minutes, quotes and ticks, raw and adjusted by a factor file',
  oracle: 'values of rows are safe integers and times do not fall',
  open: (): FuzzRun => {
    const scratch = new Scratch();
    const stock = { root: scratch.folder, security: 'equity', market: 'usa', symbol: 'x' } as const;
    for (const folder of ['minute/x', 'tick/x', 'factor_files']) scratch.makeFolder(`equity/usa/${folder}`);
    scratch.write('equity/usa/factor_files/x.csv', FACTORS);
    const kinds = {
      trade: { file: 'equity/usa/minute/x/20131007_trade.zip', member: '20131007_x_minute_trade.csv', text: LEAN_TRADES },
      quote: { file: 'equity/usa/minute/x/20131007_quote.zip', member: '20131007_x_minute_quote.csv', text: LEAN_QUOTES },
      tick: { file: 'equity/usa/tick/x/20131007_trade.zip', member: '20131007_x_Trade_Tick.csv', text: LEAN_TICKS },
    } as const;
    return {
      generate: (random) => {
        const kind = pick(random, ['trade', 'quote', 'tick'] as const);
        const own = kinds[kind];
        const zip =
          random.nextBelow(4) === 0
            ? mutatedBytes(random, zipOf({ [own.member]: own.text }))
            : zipOf({ [random.nextBelow(10) === 0 ? 'other.csv' : own.member]: mutatedText(random, own.text) });
        return { kind, zip, prices: pick(random, ['raw', 'adjusted'] as const) };
      },
      feed: (input) => {
        const { kind, zip, prices } = input as {
          readonly kind: keyof typeof kinds;
          readonly zip: Uint8Array;
          readonly prices: 'raw' | 'adjusted';
        };
        scratch.write(kinds[kind].file, zip);
        return verdictOf(() => {
          if (kind === 'tick') drained(openLeanTicks({ ...stock, kind: BlockKind.TRADES, instrument: testInstrument(4) }));
          else {
            const options = {
              ...stock,
              resolution: 'minute',
              instrument: testInstrument(8),
              fromDate: '20131007',
              toDate: '20131007',
              prices,
            } as const;
            drained(kind === 'trade' ? openLeanBars(options) : openLeanQuoteBars(options));
          }
        });
      },
      close: () => scratch.close(),
    };
  },
};

export const FILE_TARGETS: readonly FuzzTarget[] = [csv, archive, zstandard, factors, lean];
