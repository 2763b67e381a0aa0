/** Of the session. */
export const SOAK_NAME = 'soak';

export interface SoakMarket {
  readonly instruments: readonly string[];
  /** Events a second of each instrument: orders and cancels of the programs that make the market. */
  readonly eventsPerSecond: number;
  /** The strategy that trades with every quote. */
  readonly strategyFile: string;
  readonly strategies: number;
}

/** A session with much to tell: made-up markets, and strategies that trade with every quote. A run file is YAML, and so is JSON. */
export function soakRunFile({ instruments, eventsPerSecond, strategyFile, strategies }: SoakMarket): string {
  const generated = (at: number) => ({ market: 'agents', seed: 7 + at, startPrice: 100 });
  const busy = { typicalQuantity: 500, eventsPerSecond, annualVolatility: 0.8 };
  return JSON.stringify({
    name: SOAK_NAME,
    instruments: instruments.map((id) => ({ id, kind: 'spot', priceDecimals: 2, quantityDecimals: 2, fills: { market: 'touch' } })),
    accounts: [{ balances: { USD: 10_000_000 } }],
    venues: [{ name: 'SIM', fees: { kind: 'percentage', rate: 0.00005, rounding: 'display' } }],
    data: instruments.flatMap((instrument, at) => [
      { instrument, kind: 'quotes', generated: { ...generated(at), ...busy } },
      { instrument, kind: 'trades', generated: generated(at) },
    ]),
    strategies: Array.from({ length: strategies }, (_, at) => ({ file: strategyFile, name: `busy-${at + 1}` })),
  });
}
