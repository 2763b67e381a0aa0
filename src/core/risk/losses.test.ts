import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_US } from '../../model/civil-date.ts';
import { OrderFlag, Side } from '../../model/order.ts';
import { TradingState } from '../../model/trading-state.ts';
import { House, limit, request, usd } from '../orders/orders.fixture.ts';
import type { EquityLimits, RiskLimits } from './limits.ts';
import { dollars } from './limit-case.fixture.ts';

const SELL = { side: Side.SELL };
const FIRM = { kind: 'FIRM' } as const;

/** A house with 1,000 USD whose day has begun; what it holds is 100 of an instrument at 1.00. */
function begun(limits: RiskLimits): House {
  const house = new House({ limits });
  house.portfolio.cash = usd(1_000);
  house.portfolio.book(0, 0, 100, 100);
  house.risk.losses.begin(0);
  return house;
}

/** The mark of what is held moves, and it is looked at. */
function mark(house: House, price: number): void {
  house.portfolio.marks[0] = price;
  house.risk.losses.look(house.ts);
}

const figuresOf = (house: House): unknown => house.events().findLast((event) => event.kind === 'OrderDenied');

describe('C-22 daily loss', () => {
  it.each([
    ['firm, amount', { firm: { maxDailyLoss: dollars(50) } }, 'firm', '50.00 USD', '51.00 USD'],
    ['account, amount', { accounts: { TEST: { maxDailyLoss: dollars(50) } } }, 'account TEST', '50.00 USD', '51.00 USD'],
    ['firm, share of 1,000', { firm: { maxDailyLossPpm: 50_000 } }, 'firm', '5 %', '5.1 %'],
    ['account, share of 1,000', { accounts: { TEST: { maxDailyLossPpm: 50_000 } } }, 'account TEST', '5 %', '5.1 %'],
  ] as const)(
    '%s: below and at the limit all passes, above it only what reduces, with limit and observed value',
    (_, limits, whose, most, seen) => {
      const house = begun(limits);
      for (const price of [51, 50]) {
        mark(house, price);
        expect(house.codeOf(limit(1, 40))).toBeNull();
        expect(house.alerts()).toEqual([]);
      }
      // At the decision: nobody has looked yet.
      house.portfolio.marks[0] = 49;
      expect(house.codeOf(limit(1, 40))).toBe('DAILY_LOSS_LIMIT');
      expect(figuresOf(house)).toMatchObject({
        reason: `The daily loss of ${whose} is above its limit: only orders that reduce the position pass. Limit ${most}, observed ${seen}.`,
      });
      expect(house.codeOf(request(100, SELL))).toBeNull();
      expect(house.codeOf(request(1, SELL))).toBe('DAILY_LOSS_LIMIT');
      mark(house, 49);
      expect(house.alerts()).toEqual(['DAILY_LOSS_LIMIT', 'TRADING_STATE_CHANGED']);
    },
  );

  it("a strategy's own profit counts, and denies it alone", () => {
    const house = begun({ strategies: { 0: { maxDailyLoss: dollars(50) } } });
    for (const [profit, code] of [
      [-50, null],
      [-51, 'DAILY_LOSS_LIMIT'],
    ] as const) {
      house.portfolio.profits[0] = usd(profit);
      expect(house.codeOf(limit(1, 40))).toBe(code);
      expect(house.codeOf(limit(1, 40, { strategy: 1 }))).toBeNull();
    }
    house.risk.losses.look(house.ts);
    expect(house.risk.tradingState({ kind: 'STRATEGY', strategy: 0 })).toBe(TradingState.REDUCING);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.ACTIVE);
  });

  it('S-75: crossed by the mark it triggers once, sets REDUCING, cancels what opens and keeps what is reduce-only', () => {
    const house = begun({ firm: { maxDailyLoss: dollars(50) } });
    const opens = house.place(limit(1, 40));
    const stop = house.place(limit(60, 110, { ...SELL, flags: OrderFlag.REDUCE_ONLY }));
    house.accept(opens);
    house.accept(stop);
    mark(house, 49);
    mark(house, 48);
    mark(house, 100);
    mark(house, 40);
    expect(house.alerts()).toEqual(['DAILY_LOSS_LIMIT', 'TRADING_STATE_CHANGED']);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.REDUCING);
    expect([house.sent(opens), house.sent(stop)]).toEqual([['SubmitOrder', 'CancelOrder'], ['SubmitOrder']]);
  });

  it('by setting it halts and cancels all, or cancels nothing', () => {
    const played = (onLoss: NonNullable<RiskLimits['onLoss']>): readonly [TradingState, readonly string[]] => {
      const house = begun({ firm: { maxDailyLoss: dollars(50) }, onLoss });
      const stop = house.place(limit(60, 110, { ...SELL, flags: OrderFlag.REDUCE_ONLY }));
      house.accept(stop);
      mark(house, 49);
      return [house.risk.tradingState(FIRM), house.sent(stop)];
    };
    expect(played({ state: 'HALTED', openOrders: 'CANCEL' })).toEqual([TradingState.HALTED, ['SubmitOrder', 'CancelOrder']]);
    expect(played({ state: 'HALTED', openOrders: 'KEEP' })).toEqual([TradingState.HALTED, ['SubmitOrder']]);
    expect(played({ state: 'REDUCING', openOrders: 'KEEP' })).toEqual([TradingState.REDUCING, ['SubmitOrder']]);
  });

  it('S-75: the day ends at its boundary and not before; then what it has set ends and the loss counts from there', () => {
    const house = begun({ firm: { maxDailyLoss: dollars(50) } });
    mark(house, 49);
    const { losses } = house.risk;
    expect(losses.dueTs).toBe(DAY_US);
    losses.settle(DAY_US - 1);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.REDUCING);
    losses.settle(DAY_US);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.ACTIVE);
    expect(losses.dueTs).toBe(2 * DAY_US);
    // 949 at the start of the day: 50 more may go.
    mark(house, -1);
    expect(house.codeOf(limit(1, 40))).toBeNull();
    mark(house, -2);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.REDUCING);
  });

  it('what a person has set meanwhile, and a kill, outlive the day', () => {
    const halted = begun({ firm: { maxDailyLoss: dollars(50) } });
    mark(halted, 49);
    halted.risk.setTradingState(FIRM, TradingState.HALTED, 'a person', halted.ts);
    halted.risk.losses.settle(DAY_US);
    expect(halted.risk.tradingState(FIRM)).toBe(TradingState.HALTED);
    const killed = begun({ firm: { maxDailyLoss: dollars(50) } });
    mark(killed, 49);
    killed.risk.kill(FIRM, { flatten: false, reason: 'test' }, killed.ts);
    killed.risk.losses.settle(DAY_US);
    expect(killed.risk.isKilled(FIRM)).toBe(true);
  });

  it('set back to ACTIVE by a person it triggers no second time that day, and orders that open are denied still', () => {
    const house = begun({ firm: { maxDailyLoss: dollars(50) } });
    mark(house, 49);
    house.risk.setTradingState(FIRM, TradingState.ACTIVE, 'a person', house.ts);
    mark(house, 48);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.ACTIVE);
    expect(house.codeOf(limit(1, 40))).toBe('DAILY_LOSS_LIMIT');
    house.risk.changeLimits({ firm: { maxDailyLoss: dollars(52) } }, 'raised', house.ts);
    expect(house.codeOf(limit(1, 40))).toBeNull();
  });

  it('what cannot be valued denies what opens and lets what reduces pass', () => {
    const house = begun({ firm: { maxDailyLoss: { amount: 1n, currency: { ...dollars(1).currency, code: 'EUR' } } } });
    house.portfolio.marks[0] = 99;
    expect(house.codeOf(limit(1, 40))).toBe('CURRENCY_RATE_MISSING');
    expect(house.codeOf(request(100, SELL))).toBeNull();
    house.risk.losses.look(house.ts);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.ACTIVE);
  });
});

