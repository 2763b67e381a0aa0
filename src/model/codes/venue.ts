/** Why the simulated venue rejects, cancels or refuses to change an order: the `reason` of its reports. */
export const VENUE_CODES = {
  VENUE_INSTRUMENT_UNKNOWN: {
    meaning: 'The venue does not trade this instrument.',
    fix: 'List the instrument under this venue in the run file, or send the order to its own venue.',
  },
  VENUE_QUANTITY_INVALID: {
    meaning: "The order quantity is not a positive multiple of the lot size, or lies outside the instrument's minimum and maximum.",
    fix: 'Round the quantity down to the lot size and keep it between minQuantity and maxQuantity.',
  },
  VENUE_PRICE_INVALID: {
    meaning: 'A limit or stop price that the order type needs is missing, or is not a positive multiple of the tickSize.',
    fix: "Give the price that the type needs, rounded to the instrument's tickSize.",
  },
  VENUE_NOTIONAL_BELOW_MINIMUM: {
    meaning: 'The value of the order is below the smallest that the instrument allows.',
    fix: "Order more, or lower the instrument's minNotional if the venue's real limit is lower.",
  },
  VENUE_EXPIRE_TIME_PASSED: {
    meaning: 'A GTD order reached the venue after its expiry time.',
    fix: "Give an expireAt that lies after the order's arrival, latency included.",
  },
  VENUE_POST_ONLY_WOULD_TAKE: {
    meaning: 'A post-only order would have traded at once against the market.',
    fix: 'Price it away from the market, or drop post-only.',
  },
  VENUE_NOTHING_TO_REDUCE: {
    meaning: 'A reduce-only order found no position on the other side: it may only shrink one.',
    fix: 'Send it after the entry has filled; expect it to be canceled when the position is closed by another order.',
  },
  VENUE_IOC_REMAINDER: {
    meaning: 'What an immediate-or-cancel order could not fill at its first chance was canceled.',
    fix: 'None needed; use GTC to let the rest work on.',
  },
  VENUE_FOK_NOT_FILLABLE: {
    meaning: 'A fill-or-kill order could not be filled whole at its first chance and was canceled.',
    fix: 'None needed; use IOC to accept a part.',
  },
  VENUE_NO_LIQUIDITY: {
    meaning: 'A market order found no more in the book, or a book that may not be used; what it did not trade was canceled.',
    fix: 'Order less, or use a limit order, which rests.',
  },
  VENUE_SELF_TRADE: {
    meaning:
      'The order would have traded with an order of the same account that rests on the other side; what was left of it was canceled.',
    fix: 'Cancel the resting order first, or price the two apart.',
  },
  VENUE_CASH_SHORT: {
    meaning:
      'A purchase of a cash account came to more than its cash, at the price of the fill and with commission. What could be paid was filled; the rest was canceled.',
    fix: "Order less, use a limit price, sizeAt: 'fill', or a balanceBuffer for what prices may do between the decision and the fill.",
  },
  VENUE_SIZE_ZERO: {
    meaning: 'An order sized at the fill came to a quantity of zero: the position is there already, or the cash does not buy one lot.',
    fix: 'None needed; check the target weight and the free balance if a fill was expected.',
  },
  VENUE_SPLIT: {
    meaning: 'The instrument was split, and orders stated in old shares and old prices were canceled.',
    fix: 'Send the order again in new shares and prices.',
  },
  VENUE_LIQUIDATION: {
    meaning:
      'The account was closed by force: its working orders were canceled, and orders that reached the venue meanwhile, or were on their way, were refused.',
    fix: 'Keep more free margin. Orders that are sent after the closing are judged by risk like any other.',
  },
  VENUE_ORDER_NOT_WORKING: {
    meaning: 'A cancel or a change named an order that is not working: never known here, filled, canceled, rejected or expired.',
    fix: 'None needed when it raced a fill; otherwise check the order id.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
