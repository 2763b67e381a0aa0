import { portableExp } from '../../base/elementary.ts';
import { type Random, stream } from '../../base/random.ts';
import { seasonAt } from '../generated/generated-prices.ts';
import type { AgentMarketSettings } from './agent-settings.ts';
import { MINUTE_US } from '../../model/civil-date.ts';

const MINUTES_PER_YEAR = 525_600;
/** Volatility moves every fifteen seconds. */
const VOLATILITY_US = 15_000_000;
/** Two parts of the logarithm of volatility, of equal weight: half-lives 15 minutes and 4 hours. */
const QUICK_MEMORY = 0.988514;
const SLOW_MEMORY = 0.99927825;
/** Pull to the starting price over about 60 days: keeps years of prices within a factor of a few. */
const LONG_PULL_MINUTES = 60 * 1440;
/** A jump raises the quick part to at least this: volatility is e times as high and calms down again. */
const JUMP_EXCITES = 1;

/** The value moves in steps of so long, microseconds: a quarter of a second in busy markets, up to a second in quiet ones, whose agents could not follow. */
export function valueStepUs(eventsPerSecond: number): number {
  return eventsPerSecond >= 4 ? 250_000 : eventsPerSecond >= 2 ? 500_000 : 1_000_000;
}

/**
 * What the instrument is worth: a log price that nobody can see but market makers and informed traders feel. Its volatility comes in clusters
 * (the logarithm is a sum of two AR(1), S. Taylor 1986) and follows the time of day. It is told nothing of what is traded.
 */
export class FundamentalValue {
  /** Increments, not whole, at least 2. */
  value: number;
  /** Volatility now over its long-run level, the time of day left out. */
  volatilityRatio = 1;
  /** Activity and variance at this time of day, mean 1. */
  season = 1;
  /** Length of a step, microseconds. */
  readonly stepUs: number;
  private logPrice = 0;
  private quick = 0;
  private slow = 0;
  private steps = 0;
  private rootSeason = 1;
  private readonly random: Random;
  private readonly jumpRandom: Random;
  private readonly startPrice: number;
  private readonly stepDeviation: number;
  private readonly stepsPerSecondRoot: number;
  private readonly stepsPerVolatility: number;
  private readonly longPull: number;
  private readonly quickShock: number;
  private readonly slowShock: number;
  private readonly meanShift: number;
  private readonly jumpSize: number;

  constructor(settings: AgentMarketSettings) {
    const { seed, position, startPrice, annualVolatility, behavior, jumps } = settings;
    this.random = stream(seed, `agents ${position} value`);
    this.jumpRandom = stream(seed, `agents ${position} jump sizes`);
    this.startPrice = startPrice;
    this.value = startPrice;
    this.jumpSize = jumps.size;
    this.stepUs = valueStepUs(settings.eventsPerSecond);
    const stepsPerMinute = MINUTE_US / this.stepUs;
    this.stepDeviation = annualVolatility / Math.sqrt(MINUTES_PER_YEAR * stepsPerMinute);
    this.stepsPerSecondRoot = Math.sqrt(stepsPerMinute / 60);
    this.stepsPerVolatility = VOLATILITY_US / this.stepUs;
    this.longPull = 1 / (LONG_PULL_MINUTES * stepsPerMinute);
    const spread = behavior.volatilityOfVolatility;
    const share = spread * Math.SQRT1_2;
    this.quickShock = share * Math.sqrt(1 - QUICK_MEMORY * QUICK_MEMORY);
    this.slowShock = share * Math.sqrt(1 - SLOW_MEMORY * SLOW_MEMORY);
    this.meanShift = spread * spread;
    this.slow = share * this.random.nextNormal();
    this.quick = share * this.random.nextNormal();
  }

  /** Deviation of the value over a second, in increments. */
  get secondDeviation(): number {
    return this.value * this.stepDeviation * this.volatilityRatio * this.rootSeason * this.stepsPerSecondRoot;
  }

  /** Goes one step on, to `ts`. */
  step(ts: number): void {
    if (this.steps % this.stepsPerVolatility === 0) this.turnVolatility(ts);
    this.steps += 1;
    const deviation = this.stepDeviation * this.volatilityRatio * this.rootSeason;
    this.logPrice += deviation * this.random.nextNormal() - this.longPull * this.logPrice;
    this.reprice();
  }

  /** The value moves at once, up or down, by half to one and a half times the size asked for. */
  jump(): void {
    const { jumpRandom } = this;
    const size = this.jumpSize * (0.5 + jumpRandom.nextDouble());
    this.logPrice += jumpRandom.nextDouble() < 0.5 ? -size : size;
    this.quick = Math.max(this.quick, JUMP_EXCITES);
    this.reprice();
  }

  private reprice(): void {
    this.value = Math.max(2, this.startPrice * portableExp(this.logPrice));
  }

  private turnVolatility(ts: number): void {
    this.quick = QUICK_MEMORY * this.quick + this.quickShock * this.random.nextNormal();
    this.slow = SLOW_MEMORY * this.slow + this.slowShock * this.random.nextNormal();
    this.volatilityRatio = portableExp(this.quick + this.slow - this.meanShift);
    this.season = seasonAt(Math.floor(Math.max(0, ts) / MINUTE_US));
    this.rootSeason = Math.sqrt(this.season);
  }
}
