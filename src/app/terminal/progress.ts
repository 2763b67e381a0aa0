import { SingleBar } from 'cli-progress';
import type { RunProgress } from '../backtest/run-backtest.ts';
import { shortTimeText } from '../backtest/time-text.ts';
import { countText, durationText } from './number-text.ts';

/** Shows how far a run is. */
export interface ProgressView {
  show(progress: RunProgress): void;
  /** Leaves the terminal clean for what is printed next. */
  end(): void;
}

/** Lines where there is no terminal come this often. */
const LINE_EVERY_SECONDS = 3;

/** A bar on a terminal, a line every few seconds elsewhere; both on standard error, so that standard output holds results only. */
export function progressView(stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY ? barView(stream) : lineView(stream);
}

function barView(stream: NodeJS.WriteStream): ProgressView {
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
      bar.update(Math.round((progress.fraction ?? 0) * 1000), { what: describe(progress) });
    },
    end: () => {
      if (isStarted) bar.stop();
    },
  };
}

function lineView(stream: NodeJS.WriteStream): ProgressView {
  let nextAt = LINE_EVERY_SECONDS;
  return {
    show: (progress) => {
      if (progress.secondsElapsed < nextAt) return;
      nextAt = progress.secondsElapsed + LINE_EVERY_SECONDS;
      const share = progress.fraction === null ? '' : `${Math.floor(progress.fraction * 100)} % | `;
      stream.write(`${share}${describe(progress)}\n`);
    },
    end: () => {},
  };
}

function describe(progress: RunProgress): string {
  const left = progress.secondsLeft === null ? '' : ` | ${durationText(progress.secondsLeft)} left`;
  return `${shortTimeText(progress.now)} | ${countText(progress.events)} events | ${countText(Math.round(progress.eventsPerSecond))}/s${left}`;
}
