import type { StrategyContext } from './strategy-context.ts';

/**
 * The context as a strategy holds it: frozen, and with nothing of the engine behind it but these calls. A strategy is handed its context in
 * the constructor; were it the host itself, replacing one of the host's methods would switch a check off.
 */
export function closedContext(host: StrategyContext): StrategyContext {
  return Object.freeze({
    get now() {
      return host.now;
    },
    get isWarmingUp() {
      return host.isWarmingUp;
    },
    instrument: (index) => host.instrument(index),
    instrumentById: (id) => host.instrumentById(id),
    subscribeTrades: (instrument) => host.subscribeTrades(instrument),
    unsubscribeTrades: (instrument) => host.unsubscribeTrades(instrument),
    subscribeQuotes: (instrument) => host.subscribeQuotes(instrument),
    unsubscribeQuotes: (instrument) => host.unsubscribeQuotes(instrument),
    subscribeBars: (instrument, every, from) => host.subscribeBars(instrument, every, from),
    unsubscribeBars: (series) => host.unsubscribeBars(series),
    subscribeQuoteBars: (instrument) => host.subscribeQuoteBars(instrument),
    unsubscribeQuoteBars: (instrument) => host.unsubscribeQuoteBars(instrument),
    bars: (series) => host.bars(series),
    quoteBars: (series) => host.quoteBars(series),
    trades: (instrument) => host.trades(instrument),
    quotes: (instrument) => host.quotes(instrument),
    lastPrice: (instrument) => host.lastPrice(instrument),
    bestBid: (instrument) => host.bestBid(instrument),
    bestAsk: (instrument) => host.bestAsk(instrument),
    isGapped: (instrument) => host.isGapped(instrument),
    isStale: (instrument, ageMaxUs) => host.isStale(instrument, ageMaxUs),
    submit: (order) => host.submit(order),
    target: (draft) => host.target(draft),
    cancel: (id) => host.cancel(id),
    cancelAll: (instrument) => host.cancelAll(instrument),
    modify: (id, change) => host.modify(id, change),
    position: (instrument) => host.position(instrument),
    averagePrice: (instrument) => host.averagePrice(instrument),
    unrealizedPnl: (instrument) => host.unrealizedPnl(instrument),
    openOrders: (instrument) => host.openOrders(instrument),
    order: (id) => host.order(id),
    equity: (venue) => host.equity(venue),
    cash: (currency, venue) => host.cash(currency, venue),
    setTimer: (name, at) => host.setTimer(name, at),
    setInterval: (name, everyUs) => host.setInterval(name, everyUs),
    cancelTimer: (name) => host.cancelTimer(name),
    log: (level, message) => host.log(level, message),
  } satisfies StrategyContext);
}