describe('C-23 drawdown', () => {
  it.each([
    ['firm', { firm: { maxDrawdownPpm: 100_000 } }],
    ['account TEST', { accounts: { TEST: { maxDrawdownPpm: 100_000 } } }],
  ] as const)('%s: counts from the highest equity; below and at the limit all passes, above it only what reduces', (whose, limits) => {
    const house = begun(limits);
    mark(house, 300);
    for (const price of [181, 180]) {
      mark(house, price);
      expect(house.codeOf(limit(1, 40))).toBeNull();
    }
    house.portfolio.marks[0] = 179;
    expect(house.codeOf(limit(1, 40))).toBe('DRAWDOWN_LIMIT');
    expect(figuresOf(house)).toMatchObject({
      reason: `The drawdown of ${whose} is above its limit: only orders that reduce the position pass. Limit 10 %, observed 10.0834 %.`,
    });
    expect(house.codeOf(request(100, SELL))).toBeNull();
  });

  it('sets the state once; it outlives the day, and ends when a person says so: the drawdown counts from there', () => {
    const house = begun({ firm: { maxDrawdownPpm: 100_000 } });
    mark(house, 0);
    expect(house.alerts()).toEqual([]);
    mark(house, -1);
    mark(house, -2);
    expect(house.alerts()).toEqual(['DRAWDOWN_LIMIT', 'TRADING_STATE_CHANGED']);
    house.risk.losses.settle(DAY_US);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.REDUCING);
    house.risk.setTradingState(FIRM, TradingState.ACTIVE, 'a person', house.ts);
    // From 898: 808.20 may be reached.
    mark(house, -91);
    expect(house.codeOf(limit(1, 40))).toBeNull();
    mark(house, -92);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.REDUCING);
  });

  it('set to HALTED by a person, which lets nothing trade again, the drawdown goes on counting from the highest', () => {
    const house = begun({ firm: { maxDrawdownPpm: 100_000 } });
    mark(house, -1);
    house.risk.setTradingState(FIRM, TradingState.HALTED, 'a person', house.ts);
    mark(house, -3);
    expect(house.alerts().filter((code) => code === 'DRAWDOWN_LIMIT')).toHaveLength(1);
    expect(house.risk.saveState().losses.meters[0]).toMatchObject({ isDrawdownTripped: true, peaks: [{ amount: usd(1_000) }] });
  });

  it('a window forgets the highest of days before it', () => {
    const house = begun({ firm: { maxDrawdownPpm: 100_000, drawdownDays: 2 } });
    mark(house, 200);
    mark(house, 100);
    house.risk.losses.settle(DAY_US);
    mark(house, 89);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.REDUCING);
    const later = begun({ firm: { maxDrawdownPpm: 100_000, drawdownDays: 2 } });
    mark(later, 200);
    mark(later, 100);
    later.risk.losses.settle(DAY_US);
    later.risk.losses.settle(2 * DAY_US);
    mark(later, 89);
    expect(later.risk.tradingState(FIRM)).toBe(TradingState.ACTIVE);
  });

  it("where a daily loss has set the state too, the state is the drawdown's", () => {
    const house = begun({ firm: { maxDailyLoss: dollars(50), maxDrawdownPpm: 100_000 } });
    mark(house, 49);
    mark(house, -1);
    house.risk.losses.settle(DAY_US);
    expect(house.risk.tradingState(FIRM)).toBe(TradingState.REDUCING);
  });
});

