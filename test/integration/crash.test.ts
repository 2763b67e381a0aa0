import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

function crash(args: readonly string[]): Promise<{ readonly status: number | null; readonly out: string; readonly err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/task.mjs', 'crash', ...args], { cwd: ROOT });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
  });
}

describe('npm run crash', () => {
  it('INV-11, INV-12, S-69: kills processes at system calls and at random times, fails their disk, and finds everything acknowledged', {
    timeout: 180_000,
  }, async () => {
    const { status, out, err } = await crash(['--points', '60', '--seed', '1']);
    const lines = out.trim().split('\n');
    expect([status, lines[0], lines.at(-1)]).toEqual([0, 'seed 1', 'nothing acknowledged was lost']);
    expect(lines[1]).toMatch(/^simulated disk: [1-9]\d* crashes, .*; 0 failed$/);
    // Where there is no strace, or it may not trace, the line says so.
    expect(lines[2]).toMatch(/^system calls: (\d+ killed, .*; 0 failed|skipped: \S.*)$/);
    expect(lines[3]).toBe('kill -9: 2 killed at random times, 0 not; 0 failed');
    expect(err).toContain('disk: 60 of 60');
  });

  it('refuses arguments that make no sense', { timeout: 60_000 }, async () => {
    const { status, err } = await crash(['--points', 'many']);
    expect([status, err.split('\n')[0]]).toEqual([2, 'Usage: npm run crash -- [--points N] [--seed S] [--only disk|calls|kills]']);
  });
});
