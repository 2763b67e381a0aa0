/** `node scripts/run-ts.mjs ENTRY.ts [ARGUMENTS]`: runs a TypeScript program of this repository. Node's own flags go before the script. */
import path from 'node:path';
import { ROOT } from './house/prepare.mjs';
import { runTypeScript } from './house/run-ts.mjs';

const [entry, ...programArguments] = process.argv.slice(2);
if (entry === undefined) {
  console.error('Usage: node scripts/run-ts.mjs ENTRY.ts [ARGUMENTS]');
  process.exitCode = 2;
} else {
  await runTypeScript(path.relative(ROOT, path.resolve(entry)), programArguments);
}
