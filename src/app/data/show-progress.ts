import { SingleBar } from 'cli-progress';
import type { DataProgress } from './data-progress.ts';
import { countText, durationText } from '../terminal/number-text.ts';

/** Lines where there is no terminal come this often. */
const LINE_EVERY_SECONDS = 3;

/** Shows a data command at work: a bar on a terminal, a line every few seconds elsewhere, both on standard error. */
export function showDataProgress(stream: NodeJS.WriteStream): {
  readonly show: (progress: DataProgress) => void;
  readonly end: () => void;
} {
  if (!stream.isTTY) {
    let nextAt = LINE_EVERY_SECONDS;
    return {
      show: (progress) => {
        if (progress.secondsElapsed < nextAt) return;
        nextAt = progress.secondsElapsed + LINE_EVERY_SECONDS;
        stream.write(`${Math.floor(progress.fraction * 100)} % | ${describe(progress)}\n`);
      },
      end: () => {},
    };
  }
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
      bar.update(Math.round(progress.fraction * 1000), { what: describe(progress) });
    },
    end: () => {
      if (isStarted) bar.stop();
    },
  };
}

function describe(progress: DataProgress): string {
  const left = progress.secondsLeft === null ? '' : ` | ${durationText(progress.secondsLeft)} left`;
  return `${countText(progress.rows)} rows | ${countText(Math.round(progress.rowsPerSecond))}/s${left}`;
}
