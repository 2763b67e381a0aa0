import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { binaryOf, CACHE, ensureBuilt, ensureInstalled, runProgram, TaskError } from '../house/prepare.mjs';
import { ensureWebBuilt } from '../house/web-build.mjs';
import { countTests, summaryLine } from '../house/test-summary.mjs';

/** `npm test`: installs, builds, runs the suite; the last line is `N passed, N failed, N skipped`. Arguments go to vitest. */
export async function run(taskArguments) {
  try {
    await ensureInstalled();
    await ensureBuilt();
    await ensureWebBuilt();
  } catch (error) {
    console.error(error instanceof TaskError ? error.message : error);
    console.log(summaryLine(countTests(null, 1)));
    return 1;
  }
  const resultFile = path.join(CACHE, 'test-results.json');
  mkdirSync(CACHE, { recursive: true });
  rmSync(resultFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`];
  const status = await runProgram(process.execPath, [binaryOf('vitest', 'vitest'), 'run', ...reporters, ...taskArguments], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let results = null;
  try {
    results = JSON.parse(readFileSync(resultFile, 'utf8'));
  } catch {
    console.log('The test runner ended without a result.');
  }
  console.log(summaryLine(countTests(results, status)));
  return status;
}
