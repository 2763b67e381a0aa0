import { afterAll, describe, expect, it } from 'vitest';
import { problemOf, testInstrument } from '../../../../test/files-kit.ts';
import { mbo, mbp, metadata, type MetadataText, NO_PRICE, type RecordText, TEN } from './dbn.fixture.ts';
import { dbnDeltas, dbnQuotes, dbnTrades, makeDbnFolder } from './dbn-rows.fixture.ts';

const { write, remove } = makeDbnFolder();
afterAll(remove);

const START = metadata().length;
/** The second record starts here. */
const PLACE = `(record 2 at byte ${START + 56})`;

/** Code, column and value of the refusal of a second record, whose place the rule must name. */
function refusalOf(record: RecordText, decimals = 2): readonly unknown[] {
  const path = write(metadata(), mbo(), mbo({ orderId: 2n, ...record }));
  const { code, column, value, rule, file } = problemOf(() => dbnDeltas(path, { instrument: testInstrument(decimals, 0) }));
  expect(file).toBe(path);
  expect(rule).toContain(PLACE);
  return [code, column, value];
}

const withByte = (bytes: Buffer, at: number, value: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed[at] = value;
  return changed;
};

describe('a record of a DBN file is refused with its number and byte', () => {
  const records: readonly (readonly [string, RecordText, readonly unknown[]])[] = [
    ['for more decimals than the instrument has', { price: 4_750_255_000_000n }, ['NUMBER_TOO_PRECISE', 'price', '4750.255000000']],
    ['for a price below zero', { price: -250_000_000n }, ['NUMBER_NEGATIVE', 'price', '-0.250000000']],
    ['for the price zero', { price: 0n }, ['NUMBER_ZERO', 'price', '0.000000000']],
    ['for an order without a price', { price: NO_PRICE }, ['VALUE_MISSING', 'price', undefined]],
    ['for a quantity of zero', { size: 0 }, ['NUMBER_ZERO', 'size', '0']],
    ['for a quantity that is none', { size: 2 ** 32 - 1 }, ['VALUE_MISSING', 'size', undefined]],
    ['for an order number above 2^53 − 1', { orderId: 2n ** 53n }, ['NUMBER_OUT_OF_RANGE', 'order_id', '9007199254740992']],
    ['for a time that is none', { tsRecv: 2n ** 64n - 1n }, ['TIME_OUT_OF_RANGE', 'ts_recv', '18446744073709551615']],
    ['for an event at no time', { tsEvent: 2n ** 64n - 1n }, ['TIME_OUT_OF_RANGE', 'ts_event', '18446744073709551615']],
    ['for an unknown action', { action: 'X' }, ['RECORD_UNKNOWN', 'action', 'X']],
    ['for an unknown side', { side: 'S' }, ['SIDE_UNKNOWN', 'side', 'S']],
    ['for an order without a side', { side: 'N' }, ['SIDE_UNKNOWN', 'side', 'N']],
    ['for a level of a venue without orders', { flags: 128 + 64 }, ['RECORD_UNKNOWN', 'flags', '192']],
    ['for another type of record', { rtype: 0x17 }, ['RECORD_UNKNOWN', 'rtype', '0x17']],
    ['for an instrument without a symbol', { instrumentId: 9 }, ['SYMBOL_UNKNOWN', undefined, '9']],
    ['for coming before the one before', { tsRecv: TEN - 1000n }, ['TIME_BACKWARDS', undefined, String((TEN - 1000n) / 1000n)]],
  ];
  it.each(records)('%s', (_what, record, refusal) => {
    expect(refusalOf(record)).toEqual(refusal);
  });

  it('for numbers that 53 bits do not hold at the decimals of the instrument', () => {
    expect(refusalOf({ price: 9_007_199_254_741_000_000n }, 6)).toEqual(['NUMBER_OUT_OF_RANGE', 'price', '9007199254.741000000']);
    expect(refusalOf({ price: 9_007_199_254_740_991n }, 12)[0]).toBe('NUMBER_OUT_OF_RANGE');
    expect(refusalOf({ price: 9_007_199_254_741_000_001n }, 6)[0]).toBe('NUMBER_TOO_PRECISE');
    const path = write(metadata(), mbo({ size: 2 ** 31 }));
    expect(problemOf(() => dbnDeltas(path, { instrument: testInstrument(2, 9) })).code).toBe('NUMBER_OUT_OF_RANGE');
  });

  it('for an order of a snapshot that comes again, or a price of a side that its levels have twice', () => {
    const SNAPSHOT = 32;
    const first = mbo({ action: 'R', side: 'N', flags: SNAPSHOT });
    const order = (orderId: bigint, flags = SNAPSHOT): Buffer => mbo({ orderId, flags });
    // Record 5 starts behind four records of 56 bytes.
    const twice = write(metadata(), first, order(8n), order(9n), order(7n), order(9n));
    expect(problemOf(() => dbnDeltas(twice))).toMatchObject({ code: 'RECORD_DAMAGED', column: 'order_id', value: '9', file: twice });
    expect(problemOf(() => dbnDeltas(twice)).rule).toContain(`(record 5 at byte ${START + 4 * 56})`);
    // The next snapshot has its orders again.
    expect(dbnDeltas(write(metadata(), first, order(9n, SNAPSHOT + 128), first, order(9n, SNAPSHOT + 128)))).toHaveLength(4);
    const price = 4_750_250_000_000n;
    const empty = [NO_PRICE, NO_PRICE, 0, 0] as const;
    const levels = [[price, price + 250_000_000n, 1, 1], [price, NO_PRICE, 2, 0], ...Array.from({ length: 8 }, () => empty)] as const;
    const path = write(metadata({ schema: 2 }), mbp({ action: 'A', levels }));
    expect(problemOf(() => dbnDeltas(path))).toMatchObject({ code: 'RECORD_DAMAGED', column: 'bid_px', value: '4750.250000000' });
    expect(problemOf(() => dbnDeltas(path)).rule).toContain('record 1 at byte');
  });

  it('for a length that is not that of its schema, zero among them, and for ending behind the file', () => {
    const whole = Buffer.concat([metadata(), mbo(), mbo({ orderId: 2n })]);
    for (const words of [0, 3, 4, 13, 15, 255]) {
      const { code, column, value, rule } = problemOf(() => dbnDeltas(write(withByte(whole, START + 56, words))));
      expect([code, column, value]).toEqual(['RECORD_DAMAGED', 'length', String(words * 4)]);
      expect(rule).toContain(PLACE);
    }
    for (let length = START + 57; length < whole.length; length += 1) {
      const { code, rule } = problemOf(() => dbnDeltas(write(whole.subarray(0, length))));
      expect([code, rule.includes(PLACE)]).toEqual(['RECORD_DAMAGED', true]);
    }
  });

  it('for a time of sending that is not there, or that was not announced', () => {
    expect(problemOf(() => dbnDeltas(write(metadata({ hasSendTime: true }), mbo()))).code).toBe('RECORD_DAMAGED');
    expect(problemOf(() => dbnDeltas(write(metadata(), mbo({ sendTime: TEN })))).code).toBe('RECORD_DAMAGED');
  });

  it('for an action that its schema does not have', () => {
    expect(problemOf(() => dbnTrades(write(metadata({ schema: 4 }), mbp({ action: 'A' })))).code).toBe('RECORD_UNKNOWN');
  });

  it('for a trade without price, quantity or known side', () => {
    const codeOf = (trade: RecordText): string => problemOf(() => dbnTrades(write(metadata({ schema: 4 }), mbp(trade)))).code;
    expect([codeOf({ price: NO_PRICE }), codeOf({ size: 0 }), codeOf({ side: '?' })]).toEqual([
      'VALUE_MISSING',
      'NUMBER_ZERO',
      'SIDE_UNKNOWN',
    ]);
  });
});