type Step =
  | { readonly kind: 'mark'; readonly price: number }
  | { readonly kind: 'peek'; readonly price: number }
  | { readonly kind: 'day' }
  | { readonly kind: 'release' }
  | { readonly kind: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('mark' as const), price: fc.integer({ min: -300, max: 500 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('peek' as const), price: fc.integer({ min: -300, max: 500 }) }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'day' }, { kind: 'release' }, { kind: 'restart' }) },
);

/** The state that the firm ought to be in, worked out from all that was ever seen, in plain dollars. */
class Oracle {
  readonly limits: EquityLimits;
  /** Equity as it was looked at, by day. */
  days: number[][] = [[1_000]];
  /** Where a person let it trade again after a drawdown: only what was seen since counts. */
  peakFrom = { day: 0, at: 0 };
  isDayTripped = false;
  isDrawdownTripped = false;
  owner: 'none' | 'day' | 'drawdown' = 'none';

  constructor(limits: EquityLimits) {
    this.limits = limits;
  }

  lossCode(equity: number): string | null {
    const start = this.days.at(-1)![0]!;
    const lost = start - equity;
    const share = this.limits.maxDailyLossPpm;
    if (lost > 50 || (share !== undefined && lost > 0 && (start <= 0 || lost * 1e6 > start * share))) return 'DAILY_LOSS_LIMIT';
    return this.isDeep(equity) ? 'DRAWDOWN_LIMIT' : null;
  }

