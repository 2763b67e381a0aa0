import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Command, CommanderError } from 'commander';
import { ACCEPTED, type FuzzRun, type FuzzTarget, must } from '../target.ts';
import { mutatedText, oddText, pick } from '../mutate.ts';
import { Scratch } from '../scratch.ts';
import type { Random } from '../../../src/base/random.ts';
import { openJournal } from '../../../src/adapters/journal/open-journal.ts';
import { makeProgram } from '../../../src/app/command-line.ts';
import { PACKAGE_FOLDER } from '../../../src/app/package-folder.ts';
import { CODES } from '../../../src/model/codes/catalogue.ts';
import { encodeInput, encodePlan, RecordKind } from '../../../src/runtime/session/input-codec.ts';
import { planOf } from '../../../src/runtime/session/session-plan.fixture.ts';

const BARS =
  'time,open,high,low,close,volume\n2024-01-02,1.10,1.30,1.00,1.20,5\n2024-01-03,1.20,1.40,1.10,1.30,6\n2024-01-04,1.30,1.50,1.20,1.40,7\n';
const RUN = `name: small
instruments: [{ id: ABC-USD.SIM, kind: spot, priceDecimals: 2, quantityDecimals: 2 }]
accounts: [{ balances: { USD: 100000 } }]
data: [{ kind: bars, csv: { file: bars.csv, zone: UTC, every: 1d, stamp: open, timeFormat: yyyy-MM-dd } }]
strategies: [{ use: moving-average-crossover, parameters: { fast: 1, slow: 2, every: 1d, weight: 0.5 } }]
`;

/** Commands as people type them; files lie in the working folder. */
const LINES: readonly string[] = [
  'backtest run.yaml --json --set strategy.parameters.fast=2',
  'backtest run.yaml --set name=other --set accounts.0.balances.USD=5',
  'replay session --until 2026-11-30T14:00 --json --quiet',
  'replay session --strategy ./other.ts --in scripted',
  'journal verify session/journal --json',
  'journal info session/journal',
  'journal export session/journal --from 1 --to 2 --kind 3',
  'data import bars.csv --instrument ABC-USD.SIM --kind bars --every 1d --zone UTC --stamp open --time-format yyyy-MM-dd --price-decimals 2 --replace',
  'data import bars.csv --column time=1 --column open=2 --no-header --delimiter ; --round half-even',
  'data import --lean lean --security equity --market usa --resolution minute --symbol x',
  'data list --json',
  'data info ABC-USD.SIM bars 1d',
  'data verify ABC-USD.SIM bars 1d --json',
  'data generate --seed 7 --from 2024-01-01 --to 2024-01-02 --kinds bars:1m,trades --start-price 100 --market agents --book levels',
  'data live --seed 1 --speed 60 --from 2024-01-01 --to 2024-01-01T00:01 --events-per-second 2',
  'paper run.yaml --speed 60 --port 0 --dashboard --set name=x',
  'venue serve --port 0 --seed 1 --faults { "drop": 0.01 } --base AAA --quote USDT',
  'db status --database-url postgres://127.0.0.1:1/none',
  'init-db --app-role x',
  'db rebuild session',
  'start --set strategy.parameters.fast=10',
  'doctor --json',
  'init mine --force',
];
/** They go on until somebody ends them, or write where they are told to: of these only the line is read, and the rest by processes. */
const LONG_LIVED = new Set(['generate', 'live', 'record', 'paper', 'serve', 'status', 'rebuild', 'init-db', 'start', 'doctor', 'init']);
/** Nothing is written but in the working folder, whatever a line becomes. */
const WRITING = /^--(store|report|folder|database-folder|app-role)/;

function lineFrom(random: Random): readonly string[] {
  const words = pick(random, LINES).split(' ');
  for (let left = 1 + random.nextBelow(2); left > 0; left -= 1) {
    const at = random.nextBelow(words.length);
    const way = random.nextBelow(7);
    if (way === 0) words.splice(at, 1);
    else if (way === 1) words.splice(at, 0, words[at]!);
    else if (way === 2) words.splice(at, 0, oddText(random));
    else if (way === 3)
      words.push(pick(random, ['--json', '--help', '--', '-V', '--no-header', '-x', '--set', '--__proto__', '--constructor=1']));
    else if (way === 4) words[at] = oddText(random);
    else words[at] = mutatedText(random, words[at]!);
  }
  // A command line has no zeros in it.
  return words.map((word) => word.replaceAll('\0', '')).filter((word) => !WRITING.test(word));
}

