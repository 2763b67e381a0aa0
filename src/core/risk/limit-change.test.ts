import { describe, expect, it } from 'vitest';
import { House, limit, testInstrument, USD, usd } from '../orders/orders.fixture.ts';
import { changedLimits, type LimitChange } from './limit-change.ts';
import { type AnyLimitName, LIMIT_FORMS, limitText, readLimit } from './limit-values.ts';
import { LimitTable, type RiskLimits } from './limits.ts';
import { dollars } from './limit-case.fixture.ts';

const FIRM = { kind: 'FIRM' } as const;
const T0 = { kind: 'INSTRUMENT', instrument: 0, strategy: null } as const;
const instruments = [testInstrument(0), testInstrument(1, { quantityDecimals: 2 })];
const world = { instruments, strategyNames: ['trend', 'manual'], currencies: new Map([['USD', USD]]) };
const change = (limits: RiskLimits, asked: Pick<LimitChange, 'scope' | 'name' | 'value'>) => changedLimits(limits, asked, world);

/** Of every limit: a text, the next one that permits more, and what the text means. */
const SAMPLES: Readonly<Record<AnyLimitName, readonly [text: string, looser: string | null, value: unknown]>> = {
  maxOrderQty: ['100', '101', 100],
  maxOrderValue: ['50.25 USD', '50.26 USD', { amount: 5_025_000_000n, currency: USD }],
  maxLongQty: ['100', '101', 100],
  maxShortQty: ['0', '1', 0],
  maxGrossQty: ['100', null, 100],
  maxLongValue: ['5.00 USD', '6 USD', dollars(5)],
  maxShortValue: ['5.00 USD', '6 USD', dollars(5)],
  maxGrossValue: ['5.00 USD', '6 USD', dollars(5)],
  denyOnGap: ['true', 'false', true],
  denyOnStale: ['true', 'false', true],
  denyOnCrossed: ['true', 'false', true],
  maxDataAgeUs: ['5s', '5001ms', 5_000_000],
  denyWhenClosed: ['true', 'false', true],
  denyInAuction: ['true', null, true],
  maxExposure: ['5.00 USD', '6 USD', dollars(5)],
  maxOpenOrders: ['5', '6', 5],
  maxOpenPositions: ['5', '6', 5],
  maxNewOrders: ['100 per 1s', '101 per 1s', { count: 100, windowUs: 1_000_000 }],
  maxModifies: ['100 per 1s', '100 per 999ms', { count: 100, windowUs: 1_000_000 }],
  maxCancels: ['100 per 1s', null, { count: 100, windowUs: 1_000_000 }],
  maxDailyLoss: ['5.00 USD', '6 USD', dollars(5)],
  maxDailyLossPpm: ['0.05', '0.050001', 50_000],
  maxDrawdownPpm: ['0.05', '0.050001', 50_000],
  drawdownDays: ['30', '29', 30],
  balanceBufferPpm: ['0.01', '0.009999', 10_000],
};

describe.each(Object.entries(SAMPLES) as [AnyLimitName, (typeof SAMPLES)[AnyLimitName]][])(
  'the limit %s',
  (name, [text, looser, value]) => {
    const scopes = {
      INSTRUMENT: T0,
      STRATEGY: { kind: 'STRATEGY', strategy: 0 },
      ACCOUNT: { kind: 'ACCOUNT', venue: 'TEST' },
      FIRM,
    } as const;
    const scope = scopes[LIMIT_FORMS[name].of[0]!];

    it('is written as it is read, and means what it says', () => {
      const read = readLimit(name, text, instruments[0]!, world.currencies);
      expect(read).toEqual(value);
      const [written, unit] = limitText(name, read as never, instruments[0]!);
      const isAmount = LIMIT_FORMS[name].kind === 'MONEY';
      expect(isAmount ? `${written} ${unit}` : written).toBe(text);
    });

    it('is set, tightened and loosened, and only what permits more is called a raise', () => {
      const set = change({}, { scope, name, value: text });
      if (typeof set === 'string') throw new Error(set);
      expect([set.from, set.isRaised]).toEqual(['none', name === 'drawdownDays']);
      expect(() => new LimitTable(set.limits, instruments, 2)).not.toThrow();
      expect(change(set.limits, { scope, name, value: text })).toMatchObject({ from: set.to, to: set.to, isRaised: false });
      if (looser !== null) {
        const raised = change(set.limits, { scope, name, value: looser });
        if (typeof raised === 'string') throw new Error(raised);
        expect(raised.isRaised).toBe(true);
        expect(change(raised.limits, { scope, name, value: text })).toMatchObject({ isRaised: false });
      }
      expect(change(set.limits, { scope, name, value: null })).toMatchObject({ to: 'none', isRaised: name !== 'drawdownDays' });
    });

    it('is refused for whom it does not exist', () => {
      for (const kind of ['INSTRUMENT', 'STRATEGY', 'ACCOUNT', 'FIRM'] as const)
        expect(typeof change({}, { scope: scopes[kind], name, value: text }) === 'string').toBe(!LIMIT_FORMS[name].of.includes(kind));
    });
  },
);

