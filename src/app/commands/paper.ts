import path from 'node:path';
import type { Command } from 'commander';
import { fetchText } from '../../adapters/binance/ws-transport.ts';
import { SystemClock } from '../../adapters/clock/system-clock.ts';
import { instantText } from '../../model/instant.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import type { Clock } from '../../ports/clock.ts';
import { InputError } from '../../ports/errors.ts';
import { SessionMirror } from '../../runtime/session/session-mirror.ts';
import type { SessionPlan } from '../../runtime/session/session-plan.ts';
import { Session } from '../../runtime/session/session.ts';
import { WorkerCore } from '../../runtime/session/worker-core.ts';
import { EXIT, framed, interruption } from '../command-frame.ts';
import { programFile } from '../program-file.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { checkSymbols } from '../session/check-symbols.ts';
import { liveMarketText } from '../session/live-market.ts';
import { SessionMarket } from '../session/session-market.ts';
import { EquityLines } from '../session/equity-lines.ts';
import { HeldLines } from '../session/held-lines.ts';
import { planSession, type PlannedSession } from '../session/plan-session.ts';
import { descriptorsOf, openDesk, type SessionDesk } from '../session/session-desk.ts';
import { SessionEnds } from '../session/session-end.ts';
import { openSessionFolder, refuseChanged, type SessionFolder, SESSIONS_FOLDER } from '../session/session-folder.ts';
import { SessionLines } from '../session/session-lines.ts';
import { SnapshotLines } from '../session/snapshot-lines.ts';
import { databaseText, deskLines, phaseLines } from '../session/session-places.ts';
import { SessionProgress } from '../session/session-progress.ts';
import { settleOrders } from '../session/stop-policy.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { MADE_UP } from './backtest.ts';
import { choicesOf, databaseOf, type SessionChoices, type SessionCommandOptions, withSessionOptions } from './session-options.ts';

interface PaperOptions extends SessionCommandOptions {
  readonly dashboard?: boolean;
}

