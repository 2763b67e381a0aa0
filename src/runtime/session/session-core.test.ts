import { describe, expect, it } from 'vitest';
import { SessionCore, type Taken } from './session-core.ts';
import type { SessionPlan } from './session-plan.ts';
import { planOf } from './session-plan.fixture.ts';
import { DOLLAR, instrumentOf, quotesOf, type QuoteRow, scripted, type Script } from '../backtest.fixture.ts';
import { decodeInput, encodeInput } from './input-codec.ts';
import { MarketPhase } from '../../model/market-phase.ts';
import type { StrategyClass } from '../../core/strategy/strategy.ts';
import { makeQuoteBlock } from '../../model/blocks.ts';
import { OrderStatus } from '../../model/order-status.ts';
import type { ManualOrder, SessionCommand, SessionInput } from '../../model/session-input.ts';
import { TradingState } from '../../model/trading-state.ts';

const BUY: ManualOrder = { instrument: 0, side: 'BUY', orderType: 'MARKET', quantity: '10' };

/** A core that is fed by hand, and what it said last. */
class Fed {
  readonly core: SessionCore;

  constructor(script: Script | StrategyClass = {}, change: Parameters<typeof planOf>[0] = {}) {
    const strategyClass = typeof script === 'function' ? script : scripted(script);
    const calendarOf = () => {
      throw new Error('no calendars here');
    };
    this.core = new SessionCore(planOf(change), { calendarOf, classOf: () => strategyClass });
  }

  take(input: SessionInput): Taken {
    return this.core.take(this.core.sequence + 1, input);
  }

  quotes(...rows: readonly QuoteRow[]): Taken {
    const block = quotesOf(rows).next() ?? makeQuoteBlock(0, 1);
    return this.take({ kind: 'ROWS', ts: rows.at(-1)![0], block });
  }

  command(ts: number, command: SessionCommand): Taken {
    return this.take({ kind: 'COMMAND', ts, actor: 'ann', command });
  }
}

/** A second share beside the first. */
function twoInstruments(): Pick<SessionPlan, 'instruments' | 'calendars' | 'fees' | 'kinds' | 'venues'> {
  const { instruments, fees, kinds, venues } = planOf();
  const second = instrumentOf({ id: 'BETA.XNYS' }, 1);
  const [venue] = venues;
  const [rules] = venue!.instruments;
  return {
    instruments: [instruments[0]!, second],
    calendars: [null, null],
    fees: [fees[0]!, fees[0]!],
    kinds: [kinds[0]!, kinds[0]!],
    venues: [{ ...venue!, instruments: [rules!, { ...rules!, instrument: second }] }],
  };
}

const kindsOf = ({ output }: Taken): readonly string[] => output.records.map(({ kind }) => kind);

