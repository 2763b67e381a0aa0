import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CACHE, ROOT } from './prepare.mjs';

/**
 * Runs a TypeScript program in this process, since Node 20 cannot: one bundle of our sources, packages left outside.
 * The program sees its arguments in `process.argv` from index 2, and sets the exit status by `process.exitCode`.
 *
 * @param entry path from the root of the repository
 */
export async function runTypeScript(entry, programArguments) {
  const { bundleProgram } = await import('./bundle.mjs');
  const file = path.join(ROOT, entry);
  const bundle = path.join(CACHE, 'run', `${entry.replace(/\W+/g, '-')}-${process.pid}.mjs`);
  mkdirSync(path.dirname(bundle), { recursive: true });
  await bundleProgram(file, bundle);
  process.on('exit', () => rmSync(bundle, { force: true }));
  // The program starts threads of itself.
  process.env.QUANTHYBRID_PROGRAM = bundle;
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], file, ...programArguments];
  return import(pathToFileURL(bundle).href);
}
