import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { resolveRun } from '../backtest/resolve-run.ts';
import { again, EXIT, framed, reportFailure } from '../command-frame.ts';
import { PACKAGE_FOLDER } from '../package-folder.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { summaryLines } from '../terminal/summary.ts';
import { MADE_UP, printed, runShown } from './backtest.ts';
import { writeReport } from './report-file.ts';

/** The run that is shown. */
const DEMO_RUN_FILE = join(PACKAGE_FOLDER, 'examples/start/run.yaml');

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('backtest a shipped strategy on a generated market, with a report: nothing to prepare, no network')
    .option('--set <path=value>', 'set a value of the run file; may be given again', again)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid demo
  $ quanthybrid demo --set strategy.parameters.fast=10`,
    )
    .action((options: { readonly set?: readonly string[] }) => framed(() => demo(options.set ?? [])));
}

async function demo(overrides: readonly string[]): Promise<number> {
  const runFile = readable(DEMO_RUN_FILE);
  process.stderr.write(`A made-up market and a shipped strategy: ${runFile}\n`);
  const finished = await runShown(await resolveRun(readRunFile(DEMO_RUN_FILE, overrides), loadStrategyFile));
  const { result } = finished;
  const report = join('runs', `${result.name}-${result.runId}.html`);
  const failure = writeReport(report, finished);
  await printed(
    `\n${[
      ...summaryLines(result),
      '',
      MADE_UP,
      ...(failure === null ? [`The report, with charts and every trade: ${report} (open it in a browser)`] : []),
      '',
      'What to try next:',
      '  npx quanthybrid demo --set strategy.parameters.fast=10      other parameters',
      '  npx quanthybrid start                                       trade on paper, and watch it in a browser',
      `  npx quanthybrid backtest ${runFile} --json`,
      '  npx quanthybrid init my-first-strategy                      a folder with a strategy of your own',
      '  npx quanthybrid --help                                      every command',
    ].join('\n')}\n`,
  );
  if (failure !== null) return reportFailure(failure);
  return result.status === 'stopped' ? EXIT.interrupted : EXIT.ok;
}

/** A path as seen from here where that is shorter. */
function readable(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
