import path from 'node:path';
import { ensureBuilt, ensureInstalled, ROOT, runProgram } from '../house/prepare.mjs';

/** `npm start`: installs what is missing, builds what has changed, runs the main job. Arguments go to the program. */
export async function run(taskArguments) {
  await ensureInstalled();
  await ensureBuilt();
  return runProgram(process.execPath, [path.join(ROOT, 'dist/app/main.js'), 'start', ...taskArguments]);
}
