import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './child-process.ts';

/**
 * Plain gcc -O3. No -march: the same instructions on every machine of a kind. No contraction into fused multiply-add, which would change the last
 * bit of the averages and with it the fills (on x86-64 that is the default anyway).
 */
const FLAGS = ['-O3', '-std=gnu11', '-ffp-contract=off', '-Wall', '-Wextra'];

export function compilerVersion(): string | null {
  const { status, stdout } = spawnSync('gcc', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0]! : null;
}

/**
 * Compiles bench/c/NAME.c.
 *
 * @returns the program, or null where there is no gcc
 * @throws Error with what the compiler says where it refuses
 */
export function buildCProgram(name: string, folder: string): string | null {
  if (compilerVersion() === null) return null;
  const program = path.join(folder, name);
  const { status, stderr } = spawnSync('gcc', [...FLAGS, path.join(ROOT, 'bench/c', `${name}.c`), '-o', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`gcc refuses ${name}.c:\n${stderr}`);
  return program;
}
