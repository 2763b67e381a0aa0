/** Brings a clone to where it can run: packages installed, sources built. Both do nothing when nothing has changed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** Scratch files of the scripts; goes away with node_modules. */
export const CACHE = path.join(ROOT, 'node_modules/.cache/quanthybrid');

/** A failure that its own sentence explains; shown without a stack. */
export class TaskError extends Error {
  name = 'TaskError';
}

/** One line per phase, on standard error: standard output belongs to the job (`--json` must stay clean). */
export function say(line) {
  console.error(`quanthybrid: ${line}`);
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Whether the parent is still there is looked at this often. */
const PARENT_LOOK_MS = 500;

/**
 * Runs a program on our own standard streams. Ctrl-C reaches the whole foreground group, so the parent ignores it and
 * leaves the ending to the child.
 *
 * @param options of `spawn`; `endsWithParent`: the child is ended in order when whoever started us dies: a signal to npm ends npm and its shell, and would
 * leave the child running unseen
 * @returns {Promise<number>} exit status; 128 + signal number for a killed child, as shells count
 */
export function runProgram(command, programArguments, { endsWithParent = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, programArguments, { cwd: ROOT, stdio: 'inherit', ...options });
    const ignore = () => {};
    const pass = () => child.kill('SIGTERM');
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (!endsWithParent || process.ppid === parent) return;
      clearInterval(watch);
      pass();
    }, PARENT_LOOK_MS).unref();
    process.on('SIGINT', ignore);
    process.on('SIGTERM', pass);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearInterval(watch);
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      resolve(status ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 137));
    });
  });
}

/** Starts a package's program from node_modules with this Node; no shell, so the same on every system. */
export function binaryOf(packageName, binary) {
  const folder = path.join(ROOT, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[binary]);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** True for a package that names this machine; one that names none (a fallback's own dependency) proves nothing by being absent. */
function isForThisMachine(entry) {
  if (entry.os === undefined && entry.cpu === undefined) return false;
  const matches = (list, own) =>
    list === undefined || list.includes(own) || list.some((item) => item.startsWith('!') && item !== `!${own}`);
  return (
    matches(entry.os, process.platform) && matches(entry.cpu, process.arch) && (entry.libc === undefined || entry.libc.includes(libc()))
  );
}

function libc() {
  return process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

/**
 * Compares what npm says it installed with the lock file, package by package. By content and not by file times, because a clone,
 * a checkout and a copied folder all give files new times.
 *
 * @returns {string | null} why an installation is needed
 */
function missingPackage(lock, hasTried) {
  const installed = readJson(path.join(ROOT, 'node_modules/.package-lock.json'));
  if (installed === null) return 'node_modules is missing';
  for (const [location, wanted] of Object.entries(lock.packages)) {
    if (location === '' || wanted.link) continue;
    const found = installed.packages[location];
    if (found?.version === wanted.version) continue;
    // An optional package may be for another machine, or may have failed to install before: then once is enough.
    const isOptional = wanted.optional === true || wanted.devOptional === true || wanted.peer === true;
    if (found === undefined && isOptional && (hasTried || !isForThisMachine(wanted))) continue;
    return `${location.replace(/^.*node_modules\//, '')} ${wanted.version} is ${found === undefined ? 'missing' : `installed as ${found.version}`}`;
  }
  return null;
}

/** Installs what the lock file names, exactly; needs the network only when something is missing. */
export async function ensureInstalled() {
  const lockText = readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8');
  const stampFile = path.join(CACHE, 'installed.txt');
  const stamp = `${createHash('sha256').update(lockText).digest('hex')} ${process.platform} ${process.arch}\n`;
  const hasTried = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  const reason = missingPackage(JSON.parse(lockText), hasTried);
  if (reason !== null) {
    say(`installing packages (${reason}) …`);
    const since = performance.now();
    const flags = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const npmProgram = process.env.npm_execpath ?? '';
    const status = /npm-cli\.[cm]?js$/.test(npmProgram)
      ? await runProgram(process.execPath, [npmProgram, ...flags], { stdio: ['ignore', 2, 2] })
      : await runProgram('npm', flags, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
    if (status !== 0)
      throw new TaskError(
        'The packages could not be installed. What npm said is above; the usual reason is that the npm registry cannot be reached.',
      );
    say(`installed in ${seconds(since)}`);
  }
  if (!hasTried) {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(stampFile, stamp);
  }
}

export function filesUnder(folder, accepts) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && accepts(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function digestOfSources(sources) {
  const hash = createHash('sha256');
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/house/bundle.mjs'];
  for (const file of [...sources, ...settings.map((name) => path.join(ROOT, name))]) {
    hash
      .update(`${path.relative(ROOT, file)}\n`)
      .update(readFileSync(file))
      .update('\0');
  }
  return `${hash.digest('hex')}\n`;
}

/** What a removed source left behind would still be importable, and would be shipped. */
function removeOrphans(dist, sources, programs) {
  const kept = new Set([...programs, ...sources.map((file) => path.relative(path.join(ROOT, 'src'), file).replace(/\.ts$/, '.d.ts'))]);
  const isOrphan = (name) => !kept.has(name) && !name.startsWith(`web${path.sep}`);
  for (const file of filesUnder(dist, (name) => /\.(js|d\.ts|js\.map)$/.test(name))) if (isOrphan(path.relative(dist, file))) rmSync(file);
}

/** Makes dist/ of src/ when a source has changed since the last time: the compiler checks and writes the types, the bundler the program. */
export async function ensureBuilt({ force = false } = {}) {
  const dist = path.join(ROOT, 'dist');
  const main = path.join(dist, 'app/main.js');
  const stampFile = path.join(dist, '.built');
  const sources = filesUnder(path.join(ROOT, 'src'), (name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name));
  const digest = digestOfSources(sources);
  if (!force && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest) return;
  say('building …');
  const since = performance.now();
  rmSync(stampFile, { force: true });
  const buildInfo = path.join(dist, '.tsbuildinfo');
  // Without its outputs the compiler's memory is wrong: it would leave out what it believes is there.
  if (force || !existsSync(main)) rmSync(buildInfo, { force: true });
  const status = await runProgram(
    process.execPath,
    [
      binaryOf('typescript', 'tsc'),
      ...['-p', 'tsconfig.build.json', '--incremental', '--tsBuildInfoFile', buildInfo, '--pretty', String(process.stderr.isTTY === true)],
    ],
    { stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) throw new TaskError('The sources do not compile; the compiler says where above.');
  // Not before the packages are there.
  const { bundlePackage } = await import('./bundle.mjs');
  removeOrphans(dist, sources, await bundlePackage(dist));
  if (existsSync(main)) chmodSync(main, 0o755);
  writeFileSync(stampFile, digest);
  say(`built in ${seconds(since)}`);
}
