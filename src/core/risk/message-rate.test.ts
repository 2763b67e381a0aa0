import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderFlag, Side } from '../../model/order.ts';
import { House, limit, request, testInstrument } from '../orders/orders.fixture.ts';
import type { RiskLimits } from './limits.ts';

const SECOND = 1_000_000;
const WINDOW = { windowUs: SECOND };
const elsewhere = testInstrument(1, { id: 'T1.ELSEWHERE' });

/** The codes that orders of these times are denied with; null where they went. */
function codesAt(limits: RiskLimits, times: readonly number[]): (string | null)[] {
  const house = new House({ limits });
  return times.map((ts) => {
    house.ts = ts;
    return house.codeOf(limit(1, 90));
  });
}

describe('C-07 message rate', () => {
  it('new orders: as many as the limit pass within the window, one more is denied, and the window slides by the microsecond', () => {
    const limits = { strategies: { 0: { maxNewOrders: { count: 2, ...WINDOW } } } };
    expect(codesAt(limits, [0, 1, 2, SECOND - 1, SECOND, SECOND, SECOND + 1])).toEqual([
      null,
      null,
      'RATE_LIMIT_EXCEEDED',
      'RATE_LIMIT_EXCEEDED',
      null,
      'RATE_LIMIT_EXCEEDED',
      null,
    ]);
  });

  it('leaves a record with limit and observed value, and what is denied is not counted', () => {
    const house = new House({ limits: { firm: { maxNewOrders: { count: 1, ...WINDOW } } } });
    house.place(limit(1, 90));
    const id = house.place(limit(1, 90));
    expect(house.sent(id)).toEqual([]);
    expect(house.events().at(-1)).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      reason: 'The firm would have sent too many new orders within 1s. Limit 1 new orders, observed 2 new orders.',
    });
    for (let again = 0; again < 5; again += 1) house.place(limit(1, 90));
    house.ts += SECOND;
    expect(house.codeOf(limit(1, 90))).toBeNull();
  });

  it('a limit of nought lets nothing new pass, and cancels all the same', () => {
    const house = new House({ limits: { firm: { maxModifies: { count: 0, ...WINDOW } } } });
    const id = house.place(limit(5, 90));
    house.accept(id);
    expect(house.modify(id, { orderQty: 4, limitPrice: 90, stopPrice: 0 })).toBe('RATE_LIMIT_EXCEEDED');
    expect(house.cancel(id)).toBe('SENT');
    expect(codesAt({ firm: { maxNewOrders: { count: 0, ...WINDOW } } }, [0])).toEqual(['RATE_LIMIT_EXCEEDED']);
  });

  it('modifies are counted apart from new orders', () => {
    const house = new House({
      limits: { strategies: { 0: { maxModifies: { count: 1, ...WINDOW }, maxNewOrders: { count: 1, ...WINDOW } } } },
    });
    const id = house.place(limit(5, 90));
    house.accept(id);
    expect(house.modify(id, { orderQty: 4, limitPrice: 90, stopPrice: 0 })).toBeNull();
    house.modified(id, 4, 90);
    expect(house.modify(id, { orderQty: 3, limitPrice: 90, stopPrice: 0 })).toBe('RATE_LIMIT_EXCEEDED');
    house.ts += SECOND;
    expect(house.modify(id, { orderQty: 3, limitPrice: 90, stopPrice: 0 })).toBeNull();
  });

  it('an account counts the orders of its venue, the firm those of all, and a strategy its own', () => {
    const instruments = [testInstrument(0), elsewhere];
    const of = (limits: RiskLimits): (string | null)[] => {
      const house = new House({ instruments, limits });
      house.place(limit(1, 90));
      return [limit(1, 90, { strategy: 1 }), limit(1, 90, { instrument: 1, strategy: 1 })].map((wish) => house.codeOf(wish));
    };
    const rate = { maxNewOrders: { count: 1, ...WINDOW } };
    expect(of({ firm: rate })).toEqual(['RATE_LIMIT_EXCEEDED', 'RATE_LIMIT_EXCEEDED']);
    expect(of({ accounts: { TEST: rate } })).toEqual(['RATE_LIMIT_EXCEEDED', null]);
    expect(of({ strategies: { 0: rate } })).toEqual([null, null]);
  });

  it('the first cancel of every order goes; one that is asked for again is counted, denied beyond the limit, and recorded', () => {
    const house = new House({ limits: { strategies: { 0: { maxCancels: { count: 2, ...WINDOW } } } } });
    const ids = [1, 2, 3, 4].map(() => {
      const id = house.place(limit(1, 90));
      house.accept(id);
      return id;
    });
    expect(ids.map((id) => house.cancel(id))).toEqual(['SENT', 'SENT', 'SENT', 'SENT']);
    house.cancelRejected(ids[0]!);
    expect(house.cancel(ids[0]!)).toBe('REFUSED');
    expect(house.events().at(-1)).toMatchObject({
      kind: 'CancelRejected',
      clientOrderId: ids[0],
      reason: 'RATE_LIMIT_EXCEEDED: The strategy would have sent too many cancels within 1s. Limit 2 cancels, observed 3 cancels.',
    });
    expect(house.sent(ids[0]!).filter((kind) => kind === 'CancelOrder')).toHaveLength(1);
    house.ts += SECOND;
    expect(house.cancel(ids[0]!)).toBe('SENT');
  });

  it('who stops trading is not stopped: the kill switch cancels again beyond the limit, and what flattens passes', () => {
    const limits = { firm: { maxCancels: { count: 0, ...WINDOW }, maxNewOrders: { count: 1, ...WINDOW } } };
    const house = new House({ limits });
    house.portfolio.book(0, 0, 5, 100);
    const id = house.place(limit(1, 90));
    house.accept(id);
    house.cancel(id);
    house.cancelRejected(id);
    expect(house.cancel(id)).toBe('REFUSED');
    expect(house.risk.kill({ kind: 'FIRM' }, { flatten: true, reason: 'test' }, house.ts)).toBe(1);
    const [flatten] = house.risk.flattenRequests();
    expect(house.codeOf(flatten!)).toBeNull();
    expect(house.codeOf(request(5, { side: Side.SELL, flags: OrderFlag.REDUCE_ONLY }))).toBe('TRADING_HALTED');
  });

  it('a limit that is changed while it counts goes on counting', () => {
    const house = new House({ limits: { firm: { maxNewOrders: { count: 3, ...WINDOW } } } });
    for (const ts of [10, 20, 30]) {
      house.ts = ts;
      house.place(limit(1, 90));
    }
    house.risk.setLimits({ firm: { maxNewOrders: { count: 2, ...WINDOW } } });
    expect(house.codeOf(limit(1, 90))).toBe('RATE_LIMIT_EXCEEDED');
    house.ts = 20 + SECOND;
    expect(house.codeOf(limit(1, 90))).toBeNull();
    expect(house.codeOf(limit(1, 90))).toBe('RATE_LIMIT_EXCEEDED');
  });

  it('whatever is asked, and with a restart in between, no window ever holds more than the limits permit, and nothing that fits is denied', () => {
    const rate = fc.record({ count: fc.integer({ min: 0, max: 4 }), windowUs: fc.integer({ min: 1, max: 60 }) });
    const wish = fc.record({ after: fc.nat(20), strategy: fc.nat(1), isRestarted: fc.constantFrom(true, false, false, false) });
    fc.assert(
      fc.property(rate, rate, fc.array(wish, { maxLength: 60 }), (firm, own, wishes) => {
        const limits = { firm: { maxNewOrders: firm }, strategies: { 0: { maxNewOrders: own } } };
        let house = new House({ limits });
        const sent: { readonly ts: number; readonly strategy: number }[] = [];
        let ts = 0;
        for (const { after, strategy, isRestarted } of wishes) {
          if (isRestarted) {
            const state = structuredClone(house.risk.saveState());
            house = new House({ limits: {} });
            house.risk.loadState(state);
          }
          ts += after;
          house.ts = ts;
          const ofFirm = sent.filter((entry) => entry.ts > ts - firm.windowUs).length;
          const ofOwn = sent.filter((entry) => entry.strategy === 0 && entry.ts > ts - own.windowUs).length;
          const fits = ofFirm < firm.count && (strategy === 1 || ofOwn < own.count);
          expect(house.codeOf(limit(1, 90, { strategy }))).toBe(fits ? null : 'RATE_LIMIT_EXCEEDED');
          if (fits) sent.push({ ts, strategy });
        }
      }),
      { numRuns: 300 },
    );
  });
});
