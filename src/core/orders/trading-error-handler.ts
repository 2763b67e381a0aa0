/** What was asked of the venue when it went wrong. */
type TradingRequest = 'SUBMIT' | 'CANCEL' | 'MODIFY';

/**
 * What to do. DROP: nothing is retried, the strategy hears of it. RETRY: the same request once more, up to `retriesMax`. QUERY: ask the
 * venue what became of the order; nothing is sent before the answer.
 */
type TradingErrorAction = 'DROP' | 'RETRY' | 'QUERY';

/** One row of the policy. */
interface TradingErrorRule {
  readonly request: TradingRequest;
  /** The venue's reason, in the code that its adapter (or the simulated venue) made of it. */
  readonly reason: string;
  readonly action: TradingErrorAction;
  /** RETRY only; else 0. */
  readonly retriesMax: number;
  readonly why: string;
}

/** The reason given for a request that was not answered in time. */
export const NO_ANSWER = 'NO_ANSWER';

function rule(request: TradingRequest, reason: string, action: TradingErrorAction, retriesMax: number, why: string): TradingErrorRule {
  return Object.freeze({ request, reason, action, retriesMax, why });
}

/** The policy, all of it. A reason without a row is dropped. */
export const TRADING_ERROR_RULES: readonly TradingErrorRule[] = Object.freeze([
  rule('SUBMIT', NO_ANSWER, 'QUERY', 0, 'A timeout is not a rejection: the order may live, and a second one could fill too.'),
  rule('SUBMIT', 'VENUE_POST_ONLY_WOULD_TAKE', 'DROP', 0, 'The market has moved through the price; only the strategy knows the next one.'),
  rule('SUBMIT', 'VENUE_PRICE_INVALID', 'DROP', 0, 'The same order would be refused again.'),
  rule('SUBMIT', 'VENUE_QUANTITY_INVALID', 'DROP', 0, 'The same order would be refused again.'),
  rule('SUBMIT', 'VENUE_NOTIONAL_BELOW_MINIMUM', 'DROP', 0, 'The same order would be refused again.'),
  rule('SUBMIT', 'VENUE_EXPIRE_TIME_PASSED', 'DROP', 0, 'Its time is over.'),
  rule('SUBMIT', 'VENUE_FOK_NOT_FILLABLE', 'DROP', 0, 'All or nothing found nothing; trying again is a new decision.'),
  rule('SUBMIT', 'VENUE_NOTHING_TO_REDUCE', 'DROP', 0, 'There is no position to reduce any more.'),
  rule('SUBMIT', 'VENUE_INSTRUMENT_UNKNOWN', 'DROP', 0, 'The venue does not trade it.'),
  rule('CANCEL', NO_ANSWER, 'RETRY', 3, 'A cancel can be repeated without harm, and an order that should be gone must not stay.'),
  rule('CANCEL', 'VENUE_ORDER_NOT_WORKING', 'QUERY', 0, 'The order has ended: its last fill or cancel is on its way or was lost.'),
  rule('MODIFY', NO_ANSWER, 'QUERY', 0, 'Either version may work; both stay reserved until the venue says which.'),
  rule('MODIFY', 'VENUE_ORDER_NOT_WORKING', 'DROP', 0, 'The order has ended, so there is nothing to modify.'),
  rule('MODIFY', 'VENUE_PRICE_INVALID', 'DROP', 0, 'The same values would be refused again; the old ones stand.'),
  rule('MODIFY', 'VENUE_QUANTITY_INVALID', 'DROP', 0, 'The same values would be refused again; the old ones stand.'),
]);

/**
 * Decides what follows when a venue refuses a request or does not answer. A pure policy: it sends nothing itself.
 * What it never does is submit an order again, because a fill of both would double the position.
 */
export class TradingErrorHandler {
  /**
   * @param attempts how often the request was sent already, 1 or more
   * @returns the action, and the sentence why
   */
  decide(request: TradingRequest, reason: string, attempts: number): { readonly action: TradingErrorAction; readonly why: string } {
    const found = TRADING_ERROR_RULES.find((candidate) => candidate.request === request && candidate.reason === reason);
    if (found === undefined) return { action: 'DROP', why: `No rule for ${reason}: the request is dropped and the strategy decides.` };
    if (found.action === 'RETRY' && attempts > found.retriesMax) {
      return { action: 'QUERY', why: `${found.why} Tried ${attempts} times; now the venue is asked.` };
    }
    return found;
  }
}
