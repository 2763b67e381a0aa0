import path from 'node:path';
import { type Gate, gatesOf, heapOf, median } from './soak-gates.ts';
import { soak, type SoakChoice, type SoakProgress } from './soak-run.ts';

const USAGE = `Usage: npm run soak [-- --minutes M --clients C --slow S --rate R] [--json]
  --minutes M  how long, once all clients are there (default 10); an hour and more is judged by its growth an hour
  --clients C  WebSocket clients (default 200)
  --slow S     of them that hardly read, every other half minute (default 20)
  --rate R     events a second of each of two made-up markets (default 3); what it begins with is a day of them
  --json       one object on standard output`;

const DEFAULTS = { minutes: 10, clients: 200, slow: 20, rate: 3 };

interface Asked extends SoakChoice {
  readonly isJson: boolean;
}

/** @returns null where the arguments make no sense */
function parseArguments(texts: readonly string[]): Asked | null {
  const given = new Map<string, number>();
  let child = '';
  let isJson = false;
  for (let at = 0; at < texts.length; at += 1) {
    const name = texts[at]!.replace(/^--/, '');
    if (name === 'json') isJson = true;
    else if (name === 'child') child = texts[(at += 1)] ?? '';
    else if (Object.hasOwn(DEFAULTS, name)) given.set(name, Number(texts[(at += 1)]));
    else return null;
  }
  const choice = { ...DEFAULTS, ...(Object.fromEntries(given) as Partial<typeof DEFAULTS>) };
  const isMeant =
    choice.minutes > 0 &&
    Number.isSafeInteger(choice.clients) &&
    Number.isSafeInteger(choice.slow) &&
    choice.slow >= 0 &&
    choice.slow < choice.clients &&
    choice.rate > 0;
  return isMeant ? { ...choice, child, isJson } : null;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function milliseconds(us: number): string {
  return Number.isNaN(us) ? '-' : (us / 1000).toFixed(1);
}

const COLUMNS = [
  'min',
  'heap',
  'main',
  'threads',
  'main buf',
  'threads buf',
  'resident MB',
  'slow',
  'p50',
  'p99 ms',
  'msg/s',
  'MB/s',
  'clients',
];

function rowOf({ at, countedFor, memory, window, fast }: SoakProgress): readonly string[] {
  return [
    (at / 60).toFixed(1),
    megabytes(heapOf(memory)),
    megabytes(memory.mainHeap),
    megabytes(memory.workerHeap),
    megabytes(memory.mainBuffers),
    megabytes(memory.workerBuffers),
    megabytes(memory.resident),
    window.slow ? 'yes' : 'no',
    milliseconds(window.p50),
    milliseconds(window.p99),
    (fast.messages / countedFor).toFixed(0),
    megabytes(fast.bytes / countedFor),
    String(fast.open),
  ];
}

function lineOf(cells: readonly string[]): string {
  return cells.map((cell, at) => cell.padStart(COLUMNS[at]!.length + 2)).join('');
}

function gateLine({ name, figure, bound, isHeld }: Gate): string {
  return `${isHeld === null ? 'open  ' : isHeld ? 'held  ' : 'FAILED'}  ${name}: ${figure} (${bound})`;
}

async function main(asked: Asked): Promise<number> {
  console.error(
    `A session, ${asked.clients} clients of which ${asked.slow} hardly read, ${asked.minutes} minutes. It begins with a day of history …`,
  );
  const table: SoakProgress[] = [];
  const outcome = await soak(asked, path.resolve(import.meta.dirname, '../..'), (progress) => {
    if (table.length === 0) console.error(lineOf(COLUMNS));
    table.push(progress);
    console.error(lineOf(rowOf(progress)));
  });
  const gates = gatesOf(outcome);
  const p99 = (slow: boolean): number => median(outcome.windows.filter((each) => each.slow === slow).map((each) => each.p99));
  if (asked.isJson) console.log(JSON.stringify({ choice: asked, gates, ...outcome }));
  else {
    console.log(gates.map(gateLine).join('\n'));
    console.log(
      `delay from a fill's time to its receipt, p99, median of windows: ${milliseconds(p99(false))} ms without, ${milliseconds(p99(true))} ms with slow clients`,
    );
  }
  return gates.some(({ isHeld }) => isHeld === false) ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const asked = parseArguments(process.argv.slice(2));
if (asked === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else process.exitCode = await main(asked);
