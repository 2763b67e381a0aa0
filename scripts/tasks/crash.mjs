import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CACHE, ensureInstalled, ROOT } from '../house/prepare.mjs';
import { runTypeScript } from '../house/run-ts.mjs';

/** `npm run crash`: crashes journals at points of a simulated disk, at system calls and at random times; see docs/concepts/journal.md. */
export async function run(taskArguments) {
  await ensureInstalled();
  const { bundleProgram } = await import('../house/bundle.mjs');
  const child = path.join(CACHE, 'run', `journal-child-${process.pid}.mjs`);
  mkdirSync(path.dirname(child), { recursive: true });
  await bundleProgram(path.join(ROOT, 'test/crash/journal-child.ts'), child);
  process.on('exit', () => rmSync(child, { force: true }));
  await runTypeScript('test/crash/main.ts', ['--child', child, ...taskArguments]);
}
