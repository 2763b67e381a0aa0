import { describe, expect, it } from 'vitest';
import { TradingCalendar } from '../../model/calendar.ts';
import { MarketPhase } from '../../model/market-phase.ts';
import { OrderFlag, Side } from '../../model/order.ts';
import { House, limit, request } from '../orders/orders.fixture.ts';

/** Open in [100, 200) and [300, 400). */
const calendar = new TradingCalendar({
  name: 'test',
  zone: 'UTC',
  spanFromTs: 0,
  spanToTs: 1_000,
  sessionOpen: Float64Array.of(100, 300),
  sessionClose: Float64Array.of(200, 400),
  sessionDay: Float64Array.of(0, 1),
});
const closed = { everyInstrument: { denyWhenClosed: true } };

describe('C-20 market hours', () => {
  it('by the calendar: from the open on, up to the close and not at it', () => {
    const house = new House({ limits: closed, calendars: [calendar, null] });
    const codes = [99, 100, 199, 200, 299, 300, 399, 400].map((ts) => {
      house.ts = ts;
      return house.codeOf(limit(1, 90));
    });
    const no = 'MARKET_CLOSED';
    expect(codes).toEqual([no, null, null, no, no, null, null, no]);
    expect(house.codeOf(limit(1, 90, { instrument: 1 }))).toBeNull();
    expect(house.events().find((event) => event.kind === 'OrderDenied')).toMatchObject({
      reason: 'The market of T0.TEST is closed by its calendar. Limit open, observed closed.',
    });
  });

  it('beyond the span that the calendar was built for nothing is open', () => {
    const house = new House({ limits: closed, calendars: [calendar, null] });
    house.ts = 1_000;
    expect(house.codeOf(limit(1, 90))).toBe('MARKET_CLOSED');
  });

  it('without the limit the calendar denies nothing', () => {
    const house = new House({ calendars: [calendar, null] });
    house.ts = 250;
    expect(house.codeOf(limit(1, 90))).toBeNull();
  });

  it('an auction outside the sessions denies nothing without limits', () => {
    const house = new House({ calendars: [calendar, null] });
    house.ts = 250;
    house.risk.setMarketPhase(0, MarketPhase.AUCTION, 'status feed', house.ts);
    expect(house.codeOf(limit(1, 90))).toBeNull();
  });

  it('whatever the limits, nothing goes to a market that the venue has halted or closed, and all goes when it trades again', () => {
    const house = new House();
    house.portfolio.book(0, 0, 5, 100);
    for (const phase of [MarketPhase.HALTED, MarketPhase.CLOSED]) {
      house.risk.setMarketPhase(0, phase, 'status feed', house.ts);
      expect(house.codeOf(limit(1, 90))).toBe('MARKET_CLOSED');
      expect(house.codeOf(request(5, { side: Side.SELL, flags: OrderFlag.REDUCE_ONLY }))).toBe('MARKET_CLOSED');
      expect(house.codeOf(limit(1, 90, { instrument: 1 }))).toBeNull();
      house.risk.setMarketPhase(0, MarketPhase.TRADING, 'status feed', house.ts);
      expect(house.codeOf(limit(1, 90))).toBeNull();
    }
    expect(house.alerts()).toEqual(Array.from({ length: 4 }, () => 'MARKET_PHASE_CHANGED'));
  });

  it('in an auction where the limits say so, modifies too; cancels go', () => {
    const house = new House({ limits: { instruments: { 'T0.TEST': { denyInAuction: true } } } });
    const id = house.place(limit(5, 90));
    house.accept(id);
    house.risk.setMarketPhase(0, MarketPhase.AUCTION, 'status feed', house.ts);
    house.risk.setMarketPhase(1, MarketPhase.AUCTION, 'status feed', house.ts);
    expect(house.codeOf(limit(1, 90))).toBe('MARKET_CLOSED');
    expect(house.codeOf(limit(1, 90, { instrument: 1 }))).toBeNull();
    expect(house.modify(id, { orderQty: 4, limitPrice: 90, stopPrice: 0 })).toBe('MARKET_CLOSED');
    expect(house.cancel(id)).toBe('SENT');
  });

  it('what flattens after a kill goes, and the phase survives a save and a load', () => {
    const house = new House();
    house.portfolio.book(0, 0, 5, 100);
    house.risk.setMarketPhase(0, MarketPhase.HALTED, 'status feed', house.ts);
    const next = new House();
    next.portfolio.book(0, 0, 5, 100);
    next.risk.loadState(structuredClone(house.risk.saveState()));
    expect(next.codeOf(limit(1, 90))).toBe('MARKET_CLOSED');
    next.risk.kill({ kind: 'FIRM' }, { flatten: true, reason: 'test' }, next.ts);
    expect(next.codeOf(next.risk.flattenRequests()[0]!)).toBeNull();
  });
});
