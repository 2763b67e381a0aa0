/**
 * What the venue does with an instrument, as its status feed says. TRADING: orders match at once. AUCTION: they are collected for one price.
 * HALTED and CLOSED: nothing trades.
 */
export const MarketPhase = { TRADING: 1, AUCTION: 2, HALTED: 3, CLOSED: 4 } as const;
export type MarketPhase = (typeof MarketPhase)[keyof typeof MarketPhase];

export const MARKET_PHASE_NAMES: Readonly<Record<MarketPhase, string>> = { 1: 'TRADING', 2: 'AUCTION', 3: 'HALTED', 4: 'CLOSED' };
