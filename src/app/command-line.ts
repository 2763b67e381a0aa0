import { Command } from 'commander';
import { registerApiKey } from './commands/api-key.ts';
import { registerBacktest } from './commands/backtest.ts';
import { registerData } from './commands/data.ts';
import { registerDb, registerInitDb } from './commands/db.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerInit } from './commands/init.ts';
import { registerJournal } from './commands/journal.ts';
import { registerPaper } from './commands/paper.ts';
import { registerReplay } from './commands/replay.ts';
import { registerSecret } from './commands/secret.ts';
import { registerStart } from './commands/start.ts';
import { registerUser } from './commands/user.ts';
import { registerVenue } from './commands/venue.ts';
import { openSessionReplay } from './session/open-session-replay.ts';
import { endWithReader, EXIT, failureJson } from './command-frame.ts';
import { VERSION } from './version.ts';

/** The whole command line, with nothing done yet. */
export function makeProgram(): Command {
  const program = new Command('quanthybrid')
    .description(
      'Trade with programs: a strategy is a TypeScript class. This version backtests and trades on paper; live trading comes next.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showSuggestionAfterError()
    .exitOverride((error) => {
      // Commander has printed its message by now. Asking for help or the version is no mistake; everything else is a wrong command line.
      if (error.exitCode === 0) process.exit(EXIT.ok);
      if (process.argv.includes('--json'))
        process.stdout.write(failureJson({ code: 'OPTION_INVALID', message: error.message.replace(/^error: /, '') }));
      process.exit(EXIT.badInput);
    })
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid start                  run the system: paper trading with the dashboard
  $ quanthybrid demo                   a first backtest, nothing to prepare
  $ quanthybrid backtest run.yaml      play a run file
  $ quanthybrid paper run.yaml         trade it on paper, in real time
  $ quanthybrid backtest --help        examples of a command`,
    );

  for (const register of [
    registerStart,
    registerDemo,
    registerInit,
    registerBacktest,
    registerPaper,
    registerReplay,
    registerData,
    registerJournal,
    registerInitDb,
    (on: Command) => registerDb(on, openSessionReplay),
    registerVenue,
    registerUser,
    registerApiKey,
    registerSecret,
    registerDoctor,
  ])
    register(program);
  return program;
}

/** Reads the command line and does what it says. */
export async function runCommandLine(): Promise<void> {
  const program = makeProgram();
  endWithReader([process.stdout, process.stderr]);
  await program.parseAsync();
}
