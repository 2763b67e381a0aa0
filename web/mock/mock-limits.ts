import type { Position } from '../../src/contract/api/portfolio.ts';
import type { LimitInfo } from '../../src/contract/api/risk.ts';

export const MAX_ORDER_VALUE = 25_000;

interface Losses {
  readonly day: number;
  readonly drawdown: number;
}

function targetOf(scope: string): LimitInfo['target'] {
  const [kind, name = ''] = scope.split(' ');
  if (kind === 'firm') return { kind: 'FIRM' };
  if (kind === 'account') return { kind: 'ACCOUNT', venue: name };
  return kind === 'strategy' ? { kind: 'STRATEGY', strategy: name } : { kind: 'INSTRUMENT', instrument: scope };
}

/** Limits as a run file might have them, and how much of each is used. */
export function mockLimits(positions: readonly Position[], openOrders: number, losses: Losses): LimitInfo[] {
  const gross = positions.reduce((sum, { value }) => sum + Math.abs(Number(value)), 0);
  const of = (strategy: string) =>
    positions.filter((row) => row.strategy === strategy).reduce((sum, { value }) => sum + Math.abs(Number(value)), 0);
  const row = (scope: string, name: string, limit: number, used: number | null, unit: string): LimitInfo => ({
    scope,
    target: targetOf(scope),
    name,
    limit: String(limit),
    value: unit === 'USDT' ? `${limit} ${unit}` : String(limit),
    used: used === null ? null : used.toFixed(unit === 'USDT' ? 2 : 0),
    unit,
  });
  return [
    row('firm', 'maxExposure', 60_000, gross, 'USDT'),
    row('firm', 'maxOrderValue', MAX_ORDER_VALUE, null, 'USDT'),
    row('firm', 'maxOpenOrders', 40, openOrders, 'orders'),
    row('firm', 'maxDailyLoss', 7500, losses.day, 'USDT'),
    row('account SIM', 'maxOpenPositions', 12, positions.filter(({ quantity }) => quantity !== '0').length, 'positions'),
    row('account SIM', 'maxDrawdown', 20_000, losses.drawdown, 'USDT'),
    row('strategy breakout', 'maxExposure', 60_000, of('breakout'), 'USDT'),
    row('strategy crossover', 'maxExposure', 60_000, of('crossover'), 'USDT'),
    row('strategy makers', 'maxExposure', 15_000, of('makers'), 'USDT'),
    row('strategy reversion', 'maxExposure', 12_000, of('reversion'), 'USDT'),
    row(
      'BTC-USDT.SIM',
      'maxLongValue',
      80_000,
      Math.max(
        0,
        positions.filter(({ instrument }) => instrument.startsWith('BTC')).reduce((sum, { value }) => sum + Number(value), 0),
      ),
      'USDT',
    ),
    row('strategy makers', 'maxOrdersPerSecond', 20, 3, 'orders'),
  ];
}
