import path from 'node:path';
import type { Command } from 'commander';
import { databaseSettings } from '../../adapters/postgres/database-settings.ts';
import { SystemClock } from '../../adapters/clock/system-clock.ts';
import { formatDecimalShort } from '../../base/decimal.ts';
import { instantText } from '../../model/instant.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import { InputError } from '../../ports/errors.ts';
import { SessionMirror } from '../../runtime/session/session-mirror.ts';
import type { SessionPlan } from '../../runtime/session/session-plan.ts';
import { Session, type SessionPhase } from '../../runtime/session/session.ts';
import { SESSION_SPEED_MAX } from '../../runtime/session/session-clock.ts';
import { WorkerCore } from '../../runtime/session/worker-core.ts';
import { again, EXIT, framed, interruption } from '../command-frame.ts';
import { programFile } from '../program-file.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { planSession, type PlannedSession } from '../session/plan-session.ts';
import { descriptorsOf, openDesk, type DeskOptions, type SessionDesk } from '../session/session-desk.ts';
import { openSessionFolder, refuseChanged, type SessionFolder, SESSIONS_FOLDER } from '../session/session-folder.ts';
import { SessionLines } from '../session/session-lines.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { MADE_UP } from './backtest.ts';

interface PaperOptions {
  readonly folder?: string;
  readonly speed: string;
  readonly dashboard?: boolean;
  readonly port: string;
  readonly databaseUrl?: string;
  readonly databaseFolder?: string;
  readonly set?: readonly string[];
}

