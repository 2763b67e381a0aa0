import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** A tool takes seconds; on a busy machine a multiple of that. */
export const TOOL_TIMEOUT_MS = 120_000;

const RULES = [
  '.dependency-cruiser.mjs',
  'eslint.config.mjs',
  'biome.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'scripts/house',
];

/** A folder with the real rules of this repository and none of its sources: what is written into it is judged as if it were ours. */
export class ScratchTree {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-house-'));

  constructor() {
    for (const file of RULES) cpSync(path.join(ROOT, file), path.join(this.folder, file), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.folder, 'node_modules'), 'junction');
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
    writeFileSync(path.join(this.folder, file), text);
  }

  /** Runs a package's program inside the tree; its exit status does not matter, what it prints does. */
  run(packageName: string, binary: string, programArguments: readonly string[]): Promise<string> {
    const folder = path.join(ROOT, 'node_modules', packageName);
    const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { bin: string | Record<string, string> };
    const program = path.join(folder, typeof bin === 'string' ? bin : bin[binary]!);
    return new Promise((resolve, reject) => {
      const options = { cwd: this.folder, maxBuffer: 1 << 26 };
      execFile(process.execPath, [program, ...programArguments], options, (error, stdout, stderr) => {
        if (error !== null && stdout === '') reject(new Error(`${packageName} printed nothing: ${stderr}`, { cause: error }));
        else resolve(stdout);
      });
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
