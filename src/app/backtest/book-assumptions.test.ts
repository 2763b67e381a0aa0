import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/files-kit.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { bookAssumptions } from './book-assumptions.ts';
import { dataStreams } from './data-streams.ts';
import { runInstruments } from './run-instruments.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

const RUN = `period: { from: 2024-01-01, to: 2024-01-02 }
instruments: [{ id: AAA.X, kind: equity, quote: USD, fees: { kind: none } }]
accounts: [{ balances: { USD: 10000 } }]
data:
  - { kind: book-deltas, generated: { market: agents, seed: 1, startPrice: 100 } }
  - { kind: trades, generated: { market: agents, seed: 1, startPrice: 100 } }
strategies: [{ use: market-making }]
`;

function assumedWith(...overrides: readonly string[]): readonly string[] {
  const loaded = readRunFile(folder.write('run.yaml', RUN), overrides);
  const { from, to } = loaded.run.period!;
  const { instruments } = runInstruments(loaded);
  return bookAssumptions(loaded, instruments[0]!, dataStreams(loaded, instruments, { fromTs: from!, toTs: to! }));
}

describe('what is assumed of a book', () => {
  it('is, of a made-up one with halts, that orders trade in them', () => {
    const told = [
      'AAA.X: its halts are not told to strategies, and the venue of the run does not keep them: orders trade against the book that stands meanwhile.',
    ];
    expect(assumedWith('data.0.generated.halts.perDay=2')).toEqual(told);
    expect(assumedWith('data.0.generated.halts.at=[2024-01-01T12:00:00Z]')).toEqual(told);
  });

  it('is nothing of halts where there are none', () => {
    expect(assumedWith()).toEqual([]);
    expect(assumedWith('data.0.generated.halts.perDay=0')).toEqual([]);
  });
});
