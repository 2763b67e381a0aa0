import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/contract/run-result.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BUILT = path.join(ROOT, 'dist/app/main.js');
const isMissing = !existsSync(BUILT);
const SKIPPED = isMissing ? ' (skipped: run npm run build first)' : '';
const MINUTES_MS = 180_000;

const run = promisify(execFile);
let parent = '';
beforeAll(() => {
  parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'newcomer ')));
});
afterAll(() => rmSync(parent, { recursive: true }));

/** What a shell would do in a folder; npm may not reach the network. */
async function shell(cwd: string, program: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, npm_config_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
  const { stdout } = await run(program, args, { cwd, env, maxBuffer: 64 * 1024 * 1024, shell: process.platform === 'win32' });
  return stdout;
}

describe.skipIf(isMissing)(`the path of a newcomer${SKIPPED}`, () => {
  it(
    'init in the clone, npm install in the new folder and npx quanthybrid backtest there come to a result and a report',
    async () => {
      const folder = path.join(parent, 'my strategy');
      await shell(ROOT, 'npx', '--no', 'quanthybrid', 'init', folder);
      await shell(folder, 'npm', 'install');
      const result = JSON.parse(await shell(folder, 'npx', '--no', 'quanthybrid', 'backtest', 'run.yaml', '--json')) as RunResult;
      expect([result.status, result.events]).toEqual(['completed', 4320]);
      expect(result.trades.length).toBeGreaterThan(10);
      const words = await shell(folder, 'npx', '--no', 'quanthybrid', 'backtest', 'run.yaml', '--report', 'report.html');
      expect(readFileSync(path.join(folder, 'report.html'), 'utf8')).toContain('<!DOCTYPE html>');
      // What it says to try next must work as it stands: the program is on nobody's path.
      expect(words).toContain('npx quanthybrid backtest run.yaml --set strategy.parameters.');
    },
    MINUTES_MS,
  );

  it(
    'the packed package holds all that init and backtest need, and the folder it makes names the archive',
    async () => {
      const packed = await shell(ROOT, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', parent);
      const [{ filename }] = JSON.parse(packed) as readonly [{ readonly filename: string }];
      const modules = path.join(parent, 'project', 'node_modules');
      mkdirSync(path.join(modules, 'quanthybrid'), { recursive: true });
      await shell(parent, 'tar', '-xzf', path.join(parent, filename), '--strip-components=1', '-C', path.join(modules, 'quanthybrid'));
      // As npm would install it, without a network: its dependencies are those of the clone.
      const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      for (const name of Object.keys(dependencies)) {
        mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
        symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
      }
      const resolved = `file:../${filename}`;
      writeFileSync(path.join(modules, '.package-lock.json'), JSON.stringify({ packages: { 'node_modules/quanthybrid': { resolved } } }));
      const program = path.join(modules, 'quanthybrid/dist/app/main.js');
      const folder = path.join(parent, 'packed strategy');
      await shell(parent, process.execPath, program, 'init', folder);
      const { devDependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
        devDependencies: Record<string, string>;
      };
      expect(devDependencies['quanthybrid']).toBe(`file:../${filename}`);
      const result = JSON.parse(await shell(folder, process.execPath, program, 'backtest', 'run.yaml', '--json')) as RunResult;
      expect([result.status, result.events]).toEqual(['completed', 4320]);
      expect(await shell(folder, process.execPath, program, 'demo')).toContain('runs');
      // Its lines for people go to standard error; what was traded is in the journal.
      await shell(folder, process.execPath, program, 'start', '--port', '0', '--minutes', '0.01');
      const replayed = JSON.parse(await shell(folder, process.execPath, program, 'replay', 'sessions/paper', '--json')) as object;
      expect(replayed).toMatchObject({ name: 'paper', denials: 0 });
    },
    MINUTES_MS,
  );
});
