import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { answerRounds } from './rounds-protocol.ts';
import { openJournal } from '../../src/adapters/journal/open-journal.ts';
import type { Journal } from '../../src/ports/journal.ts';

/*
 * journal.ts FOLDER SEGMENT_BYTES BATCH WAY: appends and commits what c/journal.c writes. WAY `whole`: time of all appends and commits; `commits`: median time
 * of a commit.
 */
const [folder, segmentText, batchText, way] = process.argv.slice(2) as [string, string, string, 'whole' | 'commits'];
const segmentBytes = Number(segmentText);
const batchRows = Number(batchText);
const id = Uint8Array.from({ length: 16 }, (_, at) => at + 1);
const RECORD_BYTES = 64;

function appendBatch(journal: Journal, payload: Uint8Array, from: number, to: number): void {
  for (let sequence = from; sequence <= to; sequence += 1) {
    payload[0] = sequence;
    journal.append(1 + (sequence & 7), 1_700_000_000_000_000 + sequence, payload);
  }
}

/** All rows in batches; the time of each commit goes to `times`. */
function run(journal: Journal, rows: number, times: number[]): void {
  const payload = Uint8Array.from({ length: 40 }, (_, at) => at * 7);
  for (let from = 1; from <= rows; from += batchRows) {
    appendBatch(journal, payload, from, Math.min(rows, from + batchRows - 1));
    const since = process.hrtime.bigint();
    journal.commit();
    times.push(Number(process.hrtime.bigint() - since));
  }
}

await answerRounds((rows) => {
  rmSync(folder, { recursive: true, force: true });
  const journal = openJournal(folder, { segmentBytes, id });
  const times: number[] = [];
  const since = process.hrtime.bigint();
  run(journal, rows, times);
  const ns = Number(process.hrtime.bigint() - since);
  const file = readFileSync(path.join(folder, '0000000000000001.journal'));
  journal.close();
  const end = 96 + Math.ceil(rows / batchRows) * 56 + rows * RECORD_BYTES;
  times.sort((a, b) => a - b);
  const checksum = createHash('sha256').update(file.subarray(0, end)).digest('hex');
  return { ns: way === 'whole' ? ns : times[times.length >> 1]!, checksum };
});
