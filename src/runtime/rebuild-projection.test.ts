import { describe, expect, it } from 'vitest';
import { FACTS, outputWith } from '../model/session-output.fixture.ts';
import type { SessionOutput } from '../model/session-output.ts';
import type { OutputBatch, SessionProjection } from '../ports/session-projection.ts';
import type { SessionReplay } from '../ports/session-replay.ts';
import { WRITER_BATCH_ROWS_MAX } from './batch-writer.ts';
import { rebuildProjection } from './rebuild-projection.ts';

class Written implements SessionProjection {
  readonly did: string[] = [];
  readonly batches: OutputBatch[] = [];

  async position(): Promise<number> {
    return 0;
  }

  async apply(batch: OutputBatch): Promise<number> {
    this.did.push(`apply ${batch.after} ${batch.upTo}`);
    this.batches.push(batch);
    return batch.upTo;
  }

  async forget(): Promise<void> {
    this.did.push('forget');
  }

  async end(ts: number): Promise<void> {
    this.did.push(`end ${ts}`);
  }
}

function replayOf(outputs: readonly SessionOutput[]): SessionReplay {
  return {
    facts: FACTS,
    end: outputs.length + 1,
    outputsFrom: async function* (sequence) {
      yield* outputs.slice(sequence - 2);
    },
    close: async () => {},
  };
}

function large(sequence: number): SessionOutput {
  const equity = Array.from({ length: WRITER_BATCH_ROWS_MAX / 2 }, (_, ts) => ({ account: 0, ts, amount: 1n }));
  return outputWith(sequence, { equity });
}

describe('rebuilding', () => {
  it('forgets first, then writes everything in batches, the empty end included', async () => {
    const written = new Written();
    const seen: number[] = [];
    const outputs = [large(2), large(3), outputWith(4), large(5), outputWith(6), outputWith(7)];
    expect(await rebuildProjection(replayOf(outputs), written, (sequence) => seen.push(sequence))).toBe(7);
    expect(written.did).toEqual(['forget', 'apply 1 3', 'apply 3 7', 'end 1000007']);
    expect(written.batches.map((batch) => batch.outputs.map(({ sequence }) => sequence))).toEqual([[2, 3], [5]]);
    expect(seen).toEqual([3, 7]);
  });

  it('an empty journal leaves nothing', async () => {
    const written = new Written();
    expect(await rebuildProjection(replayOf([]), written)).toBe(1);
    expect(written.did).toEqual(['forget', `end ${FACTS.startedTs}`]);
  });

  it('a replay with a hole is a defect, and stops', async () => {
    await expect(rebuildProjection(replayOf([outputWith(2), outputWith(4)]), new Written())).rejects.toThrow('output 4 was read after 2');
  });
});
