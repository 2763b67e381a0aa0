import { progressView } from '../terminal/progress.ts';
import { countText } from '../terminal/number-text.ts';
import { rateOf, secondsLeftAt } from '../terminal/pace.ts';
import { shortTimeText } from '../backtest/time-text.ts';
import { SECOND_US } from '../../model/civil-date.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SessionPhase } from '../../runtime/session/session.ts';
import type { SessionPlan } from '../../runtime/session/session-plan.ts';

/** How far a session has come. */
interface Progressing {
  readonly sequence: number;
  readonly lastTs: number;
}

interface Shown {
  readonly fraction: number;
  readonly ts: number;
  readonly inputs: number;
  readonly inputsPerSecond: number;
  readonly secondsElapsed: number;
  readonly secondsLeft: number | null;
}

/** Shows on a terminal how far the replay of the journal is, and then the history before trading. */
export class SessionProgress {
  private readonly plan: SessionPlan;
  private readonly inputsFound: number;
  private readonly clock: Clock;
  private readonly stream: NodeJS.WriteStream;
  private view: ReturnType<typeof progressView<Shown>> | null = null;
  private phase: SessionPhase = 'RECOVERING';
  private sinceUs = 0;
  private inputsBefore = 0;

  /** @param inputsFound inputs of the journal when the session was opened */
  constructor(plan: SessionPlan, inputsFound: number, { clock, stream }: { readonly clock: Clock; readonly stream: NodeJS.WriteStream }) {
    this.plan = plan;
    this.inputsFound = inputsFound;
    this.clock = clock;
    this.stream = stream;
  }

  /** Call before anything is said of the phase. */
  onPhase(phase: SessionPhase, { sequence }: Progressing): void {
    this.end();
    this.phase = phase;
    if (phase !== 'RECOVERING' && phase !== 'WARMING_UP') return;
    this.sinceUs = this.clock.now();
    this.inputsBefore = sequence;
    this.view = progressView<Shown>(
      this.stream,
      ({ ts, inputs, inputsPerSecond }) =>
        `${shortTimeText(ts)} | ${countText(inputs)} inputs | ${countText(Math.round(inputsPerSecond))}/s`,
    );
  }

  show({ sequence, lastTs }: Progressing): void {
    if (this.view === null) return;
    const { startTs, tradingFromTs } = this.plan;
    const secondsElapsed = (this.clock.now() - this.sinceUs) / SECOND_US;
    const done = this.phase === 'RECOVERING' ? sequence / this.inputsFound : (lastTs - startTs) / (tradingFromTs - startTs);
    const fraction = Math.min(1, Math.max(0, Number.isFinite(done) ? done : 1));
    const inputs = sequence - this.inputsBefore;
    const inputsPerSecond = rateOf(inputs, secondsElapsed);
    const secondsLeft = secondsLeftAt(fraction, secondsElapsed);
    this.view.show({ fraction, ts: lastTs, inputs, inputsPerSecond, secondsElapsed, secondsLeft });
  }

  /** Leaves the terminal clean. */
  end(): void {
    this.view?.end();
    this.view = null;
  }
}
