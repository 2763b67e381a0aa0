import { assert } from '../../base/assert.ts';

/** What happens to a market on request: so often a day by chance, and at the times given. Microseconds since the epoch. */
export interface Interruptions {
  /** Mean count a day; 0 for none. */
  readonly perDay: number;
  readonly at: readonly number[];
}

/** How the agents behave. The defaults give the stylised facts of docs/concepts/generated-markets.md; tests switch parts off. */
export interface AgentBehavior {
  /** Share of orders that answer to earlier orders (branching ratio of the Hawkes process), 0 to 0.9. */
  readonly clustering: number;
  /** Share of market orders that are slices of a large order, 0 to 1. */
  readonly splitting: number;
  /** Deviation of the logarithm of volatility, 0 to 1.5. */
  readonly volatilityOfVolatility: number;
  /** Share of market orders that follow the trend where there is one, 0 to 1; with `splitting` at most 1. */
  readonly trendFollowing: number;
  /** Market makers, 0 to 16. */
  readonly marketMakers: number;
}

/** One instrument traded by agents. Prices are counts of its increment, quantities counts of its lot. */
export interface AgentMarketSettings {
  /** A safe integer; the same seed gives the same market. */
  readonly seed: number;
  /** Tells instruments of one seed apart. */
  readonly position: number;
  /** When the market is first seen, microseconds since the epoch. It has been going for a while then. */
  readonly startTs: number;
  /** Increments, 100 or more. */
  readonly startPrice: number;
  /** Lots: the middle of the quantities that are ordered. */
  readonly quantityTypical: number;
  /** Orders, changes and cancels a second, mean over the day in quiet markets: 0.1 to 10,000. */
  readonly eventsPerSecond: number;
  /** Deviation of a year's log return of the value that the price follows, jumps left out: 0.6 is 60 %. */
  readonly annualVolatility: number;
  /** Usual bid-ask spread in increments; wider when volatility is high. */
  readonly spreadTicks: number;
  /** Jumps of the value; `size` is the mean of the absolute log return: 0.01 is 1 %. */
  readonly jumps: Interruptions & { readonly size: number };
  /** Trading stops for so long, then reopens with an auction. */
  readonly halts: Interruptions & { readonly lastingUs: number };
  /** Nothing is published for so long; the market goes on. */
  readonly gaps: Interruptions & { readonly lastingUs: number };
  readonly behavior: AgentBehavior;
}

export const AGENT_BEHAVIOR: AgentBehavior = {
  clustering: 0.7,
  splitting: 0.8,
  volatilityOfVolatility: 0.6,
  trendFollowing: 0.08,
  marketMakers: 3,
};

const NEVER: Interruptions = { perDay: 0, at: [] };
/** Prices and quantities whose products and sums over a market are exact. */
export const AGENT_PRICE_MAX = 1e10;
export const AGENT_QUANTITY_MAX = 1e10;
/** Orders that a market can number: at ten events a second that is three years. */
export const AGENT_EVENTS_MAX = 1e9;

/** Values that make a lively, liquid instrument of whatever price. */
export function agentMarketSettings(
  basis: Pick<AgentMarketSettings, 'seed' | 'startTs' | 'startPrice'> & Partial<AgentMarketSettings>,
): AgentMarketSettings {
  return {
    position: 0,
    quantityTypical: 10,
    eventsPerSecond: 10,
    annualVolatility: 0.6,
    spreadTicks: 2,
    jumps: { ...NEVER, size: 0.01 },
    halts: { ...NEVER, lastingUs: 300_000_000 },
    gaps: { ...NEVER, lastingUs: 60_000_000 },
    behavior: AGENT_BEHAVIOR,
    ...basis,
  };
}

/** @throws InvariantError on a broken bound: the caller has validated user input */
export function checkSettings(settings: AgentMarketSettings): void {
  const { startTs, startPrice, quantityTypical, eventsPerSecond, annualVolatility, spreadTicks, behavior } = settings;
  const within = (name: string, value: number, min: number, max: number): void =>
    assert(value >= min && value <= max, `agent market: ${name} is from ${min} to ${max}: ${value}`);
  assert(Number.isSafeInteger(startTs), 'agent market: startTs is a whole number of microseconds');
  assert(Number.isInteger(startPrice) && Number.isInteger(quantityTypical), 'agent market: prices and quantities are whole');
  within('startPrice', startPrice, 100, AGENT_PRICE_MAX);
  within('quantityTypical', quantityTypical, 1, AGENT_QUANTITY_MAX);
  within('eventsPerSecond', eventsPerSecond, 0.1, 10_000);
  within('annualVolatility', annualVolatility, 0.0001, 5);
  within('spreadTicks', spreadTicks, 1, 1000);
  for (const [name, { perDay, at }] of Object.entries({ jumps: settings.jumps, halts: settings.halts, gaps: settings.gaps })) {
    within(`${name}.perDay`, perDay, 0, 1000);
    assert(at.every(Number.isSafeInteger), `agent market: ${name}.at holds whole numbers of microseconds`);
  }
  within('jumps.size', settings.jumps.size, 0, 0.5);
  within('halts.lastingUs', settings.halts.lastingUs, 1_000_000, 86_400_000_000);
  within('gaps.lastingUs', settings.gaps.lastingUs, 1_000, 86_400_000_000);
  within('clustering', behavior.clustering, 0, 0.9);
  within('splitting', behavior.splitting, 0, 1);
  within('trendFollowing', behavior.trendFollowing, 0, 1);
  // The sum, since 1 − 0.8 is less than 0.2 in doubles.
  within('splitting and trendFollowing together', behavior.splitting + behavior.trendFollowing, 0, 1);
  within('volatilityOfVolatility', behavior.volatilityOfVolatility, 0, 1.5);
  assert(Number.isInteger(behavior.marketMakers), 'agent market: marketMakers is whole');
  within('marketMakers', behavior.marketMakers, 0, 16);
}
