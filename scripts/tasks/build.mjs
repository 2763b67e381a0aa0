import { ensureBuilt, ensureInstalled } from '../house/prepare.mjs';
import { ensureWebBuilt } from '../house/web-build.mjs';

/** `npm run build`: src/ to dist/, web/ to dist/web/, whole and anew. */
export async function run() {
  await ensureInstalled();
  await ensureBuilt({ force: true });
  await ensureWebBuilt({ force: true });
  return 0;
}