describe('a command', () => {
  it('places an order by hand, which is born, sent and filled at the touch in the same input', () => {
    const fed = new Fed();
    fed.quotes([1_000, 9_990, 10_010]);
    const taken = fed.command(2_000, { kind: 'PlaceOrder', order: BUY });
    expect(taken.answer).toEqual({ isDone: true, clientOrderId: 1 });
    expect(kindsOf(taken)).toEqual(['OrderInitialized', 'OrderSubmitted', 'OrderAccepted', 'OrderFilled']);
    expect(taken.output.orders).toMatchObject([{ clientOrderId: 1, strategy: 1, status: OrderStatus.FILLED, cumQty: 10, tsInit: 2_000 }]);
    expect(taken.output.positions).toMatchObject([{ strategy: 1, instrument: 0, quantity: 10 }]);
    // 10 shares at 100.10 dollars out of 10,000.
    expect(taken.output.balances).toMatchObject([
      { account: 0, currency: 'USD', total: 8_999n * DOLLAR },
      { account: 0, currency: 'ACME', total: 10n * DOLLAR },
    ]);
  });

  it('tells of a position that is flat again, with what it earned', () => {
    const fed = new Fed();
    fed.quotes([1_000, 9_990, 10_010]);
    fed.command(2_000, { kind: 'PlaceOrder', order: BUY });
    const { output } = fed.command(3_000, { kind: 'PlaceOrder', order: { ...BUY, side: 'SELL' } });
    // Bought at 100.10, sold at 99.90: ten times 20 cents are lost.
    expect(output.positions).toMatchObject([{ strategy: 1, quantity: 0, realizedPnl: -2n * DOLLAR }]);
  });

  it('is refused in words where the order says what has no exact value, and nothing leaves the house', () => {
    const fed = new Fed();
    fed.quotes([1_000, 9_990, 10_010]);
    const taken = fed.command(2_000, { kind: 'PlaceOrder', order: { ...BUY, quantity: '0.5' } });
    expect(kindsOf(taken)).toEqual(['OrderInitialized', 'OrderDenied']);
    expect(taken.output.records[1]).toMatchObject({ code: 'QUANTITY_PRECISION' });
  });

  it.each([
    [{ kind: 'PlaceOrder', order: { ...BUY, instrument: 7 } }, 'INSTRUMENT_UNKNOWN'],
    [{ kind: 'CancelOrder', clientOrderId: 5 }, 'ORDER_UNKNOWN'],
    [{ kind: 'ModifyOrder', clientOrderId: 5, quantity: '1' }, 'ORDER_UNKNOWN'],
    [{ kind: 'StopStrategy', strategy: 3, openOrders: 'keep', reason: '' }, 'STRATEGY_UNKNOWN'],
    [{ kind: 'StartStrategy', strategy: 0, parameters: {} }, 'STRATEGY_RUNNING'],
  ] as const)('%j is refused with %s', (command, code) => {
    const fed = new Fed();
    const { answer } = fed.command(1_000, command as SessionCommand);
    expect(answer).toMatchObject({ isDone: false, code });
  });

  it('cancels and changes orders that rest, and says of one that has ended that it has', () => {
    const fed = new Fed();
    fed.quotes([1_000, 9_990, 10_010]);
    fed.command(2_000, { kind: 'PlaceOrder', order: { ...BUY, orderType: 'LIMIT', limitPrice: '99.00' } });
    const changed = fed.command(3_000, { kind: 'ModifyOrder', clientOrderId: 1, limitPrice: '99.50' });
    expect(changed.output.orders).toMatchObject([{ limitPrice: 9_950, status: OrderStatus.ACCEPTED }]);
    const canceled = fed.command(4_000, { kind: 'CancelOrder', clientOrderId: 1 });
    expect(canceled.output.orders).toMatchObject([{ status: OrderStatus.CANCELED }]);
    expect(fed.command(5_000, { kind: 'CancelOrder', clientOrderId: 1 }).answer).toMatchObject({ code: 'ORDER_CLOSED' });
  });

  it('INV-13: kills: what is open is canceled, and nothing new goes out until it is released', () => {
    const fed = new Fed();
    fed.quotes([1_000, 9_990, 10_010]);
    fed.command(2_000, { kind: 'PlaceOrder', order: { ...BUY, orderType: 'LIMIT', limitPrice: '99.00' } });
    const killed = fed.command(3_000, { kind: 'Kill', scope: { kind: 'FIRM' }, flatten: false, reason: 'drill' });
    expect(killed.output.orders).toMatchObject([{ clientOrderId: 1, status: OrderStatus.CANCELED }]);
    expect(kindsOf(fed.command(4_000, { kind: 'PlaceOrder', order: BUY }))).toEqual(['OrderInitialized', 'OrderDenied']);
    fed.command(5_000, { kind: 'Release', scope: { kind: 'FIRM' }, reason: 'over' });
    expect(kindsOf(fed.command(6_000, { kind: 'PlaceOrder', order: BUY }))).toContain('OrderFilled');
  });

  it('C-20: a venue that halts an instrument is obeyed until it trades again', () => {
    const fed = new Fed();
    fed.quotes([1_000, 9_990, 10_010]);
    const phase = (ts: number, to: MarketPhase): Taken =>
      fed.take(decodeInput({ ts, ...encodeInput({ kind: 'PHASE', ts, instrument: 0, phase: to, reason: 'status BREAK' }) }));
    expect(phase(2_000, MarketPhase.HALTED).output.records).toMatchObject([{ kind: 'Alert', code: 'MARKET_PHASE_CHANGED' }]);
    expect(fed.command(3_000, { kind: 'PlaceOrder', order: BUY }).output.records[1]).toMatchObject({ code: 'MARKET_CLOSED' });
    phase(4_000, MarketPhase.TRADING);
    expect(kindsOf(fed.command(5_000, { kind: 'PlaceOrder', order: BUY }))).toContain('OrderFilled');
  });

  it('changes a limit, says which are in force, refuses a raise to whoever may not, and remembers it when the inputs come again', () => {
    const change = (value: string | null, mayRaise = false): SessionCommand => ({
      kind: 'ChangeLimit',
      scope: { kind: 'FIRM' },
      name: 'maxOpenOrders',
      value,
      mayRaise,
      reason: 'test',
    });
    const rest: SessionCommand = { kind: 'PlaceOrder', order: { ...BUY, orderType: 'LIMIT', limitPrice: '90.00' } };
    const play = (fed: Fed): readonly Taken[] =>
      [change('1'), rest, rest, change('2'), change('2', true), rest].map((command, at) => {
        const input: SessionInput = { kind: 'COMMAND', ts: 2_000 + at, actor: 'ann', command };
        return fed.take(decodeInput({ ts: input.ts, ...encodeInput(input) }));
      });
    const fed = new Fed();
    fed.quotes([1_000, 9_990, 10_010]);
    const taken = play(fed);
    expect(taken.map(({ answer }) => answer)).toMatchObject([
      { isDone: true },
      { clientOrderId: 1 },
      { clientOrderId: 2 },
      { isDone: false, code: 'RISK_LIMIT_RAISED' },
      { isDone: true },
      { clientOrderId: 3 },
    ]);
    expect(taken.map(({ output }) => output.limits)).toMatchObject([
      { firm: { maxOpenOrders: 1 } },
      ...([undefined, undefined, undefined] as never[]),
      { firm: { maxOpenOrders: 2 } },
      undefined as never,
    ]);
    expect(kindsOf(taken[2]!)).toEqual(['OrderInitialized', 'OrderDenied']);
    expect(taken[0]!.output.records).toMatchObject([
      { code: 'RISK_LIMIT_CHANGED', message: 'maxOpenOrders of firm from none to 1 orders, ann: test' },
    ]);
    const again = new Fed();
    again.quotes([1_000, 9_990, 10_010]);
    play(again);
    expect(again.core.digest()).toBe(fed.core.digest());
  });

  it('holds a strategy to reducing', () => {
    const fed = new Fed();
    fed.quotes([1_000, 9_990, 10_010]);
    fed.command(2_000, { kind: 'SetTradingState', scope: { kind: 'FIRM' }, state: TradingState.REDUCING, reason: 'close' });
    expect(kindsOf(fed.command(3_000, { kind: 'PlaceOrder', order: BUY }))).toEqual(['OrderInitialized', 'OrderDenied']);
  });
});

