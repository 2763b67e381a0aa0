import path from 'node:path';
import { ensureBuilt, ensureInstalled, ROOT, runProgram } from '../house/prepare.mjs';
import { ensureWebBuilt } from '../house/web-build.mjs';

/** `npm start`: installs what is missing, builds what has changed, runs the system. Arguments go to the program. */
export async function run(taskArguments) {
  await ensureInstalled();
  await ensureBuilt();
  await ensureWebBuilt();
  const program = [path.join(ROOT, 'dist/app/main.js'), 'start', ...taskArguments];
  return runProgram(process.execPath, program, { endsWithParent: process.env.npm_lifecycle_event === 'start' });
}
