import { MeasuredProgram } from '../child-process.ts';
import { type BenchContext, type BenchRow, type BenchRowMaker, comparedRow, figure, NO_COMPILER, rateText, skippedRow } from '../row.ts';
import { compare } from '../rounds.ts';
import { columnFiles, TICK_ROWS } from '../tick-store.ts';
import { BLOCK_ROWS } from '../../src/model/blocks.ts';

async function loadAgainstC(context: BenchContext, name: string, way: 'plain' | 'checksums', gate: number | null): Promise<BenchRow> {
  const program = context.cProgram('load');
  if (program === null) return skippedRow(name, gate, NO_COMPILER);
  const root = await context.ticksRoot();
  const files = columnFiles(root);
  const priceColumn = files.findIndex((file) => file.name === 'price');
  const columns = files.flatMap((file) => [String(file.width), file.file]);
  const control = await MeasuredProgram.start(program, [String(TICK_ROWS), String(BLOCK_ROWS), String(priceColumn), ...columns]);
  const subject = await MeasuredProgram.startNode('load.ts', [root, way]);
  const passes = way === 'plain' ? 3 : 1;
  try {
    const compared = await compare({
      subject: () => subject.round(TICK_ROWS, passes),
      control: () => control.round(TICK_ROWS, 3),
      isSame: (a, b) => Number(a.checksum) === Number(b.checksum),
      onRound: (done, kept) => context.say(`${name}: ${done} rounds, ${kept} count`),
    });
    const bytes = files.reduce((sum, file) => sum + file.width, 0) * TICK_ROWS;
    const gigabytes = (ns: number): string => `${figure(bytes / ns)} GB/s`;
    const detail = `${rateText(TICK_ROWS, compared.subjectNs)}, ${gigabytes(compared.subjectNs)}; C ${gigabytes(compared.controlNs)}; same sum of prices`;
    return comparedRow(name, compared, gate, null, detail);
  } finally {
    await Promise.all([subject.stop(), control.stop()]);
  }
}

export const LOAD_C: BenchRowMaker = { name: 'load/c', measure: (context) => loadAgainstC(context, 'load/c', 'plain', 0.8) };

export const LOAD_CHECKSUMS_C: BenchRowMaker = {
  name: 'load-with-checksums/c',
  measure: (context) => loadAgainstC(context, 'load-with-checksums/c', 'checksums', null),
};
