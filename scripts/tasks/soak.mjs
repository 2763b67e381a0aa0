import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CACHE, ensureBuilt, ensureInstalled, ROOT } from '../house/prepare.mjs';
import { runTypeScript } from '../house/run-ts.mjs';

/** `npm run soak`: a session under load for a while, with clients that do not read; see docs/concepts/load.md. */
export async function run(taskArguments) {
  await ensureInstalled();
  await ensureBuilt();
  const { bundleProgram } = await import('../house/bundle.mjs');
  const child = path.join(CACHE, 'run', `soak-clients-${process.pid}.mjs`);
  mkdirSync(path.dirname(child), { recursive: true });
  await bundleProgram(path.join(ROOT, 'test/soak/clients-child.ts'), child);
  process.on('exit', () => rmSync(child, { force: true }));
  await runTypeScript('test/soak/main.ts', ['--child', child, ...taskArguments]);
}
