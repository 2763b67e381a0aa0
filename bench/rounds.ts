import type { RoundAnswer } from './child-process.ts';

/** Rounds of each that go first and do not count: a run that trades tens of thousands of times is compiled to its last form in its third. */
export const WARM_UP_ROUNDS = 3;
/** Rounds that count at least, and tried at most. */
export const ROUNDS_MIN = 7;
export const ROUNDS_MAX = 25;
/** A round in which the control's time before and after the subject differ by more than this share was disturbed and is dropped. */
const CONTROL_DRIFT_MAX = 0.25;

export interface Compared {
  /** Median over the rounds that count of the control's time / the subject's time: above 1 the subject is faster. */
  readonly ratio: number;
  readonly best: number;
  readonly worst: number;
  readonly kept: number;
  readonly dropped: number;
  /** Of the rounds that count. */
  readonly subjectNs: number;
  readonly controlNs: number;
  /** So many had to count. */
  readonly needed: number;
  /** The first answers, for what they say besides. */
  readonly subject: RoundAnswer;
  readonly control: RoundAnswer;
}

/** How many rounds there are of each kind. */
export interface RoundCounts {
  readonly warmUp: number;
  readonly min: number;
  readonly max: number;
}

const ROUND_COUNTS: RoundCounts = { warmUp: WARM_UP_ROUNDS, min: ROUNDS_MIN, max: ROUNDS_MAX };

export interface Comparison {
  readonly subject: () => Promise<RoundAnswer>;
  readonly control: () => Promise<RoundAnswer>;
  /** Both did the same work; checked after every round. */
  readonly isSame: (subject: RoundAnswer, control: RoundAnswer) => boolean;
  readonly onRound: (done: number, kept: number) => void;
  /** Where a round takes so long that fewer must do. */
  readonly counts?: RoundCounts;
}

/**
 * Control, subject, control, subject, … , control: each round of the subject lies between two of the control, whose mean it is held against.
 * {@link WARM_UP_ROUNDS} of each go first and do not count, since compilers warm up.
 *
 * @throws Error where the two did not do the same work
 */
export async function compare(comparison: Comparison): Promise<Compared> {
  const { subject, control, isSame, onRound, counts = ROUND_COUNTS } = comparison;
  await control();
  const first = await subject();
  for (let round = 1; round < counts.warmUp; round += 1) {
    await control();
    await subject();
  }
  let before = await control();
  const firstControl = before;
  const rounds: { readonly subjectNs: number; readonly controlNs: number }[] = [];
  let done = 0;
  while (rounds.length < counts.min && done < counts.max) {
    const measured = await subject();
    const after = await control();
    if (!isSame(measured, after)) throw new Error(`not the same work: ${JSON.stringify(measured)} against ${JSON.stringify(after)}`);
    done += 1;
    if (driftOf(before.ns, after.ns) <= CONTROL_DRIFT_MAX) rounds.push({ subjectNs: measured.ns, controlNs: (before.ns + after.ns) / 2 });
    before = after;
    onRound(done, rounds.length);
  }
  const ratios = rounds.map((round) => round.controlNs / round.subjectNs);
  return {
    ratio: median(ratios),
    best: Math.max(...ratios),
    worst: Math.min(...ratios),
    needed: counts.min,
    kept: rounds.length,
    dropped: done - rounds.length,
    subjectNs: median(rounds.map((round) => round.subjectNs)),
    controlNs: median(rounds.map((round) => round.controlNs)),
    subject: first,
    control: firstControl,
  };
}

/** How far apart two times are, as a share of the shorter. */
export function driftOf(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b) - 1;
}

/** NaN of none; the mean of the middle two where there are as many on both sides. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
