import path from 'node:path';
import type { Command } from 'commander';
import { SystemClock } from '../../adapters/clock/system-clock.ts';
import { formatDecimalShort } from '../../base/decimal.ts';
import { instantText } from '../../model/instant.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import { InputError } from '../../ports/errors.ts';
import { Session, type SessionPhase } from '../../runtime/session/session.ts';
import { SESSION_SPEED_MAX } from '../../runtime/session/session-clock.ts';
import { WorkerCore } from '../../runtime/session/worker-core.ts';
import { again, EXIT, framed, interruption } from '../command-frame.ts';
import { programFile } from '../program-file.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { planSession, type PlannedSession } from '../session/plan-session.ts';
import { openSessionFolder, refuseChanged, type SessionFolder, SESSIONS_FOLDER } from '../session/session-folder.ts';
import { SessionLines } from '../session/session-lines.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { MADE_UP } from './backtest.ts';

interface PaperOptions {
  readonly folder?: string;
  readonly speed: string;
  readonly set?: readonly string[];
}

export function registerPaper(program: Command): void {
  program
    .command('paper')
    .description('trade a run file on paper: a market in real time, simulated fills, and a journal from which it comes back after anything')
    .argument('<run-file>', 'the run file (YAML), as for backtest')
    .option('--folder <folder>', `where the session lies; the same folder again goes on with it (default: ${SESSIONS_FOLDER}/NAME)`)
    .option('--speed <n>', 'so many times as fast as the clock', '1')
    .option('--set <path=value>', 'set a value of the run file; may be given again', again)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid paper run.yaml
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
    return await trade(planned, folder, speed, clock);
  } finally {
    if (folder.journal.isAlive) folder.journal.close();
  }
}

function trade(planned: PlannedSession, folder: SessionFolder, speed: number, clock: SystemClock): Promise<number> {
  const plan = folder.plan ?? planned.plan;
  const lines = new SessionLines(plan);
  announce(planned, folder, speed);
  return new Promise((resolve, reject) => {
    const { signal, release } = interruption();
    const end = (work: Promise<number>): void => {
      release();
      work.then(resolve, reject);
    };
    const session = new Session({
      plan,
      journal: folder.journal,
      clock,
      speed,
      goesOnAlone: planned.isGenerated,
      openStreams: planned.openStreams,
      connect: (made, listener) => new WorkerCore(programFile(), made, listener),
      listener: {
        onPhase: (phase) => say(phaseText(phase, folder)),
        onOutputs: (outputs, isReplayed) => {
          if (!isReplayed) for (const output of outputs) tell(output, lines, planned);
        },
        onFailure: (error) => end(session.stop().then(() => Promise.reject(error))),
      },
    });
    signal.addEventListener('abort', () =>
      end(
        session.stop().then((digest) => {
          say(
            `Ended at ${instantText(session.lastTs)} after ${session.sequence} inputs, digest ${digest}. The same command goes on with it.`,
          );
          return EXIT.ok;
        }),
      ),
    );
    session.start().catch((error: unknown) => end(session.stop().then(() => Promise.reject(error))));
  });
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

function speedOf(text: string): number {
  const speed = Number(text);
  if (speed > 0 && speed <= SESSION_SPEED_MAX) return speed;
  const rule = `--speed takes a number above 0, to ${SESSION_SPEED_MAX}.`;
  throw new InputError([{ code: 'OPTION_INVALID', column: '--speed', value: text, rule, fix: 'Write for example --speed 60.' }]);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