  isDeep(equity: number): boolean {
    const first = this.days.length - (this.limits.drawdownDays ?? Number.POSITIVE_INFINITY);
    const seen = this.days.flatMap((day, at) =>
      at < first || at < this.peakFrom.day ? [] : at === this.peakFrom.day ? day.slice(this.peakFrom.at) : day,
    );
    const peak = Math.max(...seen);
    return equity < peak && (peak <= 0 || (peak - equity) * 1e6 > peak * this.limits.maxDrawdownPpm!);
  }

  look(equity: number): void {
    const code = this.lossCode(equity);
    const isDeep = this.isDeep(equity);
    this.days.at(-1)!.push(equity);
    if (code === 'DAILY_LOSS_LIMIT' && !this.isDayTripped) {
      this.isDayTripped = true;
      if (this.owner === 'none') this.owner = 'day';
    }
    if (isDeep && !this.isDrawdownTripped) {
      this.isDrawdownTripped = true;
      this.owner = 'drawdown';
    }
  }

  day(equity: number): void {
    this.days.push([equity]);
    this.isDayTripped = false;
    if (this.owner === 'day') this.owner = 'none';
  }

  release(equity: number): void {
    this.owner = 'none';
    if (!this.isDrawdownTripped) return;
    this.isDrawdownTripped = false;
    this.peakFrom = { day: this.days.length - 1, at: this.days.at(-1)!.push(equity) - 1 };
  }
}

describe('C-22 and C-23 together', () => {
  it('are what all that was seen says, whatever the mark does, over days, releases and restarts', () => {
    const limitSets = fc.record(
      { maxDailyLossPpm: fc.integer({ min: 0, max: 80_000 }), drawdownDays: fc.integer({ min: 1, max: 3 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(limitSets, fc.integer({ min: 0, max: 200_000 }), fc.array(step, { maxLength: 60 }), (more, maxDrawdownPpm, steps) => {
        const limits: RiskLimits = { firm: { ...more, maxDrawdownPpm, maxDailyLoss: dollars(50) } };
        let house = begun(limits);
        const oracle = new Oracle(limits.firm!);
        let days = 0;
        let price = 100;
        for (const each of steps) {
          const equity = (): number => 900 + price;
          if (each.kind === 'mark' || each.kind === 'peek') {
            price = each.price;
            house.portfolio.marks[0] = price;
          }
          if (each.kind === 'mark') {
            house.risk.losses.look(house.ts);
            oracle.look(equity());
          } else if (each.kind === 'day') {
            days += 1;
            house.risk.losses.settle(days * DAY_US);
            oracle.day(equity());
          } else if (each.kind === 'release') {
            house.risk.setTradingState(FIRM, TradingState.ACTIVE, 'a person', house.ts);
            oracle.release(equity());
          } else if (each.kind === 'restart') {
            const next = new House({ limits: {} });
            next.portfolio.cash = house.portfolio.cash;
            for (const [key, quantity] of house.portfolio.positions) next.portfolio.positions.set(key, quantity);
            next.portfolio.marks[0] = price;
            next.risk.loadState(structuredClone(house.risk.saveState()));
            house = next;
          }
          const state = oracle.owner === 'none' ? TradingState.ACTIVE : TradingState.REDUCING;
          expect(house.risk.tradingState(FIRM)).toBe(state);
          const code = oracle.lossCode(equity()) ?? (state === TradingState.ACTIVE ? null : 'TRADING_STATE_REDUCING');
          const verdict = house.risk.assess(house.orders.create(limit(1, 40), house.ts), house.ts);
          expect('kind' in verdict ? verdict.code : null).toBe(code);
        }
      }),
      { numRuns: 300 },
    );
  });
});
