import { ensureInstalled } from '../house/prepare.mjs';
import { runTypeScript } from '../house/run-ts.mjs';

/** `npm run docs`: writes the generated pages of docs/reference/ anew. */
export async function run(taskArguments) {
  await ensureInstalled();
  await runTypeScript('scripts/docs/main.ts', taskArguments);
}
