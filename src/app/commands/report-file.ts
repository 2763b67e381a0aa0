import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { renderReport } from '../../adapters/report/html-report.ts';
import { WorldError } from '../../ports/errors.ts';
import type { FinishedRun } from '../backtest/run-backtest.ts';
import { optionProblem } from '../data/command-options.ts';

/**
 * Asked before a run, which may take hours: whether a report can be written there. Nothing is made; folders on the way may be missing.
 *
 * @throws InputError OPTION_INVALID
 */
export function checkReportPath(file: string): void {
  const path = resolve(file);
  if (existsSync(path)) {
    if (statSync(path).isDirectory())
      throw optionProblem('report', file, 'This is a folder, and the report is one file.', 'Give a file, such as --report report.html.');
    if (!isWritable(path)) throw optionProblem('report', file, 'This file cannot be written to.', 'Give another file.');
    return;
  }
  const folder = nearestExisting(dirname(path));
  if (!statSync(folder).isDirectory())
    throw optionProblem('report', file, `${folder} is a file, so the report cannot lie in it.`, 'Give a file in a folder.');
  if (!isWritable(folder)) throw optionProblem('report', file, `Nothing can be written to the folder ${folder}.`, 'Give another folder.');
}

/** What keeps the report from being written, or null: the caller has a result to show first. */
export function writeReport(file: string, finished: FinishedRun): WorldError | null {
  const path = resolve(file);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, renderReport(finished.report));
    return null;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    return new WorldError('REPORT_NOT_WRITTEN', `The report cannot be written to ${path} (${String(cause.code)}).`, {
      retryable: false,
      cause,
    });
  }
}

function nearestExisting(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
