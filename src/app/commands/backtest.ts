import { resolve } from 'node:path';
import type { Command } from 'commander';
import { resolveRun, type ResolvedRun } from '../backtest/resolve-run.ts';
import { type FailureMoment, type FinishedRun, runBacktest } from '../backtest/run-backtest.ts';
import { again, EXIT, framed, interruption, isClosedPipe, JSON_OPTION, reportFailure } from '../command-frame.ts';
import { checkReportPath, writeReport } from './report-file.ts';
import { SystemClock } from '../../adapters/clock/system-clock.ts';
import { keepBacktest, keptFolder } from './keep-backtest.ts';
import { RUNS_FOLDER } from '../runs-folder.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { strategyFailure } from '../strategy-failure.ts';
import { progressView, runProgressText } from '../terminal/progress.ts';
import { summaryLines } from '../terminal/summary.ts';

/** Said wherever a generated market is traded. */
export const MADE_UP = 'The market is made up: profits on it mean nothing.';

interface BacktestOptions {
  readonly json?: boolean;
  readonly report?: string;
  readonly keep?: boolean;
  readonly set?: readonly string[];
}

export function registerBacktest(program: Command): void {
  program
    .command('backtest')
    .description('play recorded or generated markets through a strategy and say what came of it')
    .argument('<run-file>', 'the run file (YAML); every key: docs/reference/run-file.md')
    .option('--json', JSON_OPTION)
    .option('--report <file>', 'write the report as one HTML file')
    .option('--keep', `keep what came of it, and the report, in ${RUNS_FOLDER}/: the dashboard lists what lies there`)
    .option('--set <path=value>', 'set a value of the run file; may be given again', again)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid backtest run.yaml
  $ quanthybrid backtest run.yaml --report report.html --set strategy.parameters.fast=5
  $ quanthybrid backtest run.yaml --json > result.json

Exit status: 0 done, 1 the run failed (a strategy threw), 2 bad input, 130 ended by Ctrl-C (the result says how far it got).`,
    )
    .action((file: string, options: BacktestOptions) => framed(() => backtest(file, options), options));
}

async function backtest(file: string, options: BacktestOptions): Promise<number> {
  if (options.report !== undefined) checkReportPath(options.report);
  const resolved = await resolveRun(readRunFile(file, options.set ?? []), loadStrategyFile);
  if (options.json !== true) for (const line of resolved.assumed) process.stderr.write(`assumed: ${line}\n`);
  const startedTs = new SystemClock().now();
  const finished = await runShown(resolved);
  const { result } = finished;
  const kept = options.keep === true ? keepBacktest(finished, startedTs) : null;
  const failure = (options.report === undefined ? null : writeReport(options.report, finished)) ?? kept;
  if (options.json === true) await printed(`${JSON.stringify(result)}\n`);
  else await printed(`\n${[...summaryLines(result), ...(failure === null ? nextSteps(file, options, resolved) : [])].join('\n')}\n`);
  // The result is worth having without its report, so it comes first; with --json the error is on standard error alone.
  if (failure !== null) return reportFailure(failure);
  return result.status === 'stopped' ? EXIT.interrupted : EXIT.ok;
}

/** Runs with progress on standard error; Ctrl-C ends it after the slice at hand. */
export async function runShown(resolved: ResolvedRun): Promise<FinishedRun> {
  const view = progressView(process.stderr, runProgressText);
  const { signal, release } = interruption();
  let moment: FailureMoment | null = null;
  try {
    return await runBacktest(resolved, {
      signal,
      onProgress: (progress) => view.show(progress),
      onFailure: (at) => {
        moment = at;
      },
    });
  } catch (error) {
    throw strategyFailure(error, resolved, moment) ?? error;
  } finally {
    view.end();
    release();
  }
}

/** Waits until standard output has taken all of it: a pipe may be slower than we are. A closed one ends the program by its error event. */
export function printed(text: string): Promise<void> {
  return new Promise((done, failed) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) done();
      else if (!isClosedPipe(error)) failed(error);
    });
  });
}

function nextSteps(file: string, options: BacktestOptions, { loaded, runId }: ResolvedRun): readonly string[] {
  const isMadeUp = loaded.run.data.some((data) => data.generated !== undefined);
  const report = options.report === undefined && options.keep !== true ? `npx quanthybrid backtest ${file} --report report.html` : null;
  return [
    ...(isMadeUp ? ['', MADE_UP] : []),
    '',
    ...(options.report === undefined ? [] : [`Report: ${resolve(options.report)}`]),
    ...(options.keep === true ? [`Kept: ${keptFolder(runId)}, listed on the page Research of the dashboard`] : []),
    ...(report === null ? [] : [`Charts and every trade: ${report}`]),
    `Other parameters: npx quanthybrid backtest ${file} --set strategy.parameters.NAME=VALUE`,
  ];
}
