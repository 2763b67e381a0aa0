import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { sharedDataFolder } from '../../reference/shared-data.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import { InputError } from '../../src/ports/errors.ts';
import { makeFolder, testInstrument } from '../files-kit.ts';
import { plainFrame } from '../../src/adapters/files/zstandard.fixture.ts';
import { mbo, mbp, metadata } from '../../src/adapters/files/recordings/dbn.fixture.ts';
import { openDbn } from '../../src/adapters/files/recordings/dbn-reader.ts';

const folder = makeFolder();
afterAll(folder.remove);

const SAMPLES = `${sharedDataFolder()}/dbn-samples/`;
const levels = Array.from({ length: 10 }, (_, n) => [BigInt(100 - n) * 10_000_000n, BigInt(101 + n) * 10_000_000n, 3, 4] as const);
const orders = Buffer.concat([
  metadata(),
  ...[1n, 2n, 3n, 4n].map((orderId) => mbo({ orderId })),
  mbo({ action: 'C' }),
  mbo({ action: 'T' }),
]);
const files: readonly Uint8Array[] = [
  orders,
  plainFrame(orders),
  plainFrame(orders, { hasChecksum: false, hasSize: false }),
  Buffer.concat([metadata({ version: 1, schema: 4 }), mbp(), mbp()]),
  Buffer.concat([metadata({ version: 2, schema: 2 }), mbp({ action: 'A', levels }), mbp({ levels })]),
  Buffer.concat([metadata({ schema: 1 }), mbp({ action: 'A', levels: levels.slice(0, 1) })]),
  ...(existsSync(SAMPLES) ? readdirSync(SAMPLES).map((name) => readFileSync(SAMPLES + name)) : []),
];

/** A record brings at most 21 rows, and a file of this size has at most so many. */
const ROWS_MAX = 10_000;

/** Reads a file to its end; how many rows, or the code that it is refused with. Any other exception passes through. */
function outcomeOf(bytes: Uint8Array, kind: (typeof KINDS)[number]): number | string {
  const path = folder.write('any.dbn', bytes);
  try {
    const reader = openDbn({ path, kind, instrument: testInstrument(2), rowsPerBlock: 7 });
    let rows = 0;
    for (let block = reader.next(); block !== null && rows < ROWS_MAX; block = reader.next()) rows += block.length;
    return rows;
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]!.code;
    throw error;
  }
}

const KINDS = [BlockKind.BOOK_DELTAS, BlockKind.TRADES, BlockKind.QUOTES] as const;

describe('a damaged DBN file', () => {
  it('is refused with a code, or read to an end, wherever bytes are changed and wherever it is cut', () => {
    const change = fc.record({ at: fc.nat(2 ** 20), to: fc.nat(255) });
    const damage = fc.record({
      file: fc.nat(files.length - 1),
      kind: fc.constantFrom(...KINDS),
      changes: fc.array(change, { maxLength: 4 }),
      cut: fc.option(fc.nat(2 ** 20)),
    });
    const refused = new Set<string>();
    fc.assert(
      fc.property(damage, ({ file, kind, changes, cut }) => {
        const whole = Uint8Array.from(files[file]!);
        for (const { at, to } of changes) whole[at % whole.length] = to;
        const outcome = outcomeOf(cut === null ? whole : whole.subarray(0, cut % (whole.length + 1)), kind);
        if (typeof outcome === 'string') refused.add(outcome);
        else expect(outcome).toBeLessThan(ROWS_MAX);
      }),
      { numRuns: 1200, seed: 20_231_225 },
    );
    for (const code of ['RECORD_DAMAGED', 'RECORD_UNKNOWN', 'ARCHIVE_DAMAGED', 'KIND_UNSUPPORTED']) expect(refused).toContain(code);
  });

  it('cut at any byte of two records is refused, except where one ends', () => {
    const start = metadata().length;
    for (let length = start; length <= start + 112; length += 1) {
      const isWhole = length >= start && (length - start) % 56 === 0;
      const outcome = outcomeOf(orders.subarray(0, length), BlockKind.BOOK_DELTAS);
      expect(typeof outcome).toBe(isWhole ? 'number' : 'string');
    }
  });
});