export function registerPaper(program: Command): void {
  program
    .command('paper')
    .description('trade a run file on paper: a market in real time, simulated fills, and a journal from which it comes back after anything')
    .argument('<run-file>', 'the run file (YAML), as for backtest')
    .option('--folder <folder>', `where the session lies; the same folder again goes on with it (default: ${SESSIONS_FOLDER}/NAME)`)
    .option('--speed <n>', 'so many times as fast as the clock', '1')
    .option('--dashboard', 'serve the dashboard and the API on this machine, with users and a database')
    .option('--port <n>', 'where the dashboard is; the next free one where it is taken', '8321')
    .option('--database-url <url>', 'a PostgreSQL server, postgres://USER:PASSWORD@HOST:PORT/NAME (default: DATABASE_URL)')
    .option('--database-folder <folder>', 'folder of the embedded database (default without a server: db in the folder of the session)')
    .option('--set <path=value>', 'set a value of the run file; may be given again', again)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid paper run.yaml
  $ quanthybrid paper run.yaml --dashboard                 watch and steer it in a browser
  $ quanthybrid paper run.yaml --speed 60                  a minute a second
  $ quanthybrid paper run.yaml --folder sessions/monday    begin it, or go on with it

Ctrl-C ends it; the same command goes on where it was.

Exit status: 0 ended, 1 it failed (a strategy threw, the disk failed), 2 bad input.`,
    )
    .action((file: string, options: PaperOptions) => framed(() => paper(file, options)));
}

async function paper(file: string, options: PaperOptions): Promise<number> {
  const loaded = readRunFile(file, options.set ?? []);
  const speed = speedOf(options.speed);
  const clock = new SystemClock();
  const folder = openSessionFolder(options.folder ?? path.join(SESSIONS_FOLDER, loaded.run.name), ({ code, text }) =>
    say(`journal: ${text} [${code}]`),
  );
  try {
    const planned = await planSession(loaded, loadStrategyFile, folder.plan?.tradingFromTs ?? clock.now());
    if (folder.plan !== null) refuseChanged(folder.folder, folder.plan, planned.plan);
    return await trade(planned, folder, { speed, clock, options });
  } finally {
    if (folder.journal.isAlive) folder.journal.close();
  }
}

interface Means {
  readonly speed: number;
  readonly clock: SystemClock;
  readonly options: PaperOptions;
}

async function trade(planned: PlannedSession, folder: SessionFolder, { speed, clock, options }: Means): Promise<number> {
  const plan = folder.plan ?? planned.plan;
  const lines = new SessionLines(plan);
  announce(planned, folder, speed);
  const ends = new SessionEnds();
  let desk: SessionDesk | null = null;
  const mirror = new SessionMirror({ plan, mode: 'PAPER', now: () => session.now(), descriptorsOf: descriptorsOf(plan) });
  const session: Session = new Session({
    plan,
    journal: folder.journal,
    clock,
    speed,
    goesOnAlone: planned.isGenerated,
    openStreams: planned.openStreams,
    accountEvents: planned.accountEvents,
    connect: (made, listener) => new WorkerCore(programFile(), made, listener),
    listener: {
      onPhase: (phase) => {
        say(phaseText(phase, folder));
        mirror.onPhase(phase);
      },
      onRows: (block) => mirror.onRows(block),
      onOutputs: (outputs, isReplayed) => {
        mirror.onOutputs(outputs);
        if (isReplayed) return;
        desk?.take(outputs);
        for (const output of outputs) tell(output, lines, planned);
      },
      onFailure: (error) => ends.fail(error),
    },
  });
  const { signal, release } = interruption();
  signal.addEventListener('abort', () => ends.end());
  try {
    if (options.dashboard === true) desk = await openDesk(deskOptions(plan, { session, mirror, folder, clock, options }));
    if (desk !== null) say(`  dashboard ${desk.url}`);
    session.start().catch((error: unknown) => ends.fail(error));
    await ends.ended;
    return EXIT.ok;
  } finally {
    release();
    await desk?.stopServing();
    const digest = await session.stop();
    await desk?.close();
    if (digest !== '') say(endText(session, digest));
  }
}

function deskOptions(
  plan: SessionPlan,
  parts: Pick<DeskOptions, 'session' | 'mirror' | 'clock'> & { readonly folder: SessionFolder; readonly options: PaperOptions },
): DeskOptions {
  const { session, mirror, clock, folder, options } = parts;
  const databaseFolder =
    options.databaseFolder ??
    (options.databaseUrl === undefined && process.env['DATABASE_URL'] === undefined ? path.join(folder.folder, 'db') : undefined);
  const database = databaseSettings({ databaseUrl: options.databaseUrl, databaseFolder }, process.env);
  return { plan, session, mirror, clock, journal: folder.journal, folder: folder.folder, database, port: portOf(options.port), say };
}

/** How a session comes to its end: somebody asked for it, or it failed. */
class SessionEnds {
  readonly ended: Promise<void>;
  end: () => void = () => {};
  fail: (error: unknown) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
    });
  }
}

function endText({ lastTs, sequence }: Session, digest: string): string {
  return `Ended at ${instantText(lastTs)} after ${sequence} inputs, digest ${digest}. The same command goes on with it.`;
}

/** What runs where. */
function announce({ plan, isGenerated }: PlannedSession, { folder, journal }: SessionFolder, speed: number): void {
  const begun = journal.lastSequence > 0;
  const trades = plan.strategies.map(({ name }) => name).join(', ');
  say(`${begun ? 'Going on with' : 'Beginning'} the session ${plan.name}: ${trades} on ${plan.instruments.map(({ id }) => id).join(', ')}`);
  say(
    `  market    ${isGenerated ? `made up, in real time${speed === 1 ? '' : ` times ${speed}`}. ${MADE_UP}` : `a recording, ${speed} times as fast as the clock`}`,
  );
  say('  orders    simulated fills on paper; no order leaves this machine');
  say(`  journal   ${path.join(folder, 'journal')}`);
}

function phaseText(phase: SessionPhase, { journal }: SessionFolder): string {
  switch (phase) {
    case 'RECOVERING':
      return `Replaying ${journal.lastSequence} inputs of the journal`;
    case 'WARMING_UP':
      return 'Playing history';
    case 'RUNNING':
      return 'Trading; Ctrl-C ends it';
    case 'STOPPED':
      return 'Stopped';
    case 'FAILED':
      return 'Failed';
  }
}

function tell(output: SessionOutput, lines: SessionLines, { plan }: PlannedSession): void {
  for (const line of lines.of(output)) process.stdout.write(`${line}\n`);
  if (output.ts <= plan.tradingFromTs) return;
  for (const { account, ts, amount } of output.equity) {
    const { venue, baseCurrency } = plan.accounts[account]!;
    const equity = formatDecimalShort(amount, baseCurrency.decimals);
    process.stdout.write(`${instantText(ts)}  ${venue}: equity ${equity} ${baseCurrency.code}\n`);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  const rule = '--port takes a whole number from 0 to 65535.';
  throw new InputError([{ code: 'OPTION_INVALID', column: '--port', value: text, rule, fix: 'Write for example --port 8321.' }]);
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (speed > 0 && speed <= SESSION_SPEED_MAX) return speed;
  const rule = `--speed takes a number above 0, to ${SESSION_SPEED_MAX}.`;
  throw new InputError([{ code: 'OPTION_INVALID', column: '--speed', value: text, rule, fix: 'Write for example --speed 60.' }]);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
