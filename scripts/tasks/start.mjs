import path from 'node:path';
import { ensureBuilt, ensureInstalled, ROOT, runProgram } from '../house/prepare.mjs';
import { ensureWebBuilt } from '../house/web-build.mjs';

/** `npm start`: installs what is missing, builds what has changed, runs the main job. Arguments go to the program. */
export async function run(taskArguments) {
  await ensureInstalled();
  await ensureBuilt();
  await ensureWebBuilt();
  return runProgram(process.execPath, [path.join(ROOT, 'dist/app/main.js'), 'start', ...taskArguments]);
}