function prepared(): Scratch {
  const scratch = new Scratch();
  scratch.write('run.yaml', RUN);
  scratch.write('bars.csv', BARS);
  scratch.write('other.ts', "import { Strategy } from 'quanthybrid';\nexport class Other extends Strategy {}\n");
  const journal = openJournal(path.join(scratch.makeFolder('session'), 'journal'), { segmentBytes: 65_536 });
  journal.append(RecordKind.SESSION, 0, encodePlan(planOf({ strategies: [] })));
  for (const ts of [1000, 2000]) journal.append(RecordKind.CLOCK, ts, encodeInput({ kind: 'CLOCK', ts }).payload);
  journal.commit();
  journal.close();
  return scratch;
}

/** What a program said ends with a code of the catalogue, or in words of the command line's own reader. */
function judgedEnd(status: number, said: string): string {
  must(!said.includes('this is a defect of the program'), said.slice(0, 2000));
  must(!/^\s+at .*:\d+:\d+\)?$/m.test(said), `a stack: ${said.slice(0, 2000)}`);
  if (status === 0 || status === 130) return ACCEPTED;
  must(status === 1 || status === 2, `exit status ${status}: ${said.slice(0, 500)}`);
  const codes = [...said.matchAll(/\[([A-Z][A-Z0-9_]+)\]|"code":"([A-Z][A-Z0-9_]+)"/g)].map(([, shown, json]) => shown ?? json!);
  const known = codes.find((code) => Object.hasOwn(CODES, code));
  must(known !== undefined || said.includes('error: '), `no code: ${said.slice(0, 500)}`);
  return known ?? 'OPTION_INVALID';
}

class Ended extends Error {}

/** Runs a line in this process. What it prints is kept; the working folder is that of the scratch files by name only. */
async function run(words: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write);
  const take = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    said.push(String(chunk));
    const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
    done?.();
    return true;
  };
  const program = makeProgram();
  const end = (error: CommanderError): never => {
    throw Object.assign(new Ended(error.message), { status: error.exitCode === 0 ? 0 : 2 });
  };
  const each = (command: Command): void => {
    command.exitOverride(end);
    if (LONG_LIVED.has(command.name())) command.action(() => {});
    command.commands.forEach(each);
  };
  each(program);
  process.exitCode = 0;
  for (const stream of streams) stream.write = take as typeof stream.write;
  try {
    await program.parseAsync([...words], { from: 'user' });
    return { status: Number(process.exitCode ?? 0), said: said.join('') };
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    return { status: (error as unknown as { readonly status: number }).status, said: `${said.join('')}error: ${error.message}` };
  } finally {
    streams.forEach((stream, at) => (stream.write = writes[at]!));
    process.exitCode = 0;
  }
}

const inProcess: FuzzTarget = {
  name: 'command-line',
  entries: ['src/app/command-line.ts#makeProgram'],
  inputs: 'command lines: commands, options, values; of commands that go on for ever only the line is read',
  oracle: 'exit status 0, 1 or 2; a failure has a code of the catalogue and is no defect',
  open: (): FuzzRun => {
    const scratch = prepared();
    const own = new Set(['run.yaml', 'bars.csv', 'session', 'session/journal', './other.ts', 'lean']);
    return {
      generate: lineFrom,
      feed: async (input) => {
        const words = (input as readonly string[]).map((word) => (own.has(word) ? path.join(scratch.folder, word) : word));
        const stored = words.includes('data') ? ['--store', path.join(scratch.folder, 'store')] : [];
        const at = words.indexOf('--');
        const line = at < 0 ? [...words, ...stored] : [...words.slice(0, at), ...stored, ...words.slice(at)];
        const { status, said } = await run(line);
        return judgedEnd(status, said);
      },
      close: () => scratch.close(),
    };
  },
};

/** Milliseconds after which a process that goes on is ended as Ctrl-C does, and then for good. */
const PATIENCE_MS = 15_000;
const PROGRAM = [path.join(PACKAGE_FOLDER, 'scripts/run-ts.mjs'), path.join(PACKAGE_FOLDER, 'src/app/main.ts')];

function ranProcess(folder: string, words: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...PROGRAM, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-100_000)));
    const asked = setTimeout(() => child.kill('SIGINT'), PATIENCE_MS);
    const ended = setTimeout(() => child.kill('SIGKILL'), 3 * PATIENCE_MS);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(asked);
      clearTimeout(ended);
      resolve({ status: status ?? (signal === 'SIGINT' ? 130 : 137), said });
    });
  });
}

const processes: FuzzTarget = {
  name: 'command-line-process',
  entries: ['src/app/main.ts#runCommandLine'],
  inputs: 'the same lines, each in a process of its own',
  oracle: 'as command-line; what goes on ends at Ctrl-C',
  share: 0.0003,
  open: (): FuzzRun => {
    const scratch = prepared();
    return {
      generate: lineFrom,
      feed: async (input) => {
        const { status, said } = await ranProcess(scratch.folder, input as readonly string[]);
        return judgedEnd(status, said);
      },
      close: () => scratch.close(),
    };
  },
};

export const COMMAND_TARGETS: readonly FuzzTarget[] = [inProcess, processes];
