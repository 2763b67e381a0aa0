/** The dashboard: web/ to dist/web/, when something that it is made of has changed. Nothing is fetched: every package is installed already. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { binaryOf, filesUnder, ROOT, runProgram, say, seconds, TaskError } from './prepare.mjs';

export const WEB_FOLDER = path.join(ROOT, 'dist/web');

/** What the dashboard may import of src/, besides itself. Source: scripts/house/rings.mjs */
const SOURCES = ['web/src', 'web/public', 'src/contract', 'src/book', 'src/indicators', 'src/model', 'src/base'];
const SETTINGS = ['web/index.html', 'web/vite.config.ts', 'web/tsconfig.json', 'package-lock.json'];

function digestOfWeb() {
  const hash = createHash('sha256');
  const sources = SOURCES.flatMap((folder) => filesUnder(path.join(ROOT, folder), (name) => !/\.(test|fixture)\.ts$/.test(name)));
  for (const file of [...sources, ...SETTINGS.map((name) => path.join(ROOT, name))]) {
    hash
      .update(`${path.relative(ROOT, file)}\n`)
      .update(readFileSync(file))
      .update('\0');
  }
  return `${hash.digest('hex')}\n`;
}

/** Makes dist/web/ when it is not made of what is there now. */
export async function ensureWebBuilt({ force = false } = {}) {
  const stampFile = path.join(ROOT, 'dist/.web-built');
  const digest = digestOfWeb();
  const isBuilt = existsSync(path.join(WEB_FOLDER, 'index.html')) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest;
  if (isBuilt && !force) return;
  say('building the dashboard …');
  const since = performance.now();
  rmSync(stampFile, { force: true });
  const status = await runProgram(process.execPath, [binaryOf('vite', 'vite'), 'build', 'web', '--logLevel', 'warn'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new TaskError('The dashboard does not build; the bundler says why above.');
  writeFileSync(stampFile, digest);
  say(`built the dashboard in ${seconds(since)}`);
}
