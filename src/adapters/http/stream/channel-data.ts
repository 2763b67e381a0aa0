import { candleOf, bookOf, latestPrice, tradeOf } from '../present/market.ts';
import { denialInfo, denialOf, fillInfo, orderEvents, orderOf } from '../present/orders.ts';
import { accountSummary, balancesOf, positionOf } from '../present/portfolio.ts';
import { alertInfo, logLine, riskState, strategyInfo, tradingState } from '../present/risk.ts';
import type { MarketData, OrderDelta } from '../../../contract/api/stream-data.ts';
import type { Channel } from '../../../contract/api/stream.ts';
import type { OrderEvent } from '../../../model/events.ts';
import type { Instrument } from '../../../model/instrument.ts';
import type { SessionOutput } from '../../../model/session-output.ts';
import { CANDLE_INTERVALS, type CandleInterval, type SessionView } from '../../../ports/session-view.ts';

/** Fills and log lines that a snapshot begins with. */
const NEWEST_SHOWN = 100;
/** Levels of a book, each side, on the stream. */
const BOOK_LEVELS = 20;
/** Trades of an instrument in one message. */
export const STREAM_TRADES_MAX = 50;

const INTERVALS = Object.keys(CANDLE_INTERVALS) as readonly CandleInterval[];

/** Everything of a channel as it is now. */
export function snapshotOf(view: SessionView, channel: Exclude<Channel, 'market'>): unknown {
  switch (channel) {
    case 'orders':
      return { open: view.openOrders().map((state) => orderOf(view, state)) };
    case 'fills':
      return {
        newest: view.fills({ instrument: null, strategy: null }, { limit: NEWEST_SHOWN }).items.map((fill) => fillInfo(view, fill)),
      };
    case 'positions':
      return { positions: view.positions().map((position) => positionOf(view, position)) };
    case 'portfolio':
      return portfolioOf(view);
    case 'strategies':
      return { strategies: view.strategies().map((strategy) => strategyInfo(view, strategy)) };
    case 'risk':
      return riskState(view);
    default:
      return { newest: view.log({ limit: NEWEST_SHOWN }).items.map((line) => logLine(view, line)) };
  }
}

/** @param afterTrade only trades with a higher number */
export function marketOf(view: SessionView, instrument: Instrument, afterTrade: number): MarketData {
  const { index } = instrument;
  const trades = view.trades(index, STREAM_TRADES_MAX).filter(({ sequence }) => sequence > afterTrade);
  return {
    price: latestPrice(view, instrument),
    book: bookOf(instrument, view.book(index, BOOK_LEVELS), view.ts),
    trades: trades.map((trade) => tradeOf(instrument, trade)),
    candles: INTERVALS.flatMap((interval) => {
      const [candle] = view.candles(index, interval, Number.MAX_SAFE_INTEGER, 1);
      return candle === undefined ? [] : [{ interval, candle: candleOf(instrument, candle) }];
    }),
  };
}

export function portfolioOf(view: SessionView) {
  return { accounts: view.accounts().map((account) => accountSummary(view, account)), balances: balancesOf(view) };
}

/** One message for each order that an output tells of. */
export function orderDeltas(view: SessionView, output: SessionOutput): readonly OrderDelta[] {
  return output.orders.map((state) => {
    const own = output.records.filter(
      (record) => 'clientOrderId' in record && record.clientOrderId === state.clientOrderId,
    ) as readonly OrderEvent[];
    const denied = own.find((event) => event.kind === 'OrderDenied');
    return {
      order: orderOf(view, state),
      denial: denied?.kind === 'OrderDenied' ? denialOf(denied) : null,
      events: orderEvents(view.instruments[state.instrument]!, own),
    };
  });
}

/** Fills of the output, which are the newest. Oldest first. */
export function fillDeltas(view: SessionView, output: SessionOutput): readonly unknown[] {
  const count = output.records.filter(({ kind }) => kind === 'OrderFilled' || kind === 'OrderPartiallyFilled').length;
  if (count === 0) return [];
  const { items } = view.fills({ instrument: null, strategy: null }, { limit: count });
  return items.map((fill) => fillInfo(view, fill)).reverse();
}

/** What an output brings to the channel of risk; null for nothing. */
export function riskDelta(view: SessionView, output: SessionOutput): unknown {
  const denials = output.records.filter(({ kind }) => kind === 'OrderDenied').length;
  const alerts = output.records.filter(({ kind }) => kind === 'Alert').length;
  if (denials === 0 && alerts === 0 && output.tradingSwitches === undefined) return null;
  return {
    tradingState: tradingState(view),
    denials: denials === 0 ? [] : view.denials({ limit: denials }).items.map((denied) => denialInfo(view, denied)),
    alerts: alerts === 0 ? [] : view.alerts({ limit: alerts }).items.map(alertInfo),
  };
}

/** Lines that an output brings, newest first; null for none. A gap is a line too. */
export function logDelta(view: SessionView, output: SessionOutput): unknown {
  const count = output.records.filter(({ kind }) => kind === 'LogLine' || kind === 'DataGap').length;
  return count === 0 ? null : { lines: view.log({ limit: count }).items.map((line) => logLine(view, line)) };
}
