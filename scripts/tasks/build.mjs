import { ensureBuilt, ensureInstalled } from '../house/prepare.mjs';

/** `npm run build`: src/ to dist/, whole and anew. */
export async function run() {
  await ensureInstalled();
  await ensureBuilt({ force: true });
  return 0;
}
