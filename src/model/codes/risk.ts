/** Why the risk manager denies an order (specs: C-01 to C-32), and what the order manager alerts. */
export const RISK_CODES = {
  QUANTITY_EXCEEDS_MAXIMUM: {
    meaning:
      "The order quantity is above the limit for one order: ours, the venue's, or the maximum stated for a quantity decided at the fill (C-03).",
    fix: 'Order less, or raise maxOrderQuantity in the risk limits of the run file.',
  },
  NOTIONAL_EXCEEDS_MAX_PER_ORDER: {
    meaning: 'The value of the order is above the limit for one order (C-04).',
    fix: 'Order less, or raise maxOrderValue in the risk limits of the run file.',
  },
  QUANTITY_BELOW_MINIMUM: {
    meaning: 'The order quantity is zero, negative, or below the smallest that the instrument permits (C-05).',
    fix: "Order at least the instrument's minimum quantity; a size computed from a budget may have come out as zero.",
  },
  QUANTITY_NOT_MULTIPLE_OF_LOT: {
    meaning: "The order quantity is not a multiple of the instrument's lot size (C-05).",
    fix: 'Round the quantity down to a multiple of the lot size.',
  },
  QUANTITY_PRECISION: {
    meaning: "A quantity has no exact value in the instrument's quantity decimals, or a target weight is no number up to 1000.",
    fix: 'Round the quantity to the lot size (roundQuantity).',
  },
  PRICE_PRECISION: {
    meaning: "A limit or stop price is not a multiple of the instrument's price increment, or has no exact value in its decimals (C-05).",
    fix: "Round the price to the instrument's price increment.",
  },
  NOTIONAL_BELOW_MINIMUM: {
    meaning: 'The value of the order is below the smallest that the instrument permits (C-05).',
    fix: 'Order more; orders that are reduce-only are exempt.',
  },
  ORDER_FIELDS_INVALID: {
    meaning:
      'Fields of the order contradict each other: a price that its type lacks or needs, an expiry in the past, a flag that its type forbids (C-05).',
    fix: 'Correct the field that the message names.',
  },
  DUPLICATE_CLIENT_ORDER_ID: {
    meaning: 'The client order id was judged or sent before (C-10).',
    fix: 'Create a new order for every request; never submit an order twice.',
  },
  POSITION_LIMIT: {
    meaning: 'With every open order filled at worst, the position would be above its limit, long, short or gross (C-12).',
    fix: 'Order less, cancel open orders on the same side, or raise the position limits of the run file.',
  },
  EXPOSURE_LIMIT: {
    meaning: 'With every open order filled at worst, the exposure of the strategy, account or firm would be above its limit (C-13).',
    fix: 'Order less, reduce positions, cancel open orders, or raise maxExposure in the risk limits of the run file.',
  },
  NOTIONAL_EXCEEDS_FREE_BALANCE: {
    meaning: 'A cash account lacks the money to buy (with fees, beside its other open orders) or the quantity to sell (C-14).',
    fix: "Order less, cancel open orders, or deposit; a sale's proceeds count once the sale has filled.",
  },
  MARGIN_EXCEEDS_FREE_BALANCE: {
    meaning: 'The initial margin of the worst case of everything in flight is above the free margin of the account (C-14).',
    fix: 'Order less, cancel open orders, reduce positions, or deposit.',
  },
  RATE_LIMIT_EXCEEDED: {
    meaning:
      'The strategy, account or firm would send more new orders, modifies, or cancels asked for again, within the window than it may (C-07).',
    fix: 'Send less often; or raise maxNewOrders, maxModifies or maxCancels in the risk limits of the run file.',
  },
  MARKET_CLOSED: {
    meaning:
      'The venue has halted or closed the instrument; or it is closed by its calendar or holds an auction, and the run file denies orders then (C-20).',
    fix: 'Wait until it trades, or change denyWhenClosed or denyInAuction in the risk limits of the run file.',
  },
  DAILY_LOSS_LIMIT: {
    meaning:
      'The strategy, account or firm has lost more since its day began than it may; as an alert: its trading state was set for that (C-22).',
    fix: 'Order only what reduces until the next day begins, or have a person raise the limit.',
  },
  DRAWDOWN_LIMIT: {
    meaning:
      'The equity of the account or firm is further below its highest than it may be; as an alert: its trading state was set for that (C-23).',
    fix: 'Order only what reduces; a person sets the trading state back to ACTIVE, and the drawdown counts from there.',
  },
  MARKET_PHASE_CHANGED: {
    meaning: 'The venue has halted, closed or opened an instrument, or holds an auction in it.',
    fix: 'Nothing to do; orders are judged by it (C-20).',
  },
  RISK_LIMIT_CHANGED: {
    meaning: 'A person has changed a risk limit while the session runs; the message holds the old and the new value.',
    fix: 'Nothing to do where it was meant; else set it back.',
  },
  RISK_LIMIT_INVALID: {
    meaning: 'A risk limit was to be changed that does not exist, or to a value that it cannot have; nothing was changed.',
    fix: 'Write the value as the run file does: 1000 USD, 0.05, 100 per 1s, true.',
  },
  RISK_LIMIT_RAISED: {
    meaning: 'A risk limit was to be changed so that more is permitted than before, by a way that only tightens; nothing was changed.',
    fix: 'Raise it at /risk/limits/raise, which needs the right for that and a fresh proof of who asks.',
  },
  STALE_MARKET_DATA: {
    meaning:
      'Data of the instrument is missing, too old, crossed or locked, and the run file denies orders that open or add then; or the order book that a strategy looks at has no snapshot, waits for one, is crossed or locked, or is too old (C-21).',
    fix: 'Wait for data, order only what reduces, or change denyOnGap, denyOnStale, denyOnCrossed, maxDataAge, marketData.gapMax, ageMax or bookCrossedMax in the run file.',
  },
  MAX_OPEN_ORDERS: {
    meaning: 'The strategy, account or firm has as many open orders as it may have (C-17).',
    fix: 'Cancel open orders first, or raise maxOpenOrders in the risk limits of the run file.',
  },
  MAX_OPEN_POSITIONS: {
    meaning: 'The order would open a position in one instrument more than the strategy, account or firm may hold (C-17).',
    fix: 'Close a position first, or raise maxOpenPositions in the risk limits of the run file.',
  },
  TRADING_HALTED: {
    meaning: 'Trading is halted for the strategy, instrument, account or firm, by its trading state or by the kill switch (C-25).',
    fix: 'Find out why it was halted; then release it by hand.',
  },
  TRADING_STATE_REDUCING: {
    meaning:
      "Only orders that reduce the strategy's position are permitted now, and this one, beside open orders on its side, would not (C-26).",
    fix: 'Order no more than the position less what open orders on the same side may still fill, or set the trading state back to ACTIVE.',
  },
  REDUCE_ONLY_WOULD_INCREASE: {
    meaning: "A reduce-only order, beside open orders on its side, could do more than close the strategy's position (C-28).",
    fix: 'Order no more than the position less what open orders on the same side may still fill.',
  },
  ORDER_NOT_MODIFIABLE: {
    meaning: 'The order cannot be modified: it has ended, was never sent, waits for an answer, or decides its quantity at the fill.',
    fix: 'Wait for the answer that is pending, or make a new order.',
  },
  REFERENCE_PRICE_MISSING: {
    meaning: 'A limit on values cannot be judged, or a target weight not worked out, because an instrument has no price yet.',
    fix: 'Wait for the first price of the instrument before ordering.',
  },
  CURRENCY_RATE_MISSING: {
    meaning:
      "A limit cannot be judged, or a target weight not worked out, because there is no rate between the instrument's currency and another.",
    fix: "Add an instrument that gives the rate, or state the limit in the instrument's currency.",
  },
  RISK_CHECK_FAILED: {
    meaning: 'A risk control failed while it judged the order; what cannot be judged is denied.',
    fix: 'This is a defect: report it with the message.',
  },
  DUPLICATE_FILL_CONFLICT: {
    meaning: 'A fill arrived again under a known trade id with another order, price or quantity; the first is kept.',
    fix: "Compare the execution with the venue's trade history.",
  },
  LATE_FILL: {
    meaning: 'A fill arrived for an order that had ended; it is booked and the strategy is paused (it may only reduce).',
    fix: 'Check the position, then set the trading state of the strategy back to ACTIVE.',
  },
  OVERFILL: {
    meaning:
      'An order was filled for more than its quantity; all of it is booked, strategy and instrument are paused (they may only reduce).',
    fix: "Check the position against the venue's, then set the trading states back to ACTIVE.",
  },
  ORDER_REPORT_UNEXPECTED: {
    meaning: "A venue reported something that the order's state does not permit; nothing was changed.",
    fix: "Compare the order with the venue's; the message names state and report.",
  },
  ORDER_REPORT_INVALID: {
    meaning:
      "A venue reported a quantity or price that is not a whole count of the instrument's increments, or a quantity that is not above zero; it was not applied.",
    fix: "Check the adapter of the venue, and compare the order with the venue's.",
  },
  ORDER_UNKNOWN: {
    meaning:
      'A venue reported on a client order id that this house never used, or a command names an order that the session does not have.',
    fix: 'Of a venue: find out who else trades on the account. Of a command: list the orders and take a number from there.',
  },
  ORDER_STATE_UNKNOWN: {
    meaning: 'A submission was not answered in time; the order may live, so its exposure stays reserved.',
    fix: 'Query the venue by client order id.',
  },
  TRADING_STATE_CHANGED: {
    meaning: 'The trading state of a strategy, instrument, account or firm was changed.',
    fix: 'Nothing to do where it was meant; else see the reason in the message.',
  },
  KILL_SWITCH_ON: {
    meaning: 'The kill switch was thrown: every open order in its scope has a cancel under way and no new or increasing order is sent.',
    fix: 'Find out why; then release it by hand.',
  },
  KILL_SWITCH_OFF: {
    meaning: 'The kill switch was released by hand.',
    fix: 'Nothing to do.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
