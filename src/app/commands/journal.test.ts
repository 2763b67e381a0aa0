import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/files-kit.ts';
import { openJournal } from '../../adapters/journal/open-journal.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const scratch = makeFolder();
afterAll(() => scratch.remove());

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function quanthybrid(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'src/app/main.ts', 'journal', ...args], { cwd: ROOT });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
  });
}

/** 40 records in batches of 10, payloads of 104 bytes: two batches a segment. */
function journalIn(name: string): string {
  const folder = path.join(scratch.path, name);
  const journal = openJournal(folder, { segmentBytes: 4096 });
  for (let sequence = 1; sequence <= 40; sequence += 1) {
    journal.append(1 + (sequence % 2), sequence, new TextEncoder().encode(`{"n":${sequence}}`.padEnd(104)));
    if (sequence % 10 === 0) journal.commit();
  }
  journal.saveSnapshot(40, new Uint8Array(3));
  journal.close();
  return folder;
}

function flip(file: string, position: number): void {
  const bytes = readFileSync(file);
  bytes[position]! ^= 1;
  writeFileSync(file, bytes);
}

describe('quanthybrid journal', () => {
  it('verify says that a good journal is as it was written, and info what is there', async () => {
    const folder = journalIn('good');
    expect(await quanthybrid('verify', folder)).toEqual({
      status: 0,
      out: '2 segments, 40 records (1 to 40), 1 snapshot: everything is as it was written.\n',
      err: '',
    });
    const info = await quanthybrid('info', folder, '--json');
    expect([info.status, JSON.parse(info.out)]).toMatchObject([
      0,
      {
        firstSequence: 1,
        lastSequence: 40,
        segments: [{ firstSequence: 1 }, { firstSequence: 21 }],
        snapshots: [{ sequence: 40 }],
        tail: null,
      },
    ]);
  });

  it('takes the folder of a session too', async () => {
    journalIn('session/journal');
    const session = path.join(scratch.path, 'session');
    expect(await quanthybrid('verify', session)).toMatchObject({ status: 0, err: '' });
    const exported = await quanthybrid('export', session, '--to', '1');
    expect([exported.status, exported.out.split('\n').length]).toEqual([0, 2]);
  });

  it('export prints a range and a kind of records', async () => {
    const { status, out } = await quanthybrid('export', journalIn('range'), '--from', '19', '--to', '24', '--kind', '1');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly sequence: number });
    expect([status, lines]).toEqual([0, [20, 22, 24].map((n) => ({ sequence: n, kind: 1, ts: n, payload: { n } }))]);
  });

  it('verify names the damage and ends with 2; export prints what lies before it', async () => {
    const folder = journalIn('damaged');
    // In the second batch of the last segment, which begins at 96 + 56 + 10 × 128 = 1432 with record 31.
    flip(path.join(folder, '0000000000000021.journal'), 1500);
    const verified = await quanthybrid('verify', folder);
    expect([verified.status, verified.out]).toEqual([2, '']);
    expect(verified.err).toMatch(/^error: .*0021\.journal, byte 1432, from record 31 on: .*\[JOURNAL_DAMAGED\]\n$/);
    const exported = await quanthybrid('export', folder);
    expect([exported.status, exported.out.trim().split('\n').length]).toEqual([2, 30]);
    expect(exported.err).toContain('[JOURNAL_DAMAGED]');
  });

  it('verify ends with 2 for a damaged snapshot, and with 0 for an unfinished batch at the end', async () => {
    const folder = journalIn('snapshot');
    flip(path.join(folder, '0000000000000040.snapshot'), 81);
    const { status, out, err } = await quanthybrid('verify', folder);
    expect([status, out]).toEqual([2, expect.stringContaining('the records are as they were written, a snapshot is not')]);
    expect(err).toContain('[JOURNAL_SNAPSHOT_DAMAGED]');
    const torn = journalIn('torn');
    flip(path.join(torn, '0000000000000021.journal'), 4000);
    const verified = await quanthybrid('verify', torn);
    expect([verified.status, verified.out]).toEqual([0, expect.stringContaining('everything is as it was written')]);
    expect(verified.err).toContain('no commit had acknowledged');
  });

  it.each([
    ['a folder that is not there', ['verify', path.join(scratch.path, 'none')], 'JOURNAL_NOT_FOUND'],
    ['a folder without a journal', ['export', scratch.path], 'JOURNAL_NOT_FOUND'],
    ['a number that is none', ['export', scratch.path, '--from', 'x'], 'OPTION_INVALID'],
    ['an end before the beginning', ['export', scratch.path, '--from', '9', '--to', '3'], 'OPTION_INVALID'],
  ])('%s is refused with what to do', async (_what, args, code) => {
    const { status, out, err } = await quanthybrid(...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(new RegExp(`^error: .*\\. .*\\. ?\\[${code}\\]\\n$`));
  });
});