describe('a strategy that is stopped', () => {
  const script: Script = {
    onStart: (s) => {
      s.subscribeQuotes(0);
      s.setInterval('tick', 1_000);
    },
    onQuote: (s) => {
      if (s.openOrders().length === 0) s.limitOrder(0, 'BUY', 1, 90);
    },
    onTimer: (s) => s.log('tick'),
    onStop: (s) => s.log('bye'),
  };

  it('says goodbye, has its orders canceled as asked, and hears no more', () => {
    const fed = new Fed(script);
    fed.quotes([1_000, 9_990, 10_010]);
    const stopped = fed.command(1_500, { kind: 'StopStrategy', strategy: 0, openOrders: 'cancel', reason: 'ann said so' });
    expect(stopped.output.strategies).toMatchObject([{ strategy: 0, status: 'STOPPED', reason: 'ann said so' }]);
    expect(stopped.output.orders).toMatchObject([{ clientOrderId: 1, status: OrderStatus.CANCELED }]);
    expect(stopped.output.records).toContainEqual(expect.objectContaining({ kind: 'LogLine', message: 'bye' }));
    const after = fed.quotes([5_000, 9_990, 10_010]);
    expect(after.output.records).toEqual([]);
    expect(fed.core.dueTs).toBeGreaterThanOrEqual(60_000_000);
  });

  it('leaves its orders where that was asked, and starts again with a fresh instance', () => {
    const fed = new Fed(script);
    fed.quotes([1_000, 9_990, 10_010]);
    const stopped = fed.command(1_500, { kind: 'StopStrategy', strategy: 0, openOrders: 'keep', reason: '' });
    expect(stopped.output.orders).toEqual([]);
    expect(fed.command(2_500, { kind: 'StartStrategy', strategy: 0, parameters: {} }).output.strategies).toMatchObject([
      { status: 'RUNNING' },
    ]);
    // The order of before is its own still, so it places none; its timer goes again.
    expect(kindsOf(fed.quotes([3_500, 9_990, 10_010]))).toEqual(['LogLine']);
  });

  it('takes other parameters, and refuses what its descriptors do not have', () => {
    const seen: unknown[] = [];
    const made = scripted({ onStart: (s) => seen.push((s as unknown as { parameters: unknown }).parameters) });
    Object.assign(made, { parameters: { lots: { type: 'integer', default: 1, min: 1, max: 5, description: 'Lots.' } } });
    const change = {
      strategies: [{ name: 'made', source: { kind: 'shipped', name: 'made' }, parameters: { lots: 2 }, instruments: [0] }],
    } as const;
    const fed = new Fed(made, change);
    fed.quotes([1_000, 9_990, 10_010]);
    fed.command(2_000, { kind: 'StopStrategy', strategy: 0, openOrders: 'keep', reason: '' });
    expect(fed.command(3_000, { kind: 'StartStrategy', strategy: 0, parameters: { lots: 9 } }).answer).toMatchObject({
      code: 'PARAMETER_INVALID',
    });
    fed.command(4_000, { kind: 'StartStrategy', strategy: 0, parameters: { lots: 3 } });
    expect(seen).toEqual([{ lots: 2 }, { lots: 3 }]);
  });
});