export function registerPaper(program: Command): void {
  const command = program
    .command('paper')
    .description('trade a run file on paper: a market in real time, simulated fills, and a journal from which it comes back after anything')
    .argument('<run-file>', 'the run file (YAML), as for backtest')
    .option('--dashboard', 'serve the dashboard and the API on this machine, with users and a database; "start" does, scripts need not');
  withSessionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid paper run.yaml
  $ quanthybrid paper run.yaml --dashboard                 watch and steer it in a browser
  $ quanthybrid paper run.yaml --speed 60                  a minute a second
  $ quanthybrid paper run.yaml --folder sessions/monday    begin it, or go on with it
  $ quanthybrid paper run.yaml --minutes 30 --on-stop cancel

A market of Binance Spot as it happens, no key needed: write "live: binance" under data. See docs/guide/paper.md#on-live-data and
examples/live/binance-paper.yaml.

Ctrl-C ends it in order; a second one ends it at once. The same command goes on where it was.

Exit status: 0 ended, 1 it failed (the disk did, a strategy could not be made), 2 bad input, 130 ended at once.`,
    )
    .action((file: string, options: PaperOptions) => framed(() => paper(file, options)));
}

/** Runs a session until somebody or its time ends it. */
export async function paper(file: string, options: PaperOptions): Promise<number> {
  const loaded = readRunFile(file, options.set ?? []);
  const choices = choicesOf(options);
  const clock = new SystemClock();
  const held = new HeldLines(say);
  const folder = openSessionFolder(options.folder ?? path.join(SESSIONS_FOLDER, loaded.run.name), ({ code, text }) =>
    held.say(`journal: ${text} [${code}]`),
  );
  try {
    const planned = await planSession(loaded, loadStrategyFile, folder.plan?.tradingFromTs ?? clock.now());
    if (folder.plan !== null) refuseChanged(folder.folder, folder.plan, planned.plan);
    if (planned.live !== null) {
      refuseSpeed(choices.speed);
      // A session that has begun comes back whether or not the venue is there.
      const unknown = folder.plan === null ? await checkSymbols(planned.live, loaded, { clock, fetchText }) : null;
      if (unknown !== null) held.say(`The venue could not be asked about the instruments: ${unknown}`);
    }
    return await trade(planned, folder, { choices, clock, options, held });
  } finally {
    held.release();
    if (folder.journal.isAlive) folder.journal.close();
  }
}

interface Means {
  readonly choices: SessionChoices;
  readonly clock: SystemClock;
  readonly options: PaperOptions;
  readonly held: HeldLines;
}

async function trade(planned: PlannedSession, folder: SessionFolder, { choices, clock, options, held }: Means): Promise<number> {
  const plan = folder.plan ?? planned.plan;
  const tell = teller(plan, clock);
  const snapshotLines = new SnapshotLines();
  const inputsFound = folder.journal.lastSequence;
  const progress = new SessionProgress(plan, inputsFound, { clock, stream: process.stderr });
  const ends = new SessionEnds();
  const market = new SessionMarket(planned, say);
  let desk: SessionDesk | null = null;
  const mirror = new SessionMirror({ plan, mode: 'PAPER', now: () => session.now(), descriptorsOf: descriptorsOf(plan) });
  const session: Session = new Session({
    plan,
    journal: folder.journal,
    clock,
    speed: choices.speed,
    goesOnAlone: market.goesOnAlone,
    openFeed: market.open(clock.now()),
    connect: (made, listener) => new WorkerCore(programFile(), made, listener),
    follower: mirror,
    listener: {
      onSnapshot: (news) => sayIfAny(snapshotLines.of(news)),
      onPhase: (phase) => {
        progress.onPhase(phase, session);
        mirror.onPhase(phase);
        for (const line of phaseLines(phase, { session, plan, inputsFound, view: mirror })) say(line);
        if (phase === 'RUNNING') ends.endAfter(choices.minutes, clock);
      },
      onRows: (block) => mirror.onRows(block),
      onOutputs: (outputs, isReplayed) => {
        mirror.onOutputs(outputs);
        progress.show(session);
        if (isReplayed) return;
        desk?.take(outputs);
        outputs.forEach(tell);
      },
      onFeedEnd: () => ends.endPlayedOut(say),
      onFailure: (error) => ends.fail(error),
    },
  });
  const { signal, release } = interruption();
  signal.addEventListener('abort', () => {
    say('Ending in order; Ctrl-C again ends it at once');
    ends.end();
  });
  try {
    if (options.dashboard === true) {
      const database = databaseOf(options, folder.folder);
      desk = await openDesk({
        ...{ plan, session, mirror, clock, journal: folder.journal, folder: folder.folder, database, port: choices.port },
        ...{ say: held.say, isWatched: process.stderr.isTTY, market: () => market.health },
      });
      for (const line of deskLines(desk)) say(line);
      announce(planned, folder, choices.speed);
      say(`  database  ${databaseText(database)}`);
    } else announce(planned, folder, choices.speed);
    held.release();
    session.start().catch((error: unknown) => ends.fail(error));
    await ends.ended;
    await desk?.stopServing();
    say(await settleOrders(choices.stopPolicy, { session, view: mirror, clock }));
    return EXIT.ok;
  } finally {
    release();
    progress.end();
    await desk?.stopServing();
    const digest = await session.stop();
    await desk?.close();
    if (digest !== '' && (desk !== null || options.dashboard !== true)) say(endText(session, digest, ends.isPlayedOut));
  }
}

function endText({ lastTs, sequence }: Session, digest: string, isPlayedOut: boolean): string {
  return `Ended at ${instantText(lastTs)} after ${sequence} inputs, digest ${digest}.${isPlayedOut ? '' : ' The same command goes on with it.'}`;
}

/** What runs where. */
function announce({ plan, isGenerated, live }: PlannedSession, { folder, journal }: SessionFolder, speed: number): void {
  const begun = journal.lastSequence > 0;
  const trades = plan.strategies.map(({ name }) => name).join(', ');
  say(`${begun ? 'Going on with' : 'Beginning'} the session ${plan.name}: ${trades} on ${plan.instruments.map(({ id }) => id).join(', ')}`);
  const played = `${isGenerated ? `made up, in real time${speed === 1 ? '' : ` times ${speed}`}. ${MADE_UP}` : `a recording, ${speed} times as fast as the clock`}`;
  say(`  market    ${live === null ? played : liveMarketText(live)}`);
  say('  orders    simulated fills on paper; no order leaves this machine');
  say(`  journal   ${path.join(folder, 'journal')}`);
}

/** Prints what an output came to. */
function teller(plan: SessionPlan, clock: Clock): (output: SessionOutput) => void {
  const lines = new SessionLines(plan);
  const equityLines = new EquityLines(plan, clock);
  return (output) => {
    for (const line of [...lines.of(output), ...equityLines.of(output)]) process.stdout.write(`${line}\n`);
  };
}

function refuseSpeed(speed: number): void {
  if (speed === 1) return;
  const rule = 'A live market goes as fast as the clock.';
  throw new InputError([{ code: 'OPTION_INVALID', column: '--speed', value: String(speed), rule, fix: 'Leave --speed out.' }]);
}

function sayIfAny(line: string | null): void {
  if (line !== null) say(line);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
