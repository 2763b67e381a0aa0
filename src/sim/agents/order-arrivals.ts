import { portableExp } from '../../base/elementary.ts';
import type { Random } from '../../base/random.ts';

/** How fast the excitement of an order fades, per second: with half a second, and with 40 seconds. */
const QUICK_DECAY = 2;
const SLOW_DECAY = 1 / 40;
/** After it nothing quick is left. */
const FADE_MAX_US = 300_000_000;

/**
 * When orders come: a Hawkes process with two exponential kernels, of equal weight. Each order raises the rate of those after it; on average a share
 * `clustering` of orders is owed to others. Exact, by thinning: between orders the rate only falls, so the rate now bounds what comes.
 *
 * Beside the excited rate there is one that excites nobody (market makers' answers).
 * Source: Y. Ogata, IEEE Transactions on Information Theory 27, 1981; E. Bacry, I. Mastromatteo and J.-F. Muzy, Hawkes processes in finance, 2015.
 */
export class OrderArrivals {
  /** Orders a second that come unexcited; may be changed between draws. */
  baseRate = 0;
  /** A second; may be changed between draws. */
  answerRate = 0;
  /** Of the wait for the next candidate, in units of its mean. */
  private left = 0;
  private isDrawn = false;
  private quick = 0;
  private slow = 0;
  private readonly random: Random;
  private readonly quickStep: number;
  private readonly slowStep: number;

  constructor(random: Random, clustering: number) {
    this.random = random;
    this.quickStep = 0.5 * clustering * QUICK_DECAY;
    this.slowStep = 0.5 * clustering * SLOW_DECAY;
  }

  /** Of orders that excite, a second. */
  get orderRate(): number {
    return this.baseRate + this.quick + this.slow;
  }

  /** An order has come. */
  excite(): void {
    this.quick += this.quickStep;
    this.slow += this.slowStep;
  }

  /** Microseconds until the next candidate at the rates of now; what comes of it {@link arrives} says, after {@link fade}. */
  nextWait(): number {
    if (this.isDrawn) return (this.left * 1_000_000) / (this.orderRate + this.answerRate);
    this.isDrawn = true;
    this.left = this.random.nextExponential(1);
    return (this.left * 1_000_000) / (this.orderRate + this.answerRate);
  }

  /** So much time has gone at a rate, without a candidate: what is left of the wait counts on at other rates. */
  pass(us: number, boundRate: number): void {
    this.left = Math.max(0, this.left - (us * boundRate) / 1_000_000);
  }

  /** The quick part of excitement fades over so many microseconds. */
  fade(us: number): void {
    this.quick *= portableExp((-QUICK_DECAY * Math.min(us, FADE_MAX_US)) / 1_000_000);
  }

  /** The slow part of excitement stands still between calls, and then fades by as much. */
  fadeSlowly(us: number): void {
    this.slow *= portableExp((-SLOW_DECAY * us) / 1_000_000);
  }

  /** What a candidate is: 1 an order, −1 an answer, 0 nothing, since the rate has fallen from `boundRate`, of orders and answers, meanwhile. */
  arrives(boundRate: number): -1 | 0 | 1 {
    this.isDrawn = false;
    const draw = this.random.nextDouble() * boundRate;
    if (draw < this.answerRate) return -1;
    return draw < this.answerRate + this.orderRate ? 1 : 0;
  }
}