describe('a strategy that throws', () => {
  const script: Script = {
    onStart: (s) => s.subscribeQuotes(0),
    onQuote: (s, quote) => {
      if (quote.bidPrice > 100) throw new Error('too dear');
      s.limitOrder(0, 'BUY', 1, 90);
    },
  };

  it('is stopped, its orders are canceled, and the session goes on', () => {
    const fed = new Fed(script);
    fed.quotes([1_000, 9_990, 10_010]);
    const failed = fed.quotes([2_000, 10_090, 10_110], [3_000, 10_090, 10_110]);
    expect(failed.output.strategies).toMatchObject([{ strategy: 0, status: 'FAILED', reason: 'too dear' }]);
    expect(failed.output.orders).toMatchObject([{ clientOrderId: 1, status: OrderStatus.CANCELED }]);
    expect(kindsOf(failed).filter((kind) => kind === 'Alert')).toEqual(['Alert']);
    expect(fed.command(4_000, { kind: 'PlaceOrder', order: BUY }).answer).toMatchObject({ isDone: true });
    expect(fed.command(4_500, { kind: 'StopStrategy', strategy: 0, openOrders: 'keep', reason: '' }).answer).toMatchObject({
      code: 'STRATEGY_STOPPED',
    });
  });

  it('can be started again, and fail again', () => {
    const fed = new Fed(script);
    fed.quotes([2_000, 10_090, 10_110]);
    expect(fed.command(3_000, { kind: 'StartStrategy', strategy: 0, parameters: {} }).output.strategies).toMatchObject([
      { status: 'RUNNING' },
    ]);
    expect(fed.quotes([4_000, 10_090, 10_110]).output.strategies).toMatchObject([{ status: 'FAILED' }]);
  });
});