describe('a change of a limit', () => {
  it('leaves all others as they are', () => {
    const limits: RiskLimits = {
      everyInstrument: { maxOrderQty: 9, maxLongQty: 4 },
      instruments: { 'T1.TEST': { maxOrderQty: 8 } },
      strategies: { 0: { maxOpenOrders: 3 } },
      firm: { maxOpenOrders: 7 },
    };
    const removed = change(limits, { scope: T0, name: 'maxOrderQty', value: null });
    expect(removed).toMatchObject({ whose: 'instrument T0.TEST', from: '9 T0', to: 'none' });
    if (typeof removed === 'string') throw new Error(removed);
    const table = new LimitTable(removed.limits, instruments, 2);
    expect([table.instrument(0), table.instrument(1)]).toEqual([{ maxLongQty: 4 }, { maxOrderQty: 8, maxLongQty: 4 }]);
    expect([table.firm, table.strategy(0)]).toEqual([{ maxOpenOrders: 7 }, { maxOpenOrders: 3 }]);
    const own = change(limits, { scope: { kind: 'INSTRUMENT', instrument: 0, strategy: 0 }, name: 'maxLongQty', value: '2' });
    expect(own).toMatchObject({
      whose: 'strategy trend, instrument T0.TEST',
      limits: { strategies: { 0: { maxOpenOrders: 3, instruments: { 'T0.TEST': { maxLongQty: 2 } } } } },
    });
  });

  it.each([
    [{ scope: FIRM, name: 'maxEverything', value: '1' }, 'no limit called'],
    [{ scope: FIRM, name: 'toString', value: '1' }, 'no limit called'],
    [{ scope: FIRM, name: '__proto__', value: '1' }, 'no limit called'],
    [{ scope: FIRM, name: 'maxOpenOrders', value: '-1' }, 'whole number'],
    [{ scope: FIRM, name: 'maxOpenOrders', value: '1.5' }, 'whole number'],
    [{ scope: FIRM, name: 'maxOpenOrders', value: '' }, 'whole number'],
    [{ scope: FIRM, name: 'drawdownDays', value: '0' }, 'whole number'],
    [{ scope: FIRM, name: 'maxExposure', value: '5' }, 'currency'],
    [{ scope: FIRM, name: 'maxExposure', value: '-5 USD' }, 'currency'],
    [{ scope: FIRM, name: 'maxExposure', value: '5 EUR' }, 'no currency EUR'],
    [{ scope: FIRM, name: 'maxExposure', value: '0.000000001 USD' }, 'decimals'],
    [{ scope: FIRM, name: 'maxDrawdownPpm', value: '1.1' }, 'share'],
    [{ scope: FIRM, name: 'maxDrawdownPpm', value: '0.0000001' }, 'share'],
    [{ scope: FIRM, name: 'maxNewOrders', value: '5 per hour' }, 'span of time'],
    [{ scope: FIRM, name: 'maxNewOrders', value: '999999 per 1s' }, 'span of time'],
    [{ scope: FIRM, name: 'maxNewOrders', value: '5 per 0s' }, 'span of time'],
    [{ scope: T0, name: 'maxLongQty', value: '0.5' }, 'decimals'],
    [{ scope: T0, name: 'denyOnGap', value: 'yes' }, 'true or false'],
    [{ scope: T0, name: 'maxDataAgeUs', value: '5' }, 'length of time'],
    [{ scope: { kind: 'ACCOUNT', venue: 'NOWHERE' }, name: 'maxExposure', value: null }, 'NOWHERE'],
    [{ scope: { kind: 'STRATEGY', strategy: 2 }, name: 'maxExposure', value: null }, 'no strategy'],
    [{ scope: { kind: 'INSTRUMENT', instrument: 7, strategy: null }, name: 'maxLongQty', value: null }, 'no instrument'],
    [{ scope: { kind: 'INSTRUMENT', instrument: 0, strategy: 9 }, name: 'maxLongQty', value: null }, 'no strategy'],
  ] as const)('%o is refused with a sentence', (asked, sentence) => {
    expect(change({}, asked)).toContain(sentence);
  });

  it('counts from the next decision on, and is recorded', () => {
    const house = new House({ limits: { firm: { maxOpenOrders: 9 } } });
    house.place(limit(1, 90));
    const made = change({ firm: { maxOpenOrders: 9 } }, { scope: FIRM, name: 'maxOpenOrders', value: '1' });
    if (typeof made === 'string') throw new Error(made);
    house.risk.changeLimits(made.limits, 'maxOpenOrders of firm from 9 orders to 1 orders, a person: test', house.ts);
    expect(house.codeOf(limit(1, 90))).toBe('MAX_OPEN_ORDERS');
    expect(house.alerts()).toEqual(['RISK_LIMIT_CHANGED']);
  });

  it('the first limit of losses that is set counts from then on', () => {
    const house = new House();
    house.portfolio.cash = usd(1_000);
    house.portfolio.book(0, 0, 100, 100);
    house.portfolio.marks[0] = 90;
    house.risk.changeLimits({ firm: { maxDailyLoss: dollars(5) } }, 'set', 0);
    house.portfolio.marks[0] = 85;
    expect(house.codeOf(limit(1, 40))).toBeNull();
    house.portfolio.marks[0] = 84;
    expect(house.codeOf(limit(1, 40))).toBe('DAILY_LOSS_LIMIT');
    expect(house.risk.losses.wantsData).toBe(true);
  });
});
