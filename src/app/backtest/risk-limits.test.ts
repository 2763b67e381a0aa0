import { afterAll, describe, expect, it } from 'vitest';
import { resolveRun } from './resolve-run.ts';
import { makeFolder } from '../../../test/files-kit.ts';
import { nextDayStart, type RiskDay } from '../../core/risk/risk-day.ts';
import type { RiskLimits } from '../../core/risk/limits.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';

const folder = makeFolder();
afterAll(() => folder.remove());

async function limitsOf(risk: string): Promise<RiskLimits> {
  const file = folder.write(
    'run.yaml',
    `period: { from: 2024-01-01, to: 2024-01-02 }
instruments: [{ id: ABC-USD.SIM, kind: spot, quantityDecimals: 2 }]
accounts: [{ balances: { USD: 100 } }]
data: [{ kind: trades, generated: { seed: 7, startPrice: 100 } }]
strategies: [{ use: moving-average-crossover }]
risk: { ${risk} }
`,
  );
  const resolved = await resolveRun(readRunFile(file), loadStrategyFile);
  const { spec } = resolved.open();
  for (const stream of spec.streams) stream.close();
  return spec.engine.limits;
}

async function problemsOf(risk: string): Promise<readonly InputProblem[]> {
  try {
    await limitsOf(risk);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

describe('limits of a run file', () => {
  it('C-07, C-20 to C-23: are read to the unit', async () => {
    const limits = await limitsOf(
      [
        'firm: { maxNewOrders: 100 per 1s, maxDailyLoss: 50.25 USD, maxDailyLossShare: 0.02, maxDrawdown: 0.1, drawdownDays: 30 }',
        'accounts: { SIM: { maxCancels: 5 per 500ms, maxDrawdown: 0.000001 } }',
        'strategies: { moving-average-crossover: { maxModifies: 0 per 1m, maxDailyLoss: 1 USD } }',
        'everyInstrument: { maxDataAge: 5s, denyOnCrossed: true, denyWhenClosed: true, denyInAuction: false }',
        'onLoss: { state: halted, openOrders: keep }',
      ].join(', '),
    );
    const usd = (amount: bigint): object => ({ amount, currency: expect.objectContaining({ code: 'USD' }) });
    expect(limits).toMatchObject({
      firm: {
        maxNewOrders: { count: 100, windowUs: 1_000_000 },
        maxDailyLoss: usd(5_025_000_000n),
        maxDailyLossPpm: 20_000,
        maxDrawdownPpm: 100_000,
        drawdownDays: 30,
      },
      accounts: { SIM: { maxCancels: { count: 5, windowUs: 500_000 }, maxDrawdownPpm: 1 } },
      strategies: { 0: { maxModifies: { count: 0, windowUs: 60_000_000 }, maxDailyLoss: usd(100_000_000n) } },
      instruments: { 'ABC-USD.SIM': { maxDataAgeUs: 5_000_000, denyOnCrossed: true, denyWhenClosed: true, denyInAuction: false } },
      onLoss: { state: 'HALTED', openOrders: 'KEEP' },
    });
  });

  it('S-75: the day begins by the clocks of a zone, summer and winter', async () => {
    const { day } = await limitsOf('day: { zone: America/New_York, begins: "17:00" }');
    const next = (text: string): string => new Date(nextDayStart(day as RiskDay, [], Date.parse(text) * 1_000) / 1_000).toISOString();
    expect([next('2026-01-10T12:00:00Z'), next('2026-07-10T12:00:00Z')]).toEqual(['2026-01-10T22:00:00.000Z', '2026-07-10T21:00:00.000Z']);
    expect((await limitsOf('day: { calendarOf: ABC-USD.SIM }')).day).toEqual({ kind: 'CALENDAR', instrument: 0 });
    expect((await limitsOf('firm: {}')).day).toBeUndefined();
  });

  it.each([
    ['firm: { maxNewOrders: 5 }', 'risk.firm.maxNewOrders'],
    ['firm: { maxNewOrders: 5 per hour }', 'risk.firm.maxNewOrders'],
    ['firm: { maxNewOrders: 5 per 0s }', 'risk.firm.maxNewOrders'],
    ['firm: { maxNewOrders: 200000 per 1s }', 'risk.firm.maxNewOrders'],
    ['firm: { maxDailyLoss: 5 }', 'risk.firm.maxDailyLoss'],
    ['firm: { maxDailyLoss: 5 EUR }', 'risk.firm.maxDailyLoss'],
    ['firm: { maxDailyLossShare: 1.5 }', 'risk.firm.maxDailyLossShare'],
    ['firm: { maxDrawdown: 0.0000001 }', 'risk.firm.maxDrawdown'],
    ['firm: { drawdownDays: 0 }', 'risk.firm.drawdownDays'],
    ['strategies: { moving-average-crossover: { maxDrawdown: 0.1 } }', 'risk.strategies.moving-average-crossover'],
    ['day: { zone: Mars/Olympus }', 'risk.day.zone'],
    ['day: { begins: "25:00" }', 'risk.day.begins'],
    ['day: { calendarOf: XYZ.SIM }', 'risk.day.calendarOf'],
    ['day: { calendarOf: ABC-USD.SIM, zone: UTC }', 'risk.day'],
    ['onLoss: { state: asleep }', 'risk.onLoss.state'],
    ['everyInstrument: { maxDataAge: 5 }', 'risk.everyInstrument.maxDataAge'],
  ])('%s is refused with its place and what to do', async (risk, place) => {
    const [problem] = await problemsOf(risk);
    expect(problem).toMatchObject({ line: 6, column: expect.stringContaining(place), fix: expect.stringMatching(/./) });
  });
});