describe('a DBN file is refused', () => {
  const codeOf = (bytes: Uint8Array): string => problemOf(() => dbnDeltas(write(bytes))).code;

  it('for another start, and for versions that there are not', () => {
    const whole = Buffer.concat([metadata(), mbo()]);
    expect(codeOf(Buffer.from('time,price\n1,2\n'))).toBe('RECORD_UNKNOWN');
    expect(codeOf(whole.subarray(0, 7))).toBe('RECORD_UNKNOWN');
    expect([0, 4, 255].map((version) => codeOf(withByte(whole, 3, version)))).toEqual(Array(3).fill('RECORD_UNKNOWN'));
  });

  it('for metadata that are cut short, or state what does not fit', () => {
    const whole = metadata();
    for (let length = 8; length < whole.length; length += 1) expect(codeOf(whole.subarray(0, length))).toBe('RECORD_DAMAGED');
    expect(codeOf(withByte(whole, 4, 90))).toBe('RECORD_DAMAGED');
    // Four billion symbols of no length would be read for ever.
    const countless = withByte(withByte(whole, 8 + 45, 0), 8 + 107, 255);
    expect(problemOf(() => dbnDeltas(write(countless))).rule).toContain('states symbols of 0 bytes');
    // The symbols' length, the definition of the schema, the count of symbols, the count of mappings.
    for (const at of [8 + 45, 8 + 100, 8 + 107, 8 + 104 + 4 + 71 + 8 + 3]) expect(codeOf(withByte(whole, at, 1))).toBe('RECORD_DAMAGED');
  });

  it('for mappings of no day, to no number, and between two kinds of names', () => {
    const of = (options: MetadataText): string => codeOf(Buffer.concat([metadata(options), mbo()]));
    const mapping = (from: number, id: string): MetadataText => ({ mappings: [{ symbol: 'X', intervals: [[from, 20240104, id]] }] });
    expect([of(mapping(20240230, '7')), of(mapping(20240102, 'seven')), of({ stypeIn: 1, stypeOut: 1 })]).toEqual(
      Array(3).fill('RECORD_DAMAGED'),
    );
  });

  it('for a schema that is not read, a live stream, or a kind that its schema does not have', () => {
    const refusal = (schema: number): readonly unknown[] => {
      const { code, value } = problemOf(() => dbnDeltas(write(metadata({ schema }))));
      return [code, value];
    };
    expect(refusal(9)).toEqual(['RECORD_UNKNOWN', 'definition']);
    expect(refusal(14)).toEqual(['RECORD_UNKNOWN', 'cmbp-1']);
    expect(refusal(0xffff)).toEqual(['RECORD_UNKNOWN', 'mixed (a live stream)']);
    expect(refusal(77)).toEqual(['RECORD_UNKNOWN', 'number 77']);
    expect(refusal(4)).toEqual(['KIND_UNSUPPORTED', 'book-deltas']);
    expect(problemOf(() => dbnQuotes(write(metadata({ schema: 0 })))).rule).toBe(
      'Files of the schema mbo are read as book-deltas or trades.',
    );
  });

  it('for a symbol it does not have, and for several of which none was chosen', () => {
    const one = write(metadata(), mbo());
    expect(problemOf(() => dbnDeltas(one, { symbol: 'ESM4' })).rule).toBe('The file has ESH4.');
    const unmapped = write(metadata({ mappings: [] }), mbo(), mbo({ instrumentId: 8 }));
    const { code, rule } = problemOf(() => dbnDeltas(unmapped));
    expect([code, rule]).toEqual(['SYMBOL_UNKNOWN', expect.stringContaining('is of instrument 8, and those before it are of 7')]);
    expect(problemOf(() => dbnDeltas(unmapped, { symbol: 'ESH4' })).code).toBe('SYMBOL_UNKNOWN');
    const many = Array.from({ length: 25 }, (_, n) => ({ symbol: `S${n}`, intervals: [[20240102, 20240104, String(n)]] as const }));
    expect(problemOf(() => dbnDeltas(write(metadata({ mappings: many })))).rule).toContain('S9 and 15 more');
    // The second file is of another symbol than the first.
    const other = write(metadata({ mappings: [{ symbol: 'ESM4', intervals: [[20240102, 20240104, '7']] }] }), mbo());
    const { code: second, file } = problemOf(() => dbnDeltas([one, other]));
    expect([second, file]).toEqual(['SYMBOL_UNKNOWN', other]);
  });
});