describe('time', () => {
  it('fires a timer when the clock has passed it, and says when the next is due', () => {
    const fed = new Fed({ onStart: (s) => s.setInterval('tick', 1_000), onTimer: (s, _, ts) => s.log(String(ts)) });
    fed.quotes([500, 9_990, 10_010]);
    expect(fed.core.dueTs).toBe(1_000);
    expect(fed.take({ kind: 'CLOCK', ts: 1_000 }).output.records).toEqual([]);
    expect(fed.take({ kind: 'CLOCK', ts: 2_001 }).output.records).toMatchObject([{ message: '1000' }, { message: '2000' }]);
  });

  it('that was lost is a gap that strategies hear of', () => {
    const gaps: number[] = [];
    const fed = new Fed({ onStart: (s) => s.subscribeQuotes(0), onGap: (_, { tsFrom, tsTo }) => gaps.push(tsFrom, tsTo) });
    fed.quotes([1_000, 9_990, 10_010]);
    const { output } = fed.take({ kind: 'GAP', ts: 9_000, tsFrom: 1_000, tsTo: 9_000, instruments: null, reason: 'DOWN' });
    expect(gaps).toEqual([1_000, 9_000]);
    expect(output.records).toMatchObject([{ kind: 'DataGap', instrument: 0, tsFrom: 1_000, tsTo: 9_000 }]);
  });

  it('that was lost without saying of what is a gap of every instrument, and strategies hear of each', () => {
    const heard: unknown[] = [];
    const script: Script = {
      onStart: (s) => [0, 1].forEach((instrument) => s.subscribeQuotes(instrument)),
      onGap: (_, { instrument, tsFrom, tsTo }) => heard.push([instrument, tsFrom, tsTo]),
    };
    const [strategy] = planOf().strategies;
    const fed = new Fed(script, { ...twoInstruments(), strategies: [{ ...strategy!, instruments: [0, 1] }] });
    fed.take({ kind: 'GAP', ts: 9_000, tsFrom: 1_000, tsTo: 9_000, instruments: null, reason: 'DOWN' });
    expect(heard).toEqual([
      [0, 1_000, 9_000],
      [1, 1_000, 9_000],
    ]);
    const { marketData } = fed.core.loop.engine;
    expect([marketData.isGapped(0), marketData.isGapped(1)]).toEqual([true, true]);
  });

  it('that a feed lost is a gap of its instruments alone, up to where it says', () => {
    const fed = new Fed({}, { ...twoInstruments(), strategies: [] });
    const lost = { tsFrom: 1_000, tsTo: 6_000, instruments: [1], reason: 'FEED_CONNECTION_LOST' } as const;
    const { output } = fed.take({ kind: 'GAP', ts: 9_000, ...lost });
    expect(output.records).toMatchObject([{ kind: 'DataGap', instrument: 1, tsFrom: 1_000, tsTo: 6_000, tsInit: 9_000 }]);
    const { marketData } = fed.core.loop.engine;
    expect([marketData.isGapped(0), marketData.isGapped(1)]).toEqual([false, true]);
  });

  it('that was lost is not told before it is over', () => {
    const later = { tsFrom: 1_000, tsTo: 9_001, instruments: null, reason: 'DOWN' } as const;
    expect(() => new Fed().take({ kind: 'GAP', ts: 9_000, ...later })).toThrow('is told at 9000');
  });

  it('does not go back, and no input is left out', () => {
    const fed = new Fed();
    fed.take({ kind: 'CLOCK', ts: 5_000 });
    expect(() => fed.take({ kind: 'CLOCK', ts: 4_000 })).toThrow('comes after');
    expect(() => fed.core.take(9, { kind: 'CLOCK', ts: 6_000 })).toThrow('comes after input');
  });
});

it('tells equity of every account once for each point of its curve', () => {
  const fed = new Fed({}, { sampling: { kind: 'interval', everyUs: 1_000 } });
  fed.quotes([1_500, 9_990, 10_010]);
  fed.command(1_600, { kind: 'PlaceOrder', order: BUY });
  const { output } = fed.quotes([2_500, 10_100, 10_120]);
  // At 2000 the ten shares that cost 100.10 each are marked at 100.00.
  expect(output.equity).toEqual([{ account: 0, ts: 2_000, amount: 10_000n * DOLLAR - 1n * DOLLAR }]);
});
