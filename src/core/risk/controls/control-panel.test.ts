import { afterEach, describe, expect, it, vi } from 'vitest';
import { ControlPanel } from './control-panel.ts';
import { CONTROLS } from './control-table.ts';
import type { Assessment } from '../assessment.ts';
import { deny } from '../control.ts';
import { LimitTable, type RiskLimits } from '../limits.ts';
import { MissingValue } from '../portfolio-view.ts';
import { testInstrument, usd, USD } from '../../orders/orders.fixture.ts';

const ASSESSMENT = {} as Assessment;
/** One limit for every control that judges only where there is one. */
const EVERY_LIMIT: RiskLimits = {
  everyInstrument: { maxLongQty: 1, denyOnGap: true },
  firm: {
    maxOrderValue: { amount: usd(1), currency: USD },
    maxOpenOrders: 1,
    maxExposure: { amount: usd(1), currency: USD },
    maxNewOrders: { count: 1, windowUs: 1 },
    maxDailyLoss: { amount: usd(1), currency: USD },
    maxDrawdownPpm: 1,
  },
};

function panelUnder(limits: RiskLimits): ControlPanel {
  return new ControlPanel(new LimitTable(limits, [testInstrument(0)], 1));
}

/** Every control passes; returns the ids of those that were asked, as they are asked. */
function listen(): string[] {
  const asked: string[] = [];
  for (const control of CONTROLS) {
    vi.spyOn(control, 'check').mockImplementation((a) => {
      expect(a).toBe(ASSESSMENT);
      asked.push(control.id);
      return null;
    });
  }
  return asked;
}

afterEach(() => vi.restoreAllMocks());

describe('the control panel', () => {
  it('asks every control of the table, once, in the order of the table', () => {
    const asked = listen();
    expect(panelUnder(EVERY_LIMIT).judge(ASSESSMENT)).toBeNull();
    expect(asked).toEqual(CONTROLS.map(({ id }) => id));
  });

  it('leaves out without limits what judges only by limits, and nothing else', () => {
    const asked = listen();
    expect(panelUnder({}).judge(ASSESSMENT)).toBeNull();
    expect(asked).toEqual(CONTROLS.filter(({ onlyWith }) => onlyWith === null).map(({ id }) => id));
    expect(asked).toEqual(['C-10', 'C-25', 'C-05', 'C-20', 'C-26', 'C-28', 'C-21', 'C-03', 'C-14']);
  });

  it.each(CONTROLS.map(({ id }, place) => [id, place] as const))(
    '%s: its no is the answer, and what throws in it denies in its name',
    (id, place) => {
      const asked = listen();
      const denial = deny(id, 'TRADING_HALTED', 'No.');
      const check = vi.spyOn(CONTROLS[place]!, 'check').mockReturnValueOnce(denial);
      const panel = panelUnder(EVERY_LIMIT);
      expect(panel.judge(ASSESSMENT)).toBe(denial);
      expect(asked).toEqual(CONTROLS.slice(0, place).map((control) => control.id));
      check.mockImplementationOnce(() => {
        throw new Error('the ledger is away');
      });
      expect(panel.judge(ASSESSMENT)).toMatchObject({ control: id, code: 'RISK_CHECK_FAILED', reason: expect.stringContaining(id) });
      check.mockImplementationOnce(() => {
        throw new MissingValue('CURRENCY_RATE_MISSING', 'no rate');
      });
      expect(panel.judge(ASSESSMENT)).toMatchObject({ control: id, code: 'CURRENCY_RATE_MISSING' });
    },
  );
});
