import type { Position } from '../../../src/contract/api/portfolio.ts';
import { addDecimals } from '../numbers/decimal-text.ts';
import { desk } from './desk.ts';
import { Topic } from './topic.ts';

const SAMPLE_MS = 5000;
/** Twenty minutes. */
const SAMPLES_MAX = 240;

/** What a strategy's positions have earned: closed, and held at the last price, less commissions. In one currency, as the positions have it. */
export function pnlByStrategy(positions: readonly Position[]): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const { strategy, realizedPnl, unrealizedPnl, commission } of positions) {
    if (strategy === null) continue;
    const gross = addDecimals(realizedPnl, unrealizedPnl ?? '0');
    const net = addDecimals(gross, commission.startsWith('-') ? commission.slice(1) : `-${commission}`);
    sums.set(strategy, addDecimals(sums.get(strategy) ?? '0', net));
  }
  return sums;
}

/** Profit of each strategy since this page was opened, for a line as small as a word. */
export const pnlHistory = new Topic<ReadonlyMap<string, readonly number[]>>(new Map());

export function startPnlHistory(): () => void {
  const timer = setInterval(() => {
    if (desk.link.get().state !== 'live') return;
    const known = pnlHistory.get();
    const sampled = [...pnlByStrategy(desk.positions.get())].map(
      ([name, pnl]) => [name, [...(known.get(name) ?? []), Number(pnl)].slice(-SAMPLES_MAX)] as const,
    );
    pnlHistory.set(new Map(sampled));
  }, SAMPLE_MS);
  return () => clearInterval(timer);
}
