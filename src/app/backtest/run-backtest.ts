import { buildResult } from './build-result.ts';
import { PriceTap } from './price-tap.ts';
import type { OpenedRun, ResolvedRun } from './resolve-run.ts';
import type { ReportInput, RunResult } from '../../contract/run-result.ts';
import { BlockKind } from '../../model/blocks.ts';
import { instantText } from '../../model/instant.ts';
import { Backtest } from '../../runtime/backtest.ts';
import { rateOf, secondsLeftAt, SLICE_MS } from '../terminal/pace.ts';

/** How far a run is; numbers for whoever draws the bar. */
export interface RunProgress {
  readonly events: number;
  readonly eventsPerSecond: number;
  /** 0 to 1; null where nobody knows how much there is. */
  readonly fraction: number | null;
  readonly secondsElapsed: number;
  /** By the rate so far; null until 1 % is done. */
  readonly secondsLeft: number | null;
  /** Time of the last input, microseconds since the epoch. */
  readonly now: number;
}

export interface RunOptions {
  readonly onProgress?: (progress: RunProgress) => void;
  /** Ends the run after the slice at hand; what has happened until then is the result. */
  readonly signal?: AbortSignal;
  readonly stepRowsMax?: number;
  /** Told how far the run had come before what ended it is thrown on. */
  readonly onFailure?: (moment: FailureMoment) => void;
}

/** Where a run stood when something threw. */
export interface FailureMoment {
  /** Time of the input in hand, microseconds since the epoch. */
  readonly now: number;
  readonly events: number;
  /** The last lines that strategies logged, oldest first. */
  readonly logTail: readonly string[];
}

export interface FinishedRun {
  readonly result: RunResult;
  readonly report: ReportInput;
}

/** Rows of the first slice, and of the longest. */
/** A strategy that computes for long at every row is interrupted too: slices begin small and grow by no more than this. */
const SLICE_ROWS_FIRST = 16;
const SLICE_GROWTH_MAX = 8;
const SLICE_ROWS_MAX = 2_000_000;
const LOG_TAIL_LINES = 10;

/**
 * Plays a run in slices, giving the event loop a turn between them.
 *
 * @throws what a handler of a strategy throws; InputError for a defective row of data
 */
export async function runBacktest(resolved: ResolvedRun, options: RunOptions = {}): Promise<FinishedRun> {
  const { onProgress, signal, stepRowsMax } = options;
  const opened = resolved.open(stepRowsMax === undefined ? {} : { stepRowsMax });
  const { taps, streams } = tapped(resolved, opened);
  const backtest = new Backtest({ ...opened.spec, streams });
  // From here on: the rate is of playing, without what comes once per run.
  const startMs = performance.now();
  let isDone = false;
  try {
    let rows = SLICE_ROWS_FIRST;
    while (!isDone && signal?.aborted !== true) {
      const sliceMs = performance.now();
      isDone = backtest.advance(rows);
      const tookMs = Math.max(performance.now() - sliceMs, 0.1);
      rows = Math.min(SLICE_ROWS_MAX, rows * SLICE_GROWTH_MAX, Math.max(1, Math.round((rows * SLICE_MS) / tookMs)));
      onProgress?.(progressOf(backtest, opened, startMs));
      await new Promise((resolve) => setImmediate(resolve));
    }
    backtest.finish();
  } catch (error) {
    for (const stream of streams) stream.close();
    const { logLines } = backtest.recorder;
    const logTail = logLines.slice(-LOG_TAIL_LINES).map(({ tsInit, message }) => `${instantText(tsInit)} ${message}`);
    options.onFailure?.({ now: backtest.engine.now, events: backtest.events, logTail });
    throw error;
  }
  const elapsedMs = performance.now() - startMs;
  const prices = taps.map((tap) => tap.series(Math.max(backtest.engine.now, opened.startTs)));
  const { result, benchmark } = buildResult({
    resolved,
    backtest,
    status: isDone ? 'completed' : 'stopped',
    startTs: opened.startTs,
    elapsedMs,
    prices,
    skippedRows: opened.skippedRows(),
  });
  const { text: runFileText, overrides } = resolved.loaded;
  return { result, report: { result, prices, benchmark, runFileText, overrides, parameters: resolved.parameters } };
}

/** One stream of each instrument is listened to: its first bars, else its first trades or quotes, else its book. */
function tapped(
  resolved: ResolvedRun,
  opened: OpenedRun,
): { readonly taps: readonly PriceTap[]; readonly streams: OpenedRun['spec']['streams'] } {
  const taps: PriceTap[] = [];
  const chosen = resolved.known.instruments.map((instrument) => {
    const own = resolved.streams.filter((stream) => stream.instrument === instrument.index);
    return own.find(({ kind }) => kind === BlockKind.BARS) ?? own.find(({ kind }) => kind !== BlockKind.BOOK_DELTAS) ?? own[0];
  });
  const streams = opened.spec.streams.map((reader, index) => {
    const place = chosen.indexOf(resolved.streams[index]!);
    if (place < 0) return reader;
    const tap = new PriceTap(reader, resolved.known.instruments[place]!);
    taps.push(tap);
    return tap;
  });
  return { taps, streams };
}

function progressOf(backtest: Backtest, opened: OpenedRun, startMs: number): RunProgress {
  const secondsElapsed = (performance.now() - startMs) / 1000;
  const { startTs, endTs } = opened;
  const byTime = endTs === null ? null : (backtest.engine.now - startTs) / (endTs - startTs);
  const read = opened.progress();
  const fraction = byTime ?? read;
  const bounded = fraction === null ? null : Math.min(1, Math.max(0, fraction));
  return {
    events: backtest.events,
    eventsPerSecond: rateOf(backtest.events, secondsElapsed),
    fraction: bounded,
    secondsElapsed,
    secondsLeft: secondsLeftAt(bounded, secondsElapsed),
    now: backtest.engine.now,
  };
}
