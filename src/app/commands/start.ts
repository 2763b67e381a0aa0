import path from 'node:path';
import type { Command } from 'commander';
import { framed } from '../command-frame.ts';
import { PACKAGE_FOLDER } from '../package-folder.ts';
import { paper } from './paper.ts';
import { type SessionCommandOptions, withSessionOptions } from './session-options.ts';

/** The session that `npm start` runs. */
const START_RUN_FILE = path.join(PACKAGE_FOLDER, 'examples/start/paper.yaml');

export function registerStart(program: Command): void {
  withSessionOptions(
    program
      .command('start')
      .description(
        'run the system: two shipped strategies trade a made-up market on paper, with the dashboard; nothing to prepare, no network',
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid start                        prints where to watch it, and how to sign in
  $ quanthybrid start --minutes 5            ends by itself
  $ quanthybrid start --folder sessions/two  another session beside the first

It is "quanthybrid paper" with the dashboard, on the run file examples/start/paper.yaml. Ctrl-C ends it in order, a second one at once; the same command
goes on where it was, also after kill -9.`,
    )
    .action((options: SessionCommandOptions) => framed(() => paper(START_RUN_FILE, { ...options, dashboard: true })));
}
