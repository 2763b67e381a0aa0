import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionCore, type Taken } from './session-core.ts';
import { planOf } from './session-plan.fixture.ts';
import { quotesOf, scripted } from '../backtest.fixture.ts';
import { makeQuoteBlock } from '../../model/blocks.ts';
import { OrderStatus } from '../../model/order-status.ts';
import type { SessionCommand } from '../../model/session-input.ts';
import { TradingState } from '../../model/trading-state.ts';

const STRATEGY = 0;
const OPERATOR = 1;
const FLATTEN = { kind: 'FlattenPosition', strategy: STRATEGY, instrument: 0, tag: 'flatten by hand' } as const;

/** A core with one quote of 99.90 to 100.10, and a strategy that buys so many at its start and rests a bid far below. */
class Held {
  readonly core: SessionCore;

  constructor(quantity: number) {
    const strategyClass = scripted({
      onStart: (s) => s.subscribeQuotes(0),
      onQuote: (s) => {
        if (s.openOrders().length > 0) return;
        if (quantity > 0) s.marketOrder(0, 'BUY', quantity);
        s.limitOrder(0, 'BUY', 1, 90);
      },
    });
    const calendarOf = () => {
      throw new Error('no calendars here');
    };
    this.core = new SessionCore(planOf({}), { calendarOf, classOf: () => strategyClass });
    const block = quotesOf([
      [1_000, 9_990, 10_010],
      [1_500, 9_990, 10_010],
    ]).next();
    this.core.take(this.core.sequence + 1, { kind: 'ROWS', ts: 1_500, block: block ?? makeQuoteBlock(0, 1) });
  }

  ask(ts: number, command: SessionCommand): Taken {
    return this.core.take(this.core.sequence + 1, { kind: 'COMMAND', ts, actor: 'ann', command });
  }

  buyByHand(ts: number, quantity: number): Taken {
    return this.ask(ts, { kind: 'PlaceOrder', order: { instrument: 0, side: 'BUY', orderType: 'MARKET', quantity: String(quantity) } });
  }

  heldBy(strategy: number): number {
    return this.core.loop.engine.portfolio.positions.quantity(strategy, 0);
  }

  get working(): number {
    const { table } = this.core.loop.engine.orders;
    let count = 0;
    for (let id = table.firstOpen(0); id !== 0; id = table.nextOpen(id)) count += 1;
    return count;
  }
}

const kindsOf = ({ output }: Taken): readonly string[] => output.records.map(({ kind }) => kind);

describe('flattening one position', () => {
  it('closes what the strategy holds and nothing of anybody else, and leaves its orders and the strategy as they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (own, byHand) => {
        const held = new Held(own);
        held.buyByHand(2_000, byHand);
        expect([held.heldBy(STRATEGY), held.heldBy(OPERATOR), held.working]).toEqual([own, byHand, 1]);
        const { answer, output } = held.ask(3_000, FLATTEN);
        expect(answer).toMatchObject({ isDone: true });
        expect(output.orders).toMatchObject([{ strategy: STRATEGY, status: OrderStatus.FILLED, cumQty: own, tag: 'flatten by hand' }]);
        expect([held.heldBy(STRATEGY), held.heldBy(OPERATOR), held.working]).toEqual([0, byHand, 1]);
        expect(held.core.loop.engine.strategies.isRunning(STRATEGY)).toBe(true);
        expect(held.core.loop.engine.risk.tradingSwitches).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('is refused where nothing is held, whoever is meant, and leaves no order', () => {
    const held = new Held(0);
    for (const strategy of [STRATEGY, OPERATOR]) {
      const taken = held.ask(2_000, { ...FLATTEN, strategy });
      expect(taken.answer).toMatchObject({ isDone: false, code: 'POSITION_FLAT' });
      expect(kindsOf(taken)).toEqual([]);
    }
    expect(held.ask(3_000, { ...FLATTEN, instrument: 7 }).answer).toMatchObject({ code: 'INSTRUMENT_UNKNOWN' });
    expect(held.ask(3_000, { ...FLATTEN, strategy: 7 }).answer).toMatchObject({ code: 'STRATEGY_UNKNOWN' });
  });

  it('works for a strategy that is stopped, and where only reducing is permitted', () => {
    const held = new Held(5);
    held.ask(2_000, { kind: 'StopStrategy', strategy: STRATEGY, openOrders: 'keep', reason: '' });
    held.ask(2_500, { kind: 'SetTradingState', scope: { kind: 'FIRM' }, state: TradingState.REDUCING, reason: '' });
    expect(kindsOf(held.ask(3_000, FLATTEN))).toContain('OrderFilled');
    expect(held.heldBy(STRATEGY)).toBe(0);
  });

  it('passes risk like any order: where trading is halted it is denied, and the position stays', () => {
    const held = new Held(5);
    held.ask(2_000, { kind: 'Kill', scope: { kind: 'FIRM' }, flatten: false, reason: 'drill' });
    const { output } = held.ask(3_000, FLATTEN);
    expect(output.records.at(-1)).toMatchObject({ kind: 'OrderDenied', code: 'TRADING_HALTED' });
    expect(held.heldBy(STRATEGY)).toBe(5);
  });
});
