import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, problemOf, zipOf } from '../../../../test/files-kit.ts';
import { BLOCK_ROWS } from '../../../model/blocks.ts';
import type { InputProblem } from '../../../ports/errors.ts';
import { AT, INSTRUMENT, recordingsIn, snapshot, spotDiff, trade } from './binance-messages.fixture.ts';
import { ES, mbo, metadata } from './dbn.fixture.ts';
import { openRecording } from './open-recording.ts';
import { BOOK_DELTAS, drain, TRADES } from './recorded-rows.fixture.ts';
import { RECORDING_FORMATS, type RecordingFormat } from './recording-format.ts';
import type { OpenRecordingOptions } from './recording-reader.ts';
import { SYMBOL_SEARCH_MAX } from './symbols-text.ts';

const folder = makeFolder();
afterAll(folder.remove);
const { fileOf } = recordingsIn(folder);

function refusal(format: RecordingFormat, path: string | readonly string[], more: Partial<OpenRecordingOptions> = {}): InputProblem {
  return problemOf(() => drain(openRecording({ format, path, kind: BOOK_DELTAS, instrument: INSTRUMENT, ...more })));
}

const BYBIT =
  '{"topic":"orderbook.50.XRPUSDT","type":"snapshot","ts":1733011200691,"data":{"s":"XRPUSDT","b":[["2","1"]],"a":[],"u":1,"seq":1}}\n';
const HYPERLIQUID = `${AT} {"channel":"l2Book","data":{"coin":"BTC","time":1,"levels":[[],[]]}}\n`;
const DEPTH = 'symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\nX,1667300000000,1,1,b,snap,1,1,-1\n';
const TARDIS = 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount\nv,X,1600000000000000,1600000000000001,,buy,5,1\n';
const BITSTAMP = 'id,timestamp,exchange.timestamp,price,volume,action,direction\n1,1430438400000,1430438400000,236,100000000,created,bid\n';

/** A file of each format by its name, and what a message says of it. */
const FILES: Readonly<Record<RecordingFormat, { readonly file: string; readonly says: string }>> = {
  binance: { file: folder.write('binance.txt', `${AT} ${JSON.stringify(trade(1))}\n`), says: 'has messages of Binance' },
  'binance-depth-csv': { file: folder.write('depth.csv', DEPTH), says: "is a table of Binance's historical depth" },
  bybit: { file: folder.write('bybit.zip', zipOf({ 'xrp.data': BYBIT })), says: 'has messages of an order book of Bybit' },
  hyperliquid: { file: folder.write('hyperliquid.txt', HYPERLIQUID), says: 'has messages of Hyperliquid' },
  databento: { file: folder.write('es.dbn', Buffer.concat([metadata({ mappings: [ES] }), mbo()])), says: 'is a DBN file of Databento' },
  tardis: { file: folder.write('tardis.csv', TARDIS), says: 'is a table of Tardis' },
  bitstamp: { file: folder.write('bitstamp.csv', BITSTAMP), says: 'is a log of Bitstamp orders' },
};
const WRONG = RECORDING_FORMATS.flatMap((format) =>
  RECORDING_FORMATS.filter((other) => other !== format).map((is) => [format, is] as const),
);

describe('a recording of another format than was stated', () => {
  it.each(WRONG)('of %s is told to be of %s, and what to write', (format, is) => {
    const { file, says } = FILES[is];
    const problem = refusal(format, file);
    expect([problem.code, problem.file?.startsWith(file), problem.line]).toEqual(['RECORDING_FORMAT_WRONG', true, 1]);
    expect(problem.rule).toContain(`The file ${says}`);
    expect(problem.rule).toContain(`not what the format ${format} reads`);
    expect(problem.fix).toBe(`Write format: ${is} under recording: (--recording ${is} with data import).`);
  });

  it('is told also where the stated format lacks the kind of rows, and where it is a later file of a list', () => {
    expect(refusal('bybit', FILES.binance.file, { kind: TRADES }).code).toBe('RECORDING_FORMAT_WRONG');
    const later = refusal('bybit', [FILES.bybit.file, FILES.hyperliquid.file]);
    expect([later.code, later.file]).toEqual(['RECORDING_FORMAT_WRONG', FILES.hyperliquid.file]);
  });

  it('is told to be a table where it is one of none, and messages without their times to be that', () => {
    const table = refusal('binance', folder.write('bars.csv', 'time,open,high,low,close\n1,2,3,4,5\n'));
    expect([table.code, table.fix]).toEqual(['RECORDING_FORMAT_WRONG', expect.stringContaining('csv: in place of recording:')]);
    const untimed = refusal('binance', folder.write('untimed.txt', `${JSON.stringify(trade(1))}\n`));
    expect([untimed.code, untimed.rule]).toEqual([
      'RECORDING_FORMAT_WRONG',
      expect.stringContaining('has messages of Binance without the time at which each came'),
    ]);
  });

  it('is not suspected where a file is of its format and damaged, or like nothing that is known', () => {
    expect(refusal('binance', fileOf([trade(1), '[1]']), { kind: TRADES }).code).toBe('RECORD_DAMAGED');
    expect(refusal('binance', folder.write('cut.txt', `${AT} ${JSON.stringify(trade(1))}\n`.slice(3))).code).toBe('RECORD_DAMAGED');
    expect(refusal('tardis', folder.write('other.csv', TARDIS.replace('exchange,', 'venue,'))).code).not.toBe('RECORDING_FORMAT_WRONG');
  });
});

