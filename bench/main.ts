import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildCProgram } from './c-programs.ts';
import { machineFacts } from './machine-facts.ts';
import { writeReadme } from './readme-table.ts';
import type { BenchContext, BenchRow, BenchRowMaker } from './row.ts';
import { BARE_LOOP_ASYNC, BARE_LOOP_C, ENGINE_ASYNC, ENGINE_C, ENGINE_CHECKED_C, ENGINE_STORE_C, ORDER_COST } from './rows/engine-rows.ts';
import { DEPTH } from './rows/depth-row.ts';
import { FAN_OUT_WS } from './rows/fan-out-row.ts';
import { HEAP, HEAP_WATCHING } from './rows/heap-row.ts';
import { BARS, EIGHT_STRATEGIES, INDICATORS } from './rows/informing-rows.ts';
import { LOAD_C, LOAD_CHECKSUMS_C } from './rows/load-rows.ts';
import { MATCHING_CPP, MATCHING_LIBRARY } from './rows/matching-rows.ts';
import { PATH_CPP } from './rows/path-rows.ts';
import { TICK_TO_FILL } from './rows/tick-to-fill-row.ts';
import { textTable } from './text-table.ts';
import { TICK_ROWS } from './tick-store.ts';
import { storeTicks } from './ticks.ts';

const ROWS: readonly BenchRowMaker[] = [
  ENGINE_C,
  ENGINE_ASYNC,
  LOAD_C,
  HEAP,
  MATCHING_CPP,
  MATCHING_LIBRARY,
  PATH_CPP,
  FAN_OUT_WS,
  BARE_LOOP_C,
  BARE_LOOP_ASYNC,
  ENGINE_CHECKED_C,
  ENGINE_STORE_C,
  ORDER_COST,
  HEAP_WATCHING,
  LOAD_CHECKSUMS_C,
  DEPTH,
  TICK_TO_FILL,
  BARS,
  INDICATORS,
  EIGHT_STRATEGIES,
];

const USAGE = `Usage: npm run bench -- [--json] [--only ROW]... [--write-readme]
  --json          one JSON object on standard output and nothing else
  --only ROW      only this row; may be given again
  --write-readme  put the table into bench/README.md (needs the whole table)
Rows: ${ROWS.map((row) => row.name).join(', ')}`;

interface Choice {
  readonly isJson: boolean;
  readonly isForReadme: boolean;
  readonly rows: readonly BenchRowMaker[];
}

/** @returns null where the arguments make no sense */
function parseArguments(texts: readonly string[]): Choice | null {
  const names: string[] = [];
  let isJson = false;
  let isForReadme = false;
  for (let at = 0; at < texts.length; at += 1) {
    const text = texts[at]!;
    if (text === '--json') isJson = true;
    else if (text === '--write-readme') isForReadme = true;
    else if (text === '--only' && at + 1 < texts.length) names.push(texts[(at += 1)]!);
    else return null;
  }
  const rows = names.length === 0 ? ROWS : ROWS.filter((row) => names.includes(row.name));
  const isKnown = names.every((name) => ROWS.some((row) => row.name === name));
  return isKnown && !(isForReadme && names.length > 0) ? { isJson, isForReadme, rows } : null;
}

function say(text: string): void {
  console.error(`bench: ${text}`);
}

function contextIn(folder: string): BenchContext {
  const programs = new Map<string, string | null>();
  const built = (name: string, language: 'c' | 'cpp'): string | null => {
    if (!programs.has(name)) programs.set(name, buildCProgram(name, folder, language));
    return programs.get(name) ?? null;
  };
  const root = path.join(folder, 'ticks');
  let isMade = false;
  return {
    say,
    folder,
    cProgram: (name) => built(name, 'c'),
    cppProgram: (name) => built(name, 'cpp'),
    ticksRoot: async () => {
      if (!isMade) {
        say(`making and storing ${TICK_ROWS / 1e6} million ticks`);
        mkdirSync(root, { recursive: true });
        storeTicks(root, TICK_ROWS);
        isMade = true;
      }
      return root;
    },
  };
}

async function measureAll(rows: readonly BenchRowMaker[]): Promise<BenchRow[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const context = contextIn(folder);
  const measured: BenchRow[] = [];
  for (const row of rows) {
    say(row.name);
    try {
      measured.push(await row.measure(context));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      measured.push({
        name: row.name,
        ratio: null,
        gate: null,
        gateIs: null,
        stretch: null,
        pass: false,
        detail: `failed: ${reason}`,
        skipped: null,
      });
    }
  }
  return measured;
}

const choice = parseArguments(process.argv.slice(2));
if (choice === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const since = performance.now();
  const rows = await measureAll(choice.rows);
  const facts = machineFacts((performance.now() - since) / 1000);
  if (choice.isJson) console.log(JSON.stringify({ rows, ...facts }));
  else console.log(textTable(rows, facts));
  if (choice.isForReadme) writeReadme(rows, facts);
  process.exitCode = rows.some((row) => row.pass === false) ? 1 : 0;
}
