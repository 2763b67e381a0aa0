import type { DeviationKind } from './moments.ts';

type ConventionPreset = 'standard' | 'backtesting.py' | 'lean';

/** Where the field defines a statistic in several ways. Each switch is documented in docs/reference/statistics.md. */
export interface Conventions {
  readonly preset: ConventionPreset;
  /** Returns from the last equity of each UTC day, or from every sample as given. */
  readonly sampling: 'day' | 'sample';
  /**
   * With daily sampling: the first return counts from the first sample of the run (`included`) or from the last sample of the first day
   * (`dropped`). The same where the run has one sample a day.
   */
  readonly firstDay: 'included' | 'dropped';
  /** Returns in a year: 252 trading days, 365 where the market never closes, or samples in a year with `sampling: 'sample'`. */
  readonly periodsPerYear: number;
  /** Days in a year for CAGR. */
  readonly daysPerYear: number;
  /** Days from the first sample of equity to the last, below which nothing is said by the year. */
  readonly annualFromDays: number;
  readonly returns: 'simple' | 'log';
  readonly deviation: DeviationKind;
  /**
   * `geometric`: (1 + geometric mean)^N − 1; `compounded-mean`: (1 + arithmetic mean)^N − 1; `arithmetic`: mean × N.
   */
  readonly annualReturn: 'geometric' | 'compounded-mean' | 'arithmetic';
  /** `scaled`: s × √N; `compounded`: √((s² + (1 + g)²)^N − (1 + g)^(2N)), g the geometric mean. */
  readonly annualVolatility: 'scaled' | 'compounded';
  /** Per year, as a share. */
  readonly riskFreeRate: number;
  /** What Sharpe and Sortino divide: the mean return × N, or the annual return as chosen above; less the risk-free rate. */
  readonly ratioNumerator: 'mean' | 'annual-return';
  /** Sortino's denominator: √(mean of min(r − target, 0)²) over all returns, or the standard deviation of the negative returns alone. */
  readonly downside: 'semi-deviation' | 'negative-returns';
  /** What the semi-deviation is taken from: the risk-free rate per period, or zero. */
  readonly downsideTarget: 'risk-free' | 'zero';
  readonly calmarNumerator: 'cagr' | 'annual-return';
  /** From the trades' profits in money, or from their returns. */
  readonly profitFactor: 'pnl' | 'return';
  /** Mean profit in money, mean return, or `win-rate`: win rate × (average win / average loss) − loss rate. */
  readonly expectancy: 'pnl' | 'return' | 'win-rate';
  readonly averageTrade: 'arithmetic' | 'geometric';
  readonly betaReturns: 'simple' | 'log';
  /** `jensen`: R − (rf + beta × (B − rf)) of annual returns; `total`: total return − rf − beta × (buy-and-hold − rf). */
  readonly alpha: 'jensen' | 'total';
  /** Historical quantile, or mean + z × deviation of a normal law. */
  readonly valueAtRisk: 'historical' | 'normal';
}

const STANDARD: Conventions = {
  preset: 'standard',
  sampling: 'day',
  firstDay: 'included',
  periodsPerYear: 252,
  daysPerYear: 365.25,
  annualFromDays: 30,
  returns: 'simple',
  deviation: 'sample',
  annualReturn: 'geometric',
  annualVolatility: 'scaled',
  riskFreeRate: 0,
  ratioNumerator: 'mean',
  downside: 'semi-deviation',
  downsideTarget: 'risk-free',
  calmarNumerator: 'cagr',
  profitFactor: 'pnl',
  expectancy: 'pnl',
  averageTrade: 'arithmetic',
  betaReturns: 'simple',
  alpha: 'jensen',
  valueAtRisk: 'historical',
};

/** The presets in full, so that a report can print the conventions it used. */
export const CONVENTION_PRESETS: Readonly<Record<ConventionPreset, Conventions>> = {
  standard: STANDARD,
  'backtesting.py': {
    ...STANDARD,
    preset: 'backtesting.py',
    firstDay: 'dropped',
    annualFromDays: 1,
    annualVolatility: 'compounded',
    ratioNumerator: 'annual-return',
    downsideTarget: 'zero',
    calmarNumerator: 'annual-return',
    profitFactor: 'return',
    expectancy: 'return',
    averageTrade: 'geometric',
    betaReturns: 'log',
    alpha: 'total',
  },
  lean: {
    ...STANDARD,
    preset: 'lean',
    daysPerYear: 365,
    annualFromDays: 1,
    annualReturn: 'compounded-mean',
    ratioNumerator: 'annual-return',
    downside: 'negative-returns',
    calmarNumerator: 'cagr',
    expectancy: 'win-rate',
    valueAtRisk: 'normal',
  },
};

/** The words that each switch takes: for the run file's reader, the documentation and the check below. */
export const CONVENTION_WORDS = {
  preset: ['standard', 'backtesting.py', 'lean'],
  sampling: ['day', 'sample'],
  firstDay: ['included', 'dropped'],
  returns: ['simple', 'log'],
  deviation: ['sample', 'population'],
  annualReturn: ['geometric', 'compounded-mean', 'arithmetic'],
  annualVolatility: ['scaled', 'compounded'],
  ratioNumerator: ['mean', 'annual-return'],
  downside: ['semi-deviation', 'negative-returns'],
  downsideTarget: ['risk-free', 'zero'],
  calmarNumerator: ['cagr', 'annual-return'],
  profitFactor: ['pnl', 'return'],
  expectancy: ['pnl', 'return', 'win-rate'],
  averageTrade: ['arithmetic', 'geometric'],
  betaReturns: ['simple', 'log'],
  alpha: ['jensen', 'total'],
  valueAtRisk: ['historical', 'normal'],
} as const satisfies { readonly [K in WordSwitch]: readonly Conventions[K][] };

type WordSwitch = Exclude<keyof Conventions, 'periodsPerYear' | 'daysPerYear' | 'annualFromDays' | 'riskFreeRate'>;

/** A preset with single switches changed. */
export type ConventionChoice = Partial<Conventions>;

/**
 * Fills a choice up from its preset (`standard` when none is named).
 *
 * @throws RangeError with a sentence for the user where a switch has no such setting
 */
export function resolveConventions(choice: ConventionChoice = {}): Conventions {
  for (const [name, words] of Object.entries(CONVENTION_WORDS)) {
    const given = choice[name as WordSwitch];
    if (given !== undefined && !(words as readonly string[]).includes(given)) {
      throw new RangeError(`The convention ${name} is ${given}: give one of ${words.join(', ')}.`);
    }
  }
  const conventions: Conventions = { ...CONVENTION_PRESETS[choice.preset ?? 'standard'], ...choice };
  const { periodsPerYear, daysPerYear, annualFromDays, riskFreeRate } = conventions;
  if (!(periodsPerYear > 0))
    throw new RangeError(`periodsPerYear is ${periodsPerYear}: give the number of returns in a year, such as 252 or 365.`);
  if (!(daysPerYear > 0)) throw new RangeError(`daysPerYear is ${daysPerYear}: give the days in a year, such as 365.25.`);
  if (!(annualFromDays >= 1))
    throw new RangeError(
      `annualFromDays is ${annualFromDays}: give the days that a run covers at least for figures by the year, 1 or more.`,
    );
  if (!(riskFreeRate > -1 && riskFreeRate < 1))
    throw new RangeError(`riskFreeRate is ${riskFreeRate}: give a share per year, such as 0.02 for 2 %.`);
  return conventions;
}
