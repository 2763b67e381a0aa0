import { SingleBar } from 'cli-progress';
import type { RunProgress } from '../backtest/run-backtest.ts';
import type { DataProgress } from '../data/data-progress.ts';
import { shortTimeText } from '../backtest/time-text.ts';
import { countText, durationText } from './number-text.ts';

/** What is shown of any long work, besides its own words. */
interface Progress {
  /** 0 to 1; null where nobody knows how much there is. */
  readonly fraction: number | null;
  readonly secondsElapsed: number;
  readonly secondsLeft: number | null;
}

/** Shows how far long work is. */
interface ProgressView<P extends Progress> {
  show(progress: P): void;
  /** Leaves the terminal clean for what is printed next. */
  end(): void;
}

/** Lines where there is no terminal come this often. */
const LINE_EVERY_SECONDS = 3;

/** A bar on a terminal, a line every few seconds elsewhere; both on standard error, so that standard output holds results only. */
export function progressView<P extends Progress>(stream: NodeJS.WriteStream, textOf: (progress: P) => string): ProgressView<P> {
  const words = (progress: P): string =>
    `${textOf(progress)}${progress.secondsLeft === null ? '' : ` | ${durationText(progress.secondsLeft)} left`}`;
  return stream.isTTY ? barView(stream, words) : lineView(stream, words);
}

export function runProgressText(progress: RunProgress): string {
  return `${shortTimeText(progress.now)} | ${countText(progress.events)} events | ${countText(Math.round(progress.eventsPerSecond))}/s`;
}

export function dataProgressText(progress: DataProgress): string {
  return `${countText(progress.rows)} rows | ${countText(Math.round(progress.rowsPerSecond))}/s`;
}

function barView<P extends Progress>(stream: NodeJS.WriteStream, words: (progress: P) => string): ProgressView<P> {
  const bar = new SingleBar({
    format: '{bar} {percentage}% | {what}',
    stream,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 28,
    fps: 10,
  });
  let isStarted = false;
  return {
    show: (progress) => {
      if (!isStarted) bar.start(1000, 0, { what: '' });
      isStarted = true;
      bar.update(Math.round((progress.fraction ?? 0) * 1000), { what: words(progress) });
    },
    end: () => {
      if (isStarted) bar.stop();
    },
  };
}

function lineView<P extends Progress>(stream: NodeJS.WriteStream, words: (progress: P) => string): ProgressView<P> {
  let nextAt = LINE_EVERY_SECONDS;
  return {
    show: (progress) => {
      if (progress.secondsElapsed < nextAt) return;
      nextAt = progress.secondsElapsed + LINE_EVERY_SECONDS;
      const share = progress.fraction === null ? '' : `${Math.floor(progress.fraction * 100)} % | `;
      stream.write(`${share}${words(progress)}\n`);
    },
    end: () => {},
  };
}
