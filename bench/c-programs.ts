import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './child-process.ts';

/**
 * Plain gcc -O3. No -march: the same instructions on every machine of a kind. No contraction into fused multiply-add, which would change the last
 * bit of the averages and with it the fills (on x86-64 that is the default anyway).
 */
const FLAGS = ['-O3', '-ffp-contract=off', '-Wall', '-Wextra'];

/** For programs that look for a library when they run; glibc has it inside since 2.34. */
const LIBRARIES = ['-ldl'];

const LANGUAGES = {
  c: { compiler: 'gcc', folder: 'bench/c', ending: 'c', flags: ['-std=gnu11'] },
  cpp: { compiler: 'g++', folder: 'bench/cpp', ending: 'cpp', flags: ['-std=c++17'] },
} as const;
type Language = keyof typeof LANGUAGES;

export function compilerVersion(language: Language = 'c'): string | null {
  const { status, stdout } = spawnSync(LANGUAGES[language].compiler, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0]! : null;
}

/**
 * Compiles bench/c/NAME.c or bench/cpp/NAME.cpp.
 *
 * @returns the program, or null where there is no compiler
 * @throws Error with what the compiler says where it refuses
 */
export function buildCProgram(name: string, folder: string, language: Language = 'c'): string | null {
  if (compilerVersion(language) === null) return null;
  const { compiler, folder: sources, ending, flags } = LANGUAGES[language];
  const program = path.join(folder, name);
  const source = path.join(ROOT, sources, `${name}.${ending}`);
  const { status, stderr } = spawnSync(compiler, [...FLAGS, ...flags, source, '-o', program, ...LIBRARIES], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${compiler} refuses ${name}.${ending}:\n${stderr}`);
  return program;
}
