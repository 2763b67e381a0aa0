import type { RunInfo } from '../../src/contract/api/operations.ts';
import type { StrategyInfo } from '../../src/contract/api/strategies.ts';
import { MockChance } from './mock-market.ts';

const BARS = { type: 'text', default: '1m', description: 'Bars to trade on, such as 1m, 1h, 1d.' } as const;

function running(
  strategy: string,
  source: string,
  instruments: readonly string[],
  rest: Pick<StrategyInfo, 'parameters' | 'descriptors'>,
): StrategyInfo {
  return {
    strategy,
    source,
    status: 'RUNNING',
    reason: '',
    isManual: false,
    instruments: instruments.map((symbol) => `${symbol}-USDT.SIM`),
    ...rest,
  };
}

export const MOCK_STRATEGIES: readonly StrategyInfo[] = [
  running('breakout', 'DonchianBreakout', ['BTC', 'ETH'], {
    parameters: { period: 55, exitPeriod: 20, every: '1m', weight: 0.25 },
    descriptors: {
      period: { type: 'integer', default: 20, min: 2, max: 5000, description: 'Bars whose highest high opens a position.' },
      exitPeriod: { type: 'integer', default: 10, min: 2, max: 5000, description: 'Bars whose lowest low closes it.' },
      every: BARS,
      weight: { type: 'number', default: 1, min: 0, max: 10, description: 'Share of equity to hold, split over the instruments.' },
    },
  }),
  running('crossover', 'MovingAverageCrossover', ['BTC', 'SOL'], {
    parameters: { fast: 12, slow: 48, every: '1m', weight: 0.3, allowShort: true, sizeAt: 'fill' },
    descriptors: {
      fast: { type: 'integer', default: 10, min: 1, max: 1000, description: 'Bars in the fast average.' },
      slow: { type: 'integer', default: 30, min: 2, max: 5000, description: 'Bars in the slow average; more than in the fast one.' },
      every: BARS,
      weight: {
        type: 'number',
        default: 1,
        min: 0,
        max: 10,
        description: 'Share of equity to hold, long or short, split over the instruments.',
      },
      allowShort: { type: 'boolean', default: true, description: 'Sell short on a down-cross; otherwise only close.' },
      sizeAt: {
        type: 'choice',
        default: 'fill',
        choices: ['decision', 'fill'],
        description: 'Work the quantity out when deciding, or in the step of the fill.',
      },
    },
  }),
  running('makers', 'MarketMaking', ['SOL', 'XRP', 'LINK'], {
    parameters: { spread: '0.0012', quantity: '12.5', inventoryMax: '100' },
    descriptors: {
      spread: { type: 'decimal', default: '0.001', description: 'Distance between bid and offer, as a share of the price.' },
      quantity: { type: 'decimal', default: '10', description: 'Quantity of each quote.' },
      inventoryMax: { type: 'decimal', default: '100', description: 'Most that is held, long or short.' },
    },
  }),
  running('reversion', 'BollingerMeanReversion', ['ETH', 'ADA'], {
    parameters: { period: 20, width: 2, every: '5m' },
    descriptors: {
      period: { type: 'integer', default: 20, min: 2, max: 5000, description: 'Bars in the bands.' },
      width: { type: 'number', default: 2, min: 0.1, max: 10, description: 'Standard deviations between the middle and a band.' },
      every: BARS,
    },
  }),
  {
    strategy: 'manual',
    source: 'orders by hand',
    status: 'RUNNING',
    reason: '',
    isManual: true,
    instruments: [],
    parameters: {},
    descriptors: {},
  },
];

const NAMES = [
  'crossover BTC 1m',
  'crossover BTC 5m',
  'breakout ETH 1h',
  'pairs SOL ETH',
  'makers SOL',
  'reversion ADA 5m',
  'crossover AAPL 1d',
  'breakout ES 1h',
];

export function mockRuns(nowUs: number): readonly RunInfo[] {
  const chance = new MockChance(5);
  return NAMES.map((name, at) => {
    const equity = [100_000];
    while (equity.length < 60) equity.push(equity.at(-1)! * (1 + chance.normal() * 0.012 + 0.0007));
    const totalReturn = equity.at(-1)! / 100_000 - 1;
    return {
      kind: at === 4 ? 'session' : 'backtest',
      run: `run-${(at + 17).toString(16)}c4e${at}`,
      name,
      note: at % 3 === 0 ? 'strategy.parameters.fast=8' : '',
      status: 'completed',
      tsStarted: nowUs - at * 9400e6,
      digest: Array.from({ length: 64 }, () => Math.floor(chance.next() * 16).toString(16)).join(''),
      hasReport: at !== 4,
      currency: 'USDT',
      equity,
      figures: {
        totalReturn,
        sharpeRatio: totalReturn * 9,
        sortinoRatio: totalReturn * 13,
        maxDrawdown: -0.02 - chance.next() * 0.1,
        winRate: 0.4 + chance.next() * 0.2,
        profitFactor: 1 + totalReturn * 4,
        tradeCount: Math.round(40 + chance.next() * 900),
      },
    };
  });
}
