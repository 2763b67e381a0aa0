import { spawnSync } from 'node:child_process';
import { binaryOf, ensureInstalled, ROOT } from '../house/prepare.mjs';

/** `npm run format [PATH …]`: writes the layout that `npm run check` asks for, and the mends of the linter that are safe. */
export async function run(taskArguments) {
  await ensureInstalled();
  const paths = taskArguments.length === 0 ? ['.'] : taskArguments;
  return spawnSync(process.execPath, [binaryOf('@biomejs/biome', 'biome'), 'check', '--write', ...paths], { cwd: ROOT, stdio: 'inherit' })
    .status;
}