describe('files of a recording in the wrong order of time', () => {
  const line = (ns: bigint, message: object): string => `${ns} ${JSON.stringify(message)}\n`;

  it('are told when each begins and in which order to give them', () => {
    // AT is 2024-08-08T23:54:15.030314667Z; an hour later is 2024-08-09T00:54:15.
    const early = folder.write('b.txt', line(AT, trade(1)));
    const late = folder.write('a.txt', line(AT + 3_600_000_000_000n, trade(2)));
    const problem = refusal('binance', [late, early], { kind: TRADES });
    expect([problem.code, problem.file, problem.line]).toEqual(['TIME_BACKWARDS', early, 1]);
    expect(problem.rule).toBe(
      'The files are not in order of time: a.txt begins 2024-08-09T00:54:15.030314Z, b.txt begins 2024-08-08T23:54:15.030314Z.',
    );
    expect(problem.fix).toBe('Give them in this order: b.txt, a.txt.');
  });

  it.each([
    ['bybit', BYBIT, BYBIT.replace('1733011200691', '1733011100691')],
    ['tardis', TARDIS, TARDIS.replaceAll('1600000000', '1500000000')],
    ['binance-depth-csv', DEPTH, DEPTH.replace('1667300000000', '1667200000000').replace(',1,1,b', ',2,2,b')],
  ] as const)('is told for %s', (format, late, early) => {
    const paths = [folder.write('late', late), folder.write('early', early)];
    const kind = format === 'tardis' ? TRADES : BOOK_DELTAS;
    expect(refusal(format, paths, { kind }).fix).toBe('Give them in this order: early, late.');
  });

  it('is not told where one file falls back in time, and no advice speaks of options that recordings lack', () => {
    const back = folder.write('back.txt', `${line(AT, trade(1))}${line(AT - 5000n, trade(2))}`);
    const problem = refusal('binance', back, { kind: TRADES });
    expect([problem.code, problem.line, problem.fix.includes('onDefect')]).toEqual(['TIME_BACKWARDS', 2, false]);
    const after = folder.write('after.txt', line(AT - 1000n, trade(3)));
    const overlapping = refusal('binance', [folder.write('whole.txt', `${line(AT - 9000n, trade(1))}${line(AT, trade(2))}`), after], {
      kind: TRADES,
    });
    expect(overlapping.fix).toMatch(/may not overlap/);
  });
});

describe('a recording of several symbols of which none was chosen', () => {
  const names = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `S${at}USDT`);
  const trades = (symbols: readonly string[]): string =>
    fileOf(symbols.map((symbol, at) => trade(at + 1, { s: symbol }, `${symbol.toLowerCase()}@trade`)));

  it('names them all where they are ten, and where the second stands', () => {
    const problem = refusal('binance', trades([...names(1), ...names(10), ...names(10)]), { kind: TRADES });
    expect([problem.code, problem.line, problem.value]).toEqual(['SYMBOL_UNKNOWN', 3, 'S1USDT']);
    expect(problem.rule).toBe(`The recording has ${names(10).join(', ')}, and none was chosen.`);
  });

  it('names ten of more, and how many more', () => {
    const problem = refusal('binance', trades(names(13)), { kind: TRADES });
    expect(problem.rule).toBe(`The recording has ${names(10).join(', ')} and 3 more, and none was chosen.`);
    const rows = names(13).map((symbol) => `v,${symbol},1,2,,buy,5,1\n`);
    const table = folder.write('many.csv', `exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n${rows.join('')}`);
    const inTable = refusal('tardis', table, { kind: TRADES });
    expect([inTable.line, inTable.value]).toEqual([3, 'S1USDT']);
    expect(inTable.rule).toBe(
      `The rows before this one have the symbol S0USDT; there are ${names(10).join(', ')} and 3 more, and none was chosen.`,
    );
  });

  it('gives no row behind the second, so that no run ends in good order between it and the refusal', () => {
    const path = trades(['BTCUSDT', 'ETHUSDT', ...Array.from({ length: BLOCK_ROWS + 1 }, () => 'BTCUSDT')]);
    const reader = openRecording({ format: 'binance', path, kind: TRADES, instrument: INSTRUMENT });
    expect(problemOf(() => reader.next()).code).toBe('SYMBOL_UNKNOWN');
  });

  it('is not read to its end for that', () => {
    // The symbol of the last line comes after as many lines as are looked at.
    const few = [...names(11), ...Array.from({ length: SYMBOL_SEARCH_MAX - 9 }, () => 'S1USDT')];
    const problem = refusal('binance', trades([...few, 'LATEUSDT']), { kind: TRADES });
    expect(problem.rule).toBe(`The recording has ${names(10).join(', ')} and at least 1 more, and none was chosen.`);
  });
});

describe('a symbol that a recording does not have', () => {
  it('is told the symbols that it has', () => {
    const path = fileOf([trade(1), trade(9, { s: 'ETHUSDT' }, 'ethusdt@trade'), trade(2)]);
    const problem = refusal('binance', path, { kind: TRADES, symbol: 'btcusdt' });
    expect([problem.code, problem.value, problem.file]).toEqual(['SYMBOL_UNKNOWN', 'btcusdt', path]);
    expect(problem.rule).toContain('it has BTCUSDT, ETHUSDT.');
  });

  it('is told the one that it has, though a snapshot does not say whose it is', () => {
    const problem = refusal('binance', fileOf([snapshot(6), spotDiff(7, 9)]), { symbol: 'btcusdt' });
    expect([problem.code, problem.value, problem.fix]).toEqual(['SYMBOL_UNKNOWN', 'btcusdt', 'Write symbol: BTCUSDT, or take symbol out.']);
    expect(refusal('bybit', FILES.bybit.file, { symbol: 'XRP' }).fix).toBe('Write symbol: XRPUSDT, or take symbol out.');
  });
});
