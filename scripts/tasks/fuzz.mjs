import { ensureInstalled } from '../house/prepare.mjs';
import { runTypeScript } from '../house/run-ts.mjs';

/** `npm run fuzz`: feeds spoiled input to every parser and entry point; see docs/reference/fuzz.md. */
export async function run(taskArguments) {
  await ensureInstalled();
  await runTypeScript('test/fuzz/main.ts', taskArguments);
}
