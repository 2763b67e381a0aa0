import { portableExp } from '../../base/elementary.ts';
import { stream } from '../../base/random.ts';
import type { Random } from '../../base/random.ts';

/*
 * The slow part of the generated market: one log price per minute. What it takes from the literature on stylised facts
 * (R. Cont, Quantitative Finance 1, 2001): volatility comes in clusters (log-volatility is an AR(1), S. Taylor 1986), returns have heavy
 * tails (that mixture, and jumps of Pareto size), activity follows the time of day, assets share a common factor. Spells of trend and of
 * reversion are added so that strategies of either kind find something to do; a real market owes nobody either.
 */

const MINUTES_PER_YEAR = 525_600;
const MINUTES_PER_DAY = 1440;
/** Log-volatility: half-life 346 minutes, deviation 0.6. */
const VOLATILITY_MEMORY = 0.998;
const VOLATILITY_SPREAD = 0.6;
const VOLATILITY_SHOCK = VOLATILITY_SPREAD * Math.sqrt(1 - VOLATILITY_MEMORY * VOLATILITY_MEMORY);
/** A jump every 2000 minutes on average, at least 4 and at most 25 deviations of that minute. */
const JUMP_CHANCE = 1 / 2000;
const JUMP_MIN = 4;
const JUMP_MAX = 25;
const SPELL_MINUTES_MEAN = 600;
/** Drift of a trend, in deviations per minute: 36 deviations over a mean spell, beside noise of 24. */
const TREND_DRIFT = 0.06;
/** Share of the distance to its anchor that a reverting spell takes back each minute. */
const REVERSION = 1 / 90;
/** Pull to the starting price over about 60 days: keeps years of prices within a factor of a few. */
const LONG_PULL = 1 / (60 * MINUTES_PER_DAY);
/** The spread between the logarithms of a pair: half-life 4 hours. */
const PAIR_MEMORY = 0.99711;

/** Activity by minute of the day, mean 1: busy around midnight UTC, quiet at noon, a parabola. */
export function seasonAt(minute: number): number {
  const fromNoon = ((minute % MINUTES_PER_DAY) / MINUTES_PER_DAY) * 2 - 1;
  return 0.6 + 1.2 * fromNoon * fromNoon;
}

/** Volatility as an AR(1) of its logarithm: a multiplier whose square has mean 1. */
class VolatilityProcess {
  private logLevel = 0;

  next(random: Random): number {
    this.logLevel = VOLATILITY_MEMORY * this.logLevel + VOLATILITY_SHOCK * random.nextNormal();
    return portableExp(this.logLevel - VOLATILITY_SPREAD * VOLATILITY_SPREAD);
  }
}

/** What {@link MinutePrices} needs to know of an instrument. */
interface PriceProcess {
  readonly annualVolatility: number;
  /** Share of variance that comes from the factor all instruments have in common, 0 to 1. */
  readonly marketShare: number;
}

/** Log price, minute by minute, relative to the start. Same seed and position: same path, whoever draws it and how often. */
export class MinutePrices {
  /** Logarithm of price ÷ starting price at the end of the minute. */
  logPrice = 0;
  /** Deviation of this minute's return. */
  deviation = 0;
  /** This minute's volatility over its long-run level, the season left out. */
  volatilityRatio = 1;
  private readonly random: Random;
  private readonly factorRandom: Random;
  private readonly volatility = new VolatilityProcess();
  private readonly factorVolatility = new VolatilityProcess();
  private readonly minuteDeviation: number;
  private readonly ownWeight: number;
  private readonly factorWeight: number;
  private spellMinutesLeft = 0;
  private trend = 0;
  private reversion = 0;
  private anchor = 0;

  constructor(seed: number, position: number, process: PriceProcess) {
    this.random = stream(seed, `prices ${position}`);
    this.factorRandom = stream(seed, 'factor');
    this.minuteDeviation = process.annualVolatility / Math.sqrt(MINUTES_PER_YEAR);
    this.ownWeight = Math.sqrt(1 - process.marketShare);
    this.factorWeight = Math.sqrt(process.marketShare);
  }

  /** Goes one minute on. @param minute minutes since the epoch */
  step(minute: number): void {
    const { random, factorRandom } = this;
    this.spellMinutesLeft -= 1;
    if (this.spellMinutesLeft <= 0) this.startSpell();
    const factor = this.factorVolatility.next(factorRandom) * factorRandom.nextNormal();
    this.volatilityRatio = this.volatility.next(random);
    const deviation = this.minuteDeviation * this.volatilityRatio * Math.sqrt(seasonAt(minute));
    const drift = this.trend * deviation - this.reversion * (this.logPrice - this.anchor) - LONG_PULL * this.logPrice;
    let shock = this.ownWeight * random.nextNormal();
    if (random.nextDouble() < JUMP_CHANCE) shock += this.jump();
    this.deviation = deviation;
    this.logPrice += drift + deviation * shock + this.minuteDeviation * this.factorWeight * factor;
  }

  private jump(): number {
    const size = Math.min(JUMP_MAX, this.random.nextPareto(JUMP_MIN, 3));
    return this.random.nextDouble() < 0.5 ? -size : size;
  }

  private startSpell(): void {
    const { random } = this;
    this.spellMinutesLeft = Math.ceil(random.nextExponential(SPELL_MINUTES_MEAN));
    const choice = random.nextBelow(4);
    this.trend = choice === 0 ? TREND_DRIFT : choice === 1 ? -TREND_DRIFT : 0;
    this.reversion = choice >= 2 ? REVERSION : 0;
    this.anchor = this.logPrice;
  }
}

/** The second leg of a pair: the first one's path and a spread that returns to zero. */
export class PairedPrices {
  logPrice = 0;
  deviation = 0;
  volatilityRatio = 1;
  private readonly leader: MinutePrices;
  private readonly random: Random;
  private readonly spreadShock: number;
  private logSpread = 0;

  /** @param spreadDeviation long-run deviation of the logarithm of the ratio of the two prices */
  constructor(leader: MinutePrices, seed: number, position: number, spreadDeviation: number) {
    this.leader = leader;
    this.random = stream(seed, `pair ${position}`);
    this.spreadShock = spreadDeviation * Math.sqrt(1 - PAIR_MEMORY * PAIR_MEMORY);
  }

  step(minute: number): void {
    const { leader } = this;
    leader.step(minute);
    this.logSpread = PAIR_MEMORY * this.logSpread + this.spreadShock * this.random.nextNormal();
    this.logPrice = leader.logPrice + this.logSpread;
    this.deviation = leader.deviation;
    this.volatilityRatio = leader.volatilityRatio;
  }
}
