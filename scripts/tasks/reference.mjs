import { ensureInstalled } from '../house/prepare.mjs';
import { runTypeScript } from '../house/run-ts.mjs';

/** `npm run reference`: reproduces published results; see reference/. */
export async function run(taskArguments) {
  await ensureInstalled();
  await runTypeScript('reference/main.ts', taskArguments);
}
