/** What a run itself says: denials before risk is asked, and alerts about accounts and strategies. */
export const RUNTIME_CODES = {
  WARMING_UP: {
    meaning: 'The order was asked for while history was being replayed, before the start of trading.',
    fix: 'Check isWarmingUp before ordering, or set period.tradeFrom in the run file to an earlier time.',
  },
  ORDER_INVALID: {
    meaning: 'The order contradicts itself: a GTD order without an expiry, or a flag that its type does not have.',
    fix: 'Follow the sentence in the denial; docs/concepts/orders.md lists what goes together.',
  },
  LIQUIDATION: {
    meaning: 'The equity of a margin account fell to its maintenance margin, and the venue closed its positions at the last price.',
    fix: 'Trade smaller, keep more margin free, or set risk limits that stop earlier.',
  },
  DEFICIT_WRITTEN_OFF: {
    meaning: 'After a liquidation the account owed more than it had; the rest was written off in the ledger under its own name.',
    fix: 'Trade smaller: the loss was larger than the account.',
  },
  INSTRUMENT_EXPIRED: {
    meaning:
      'The instrument has expired: its open orders were canceled, its positions settled in cash, and orders are refused from then on.',
    fix: 'Roll into the next contract before expiry; check expiry of the instrument in the run file.',
  },
  STRATEGY_FAILED: {
    meaning: 'A handler of a strategy threw an error: a backtest stops there, a session stops that strategy and cancels its open orders.',
    fix: 'The message names the handler and the line of the strategy file; mend it and run again.',
  },
  STRATEGY_MISTAKE: {
    meaning: 'A strategy asked for what cannot be: an unknown instrument or order, an order of another strategy, bars that no data gives.',
    fix: 'Follow the sentence of the message; mend the call in the strategy and run again.',
  },
  STRATEGY_ENDLESS: {
    meaning:
      'A strategy answers its own order events with new orders without end, or sends more than a run holds; the run was stopped there.',
    fix: 'Do not repeat in onOrderEvent what was denied, canceled or rejected; wait for the next row or a timer.',
  },
  EQUITY_SAMPLES_TOO_MANY: {
    meaning: 'The equity curve of the run would have more samples than are kept (docs/reference/limits.md).',
    fix: 'Sample less often, or run a shorter period.',
  },
  STRATEGY_STATE_NOT_PLAIN: {
    meaning: 'A field of the strategy is neither plain data nor a shipped indicator, or is #private, so its state cannot be saved.',
    fix: 'Keep plain data in fields, or declare saveState and loadState.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
