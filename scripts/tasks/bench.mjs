import { ensureInstalled } from '../house/prepare.mjs';
import { runTypeScript } from '../house/run-ts.mjs';

/** `npm run bench`: measures against C; see bench/. */
export async function run(taskArguments) {
  await ensureInstalled();
  await runTypeScript('bench/main.ts', taskArguments);
}
