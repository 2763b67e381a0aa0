import { durationText } from '../../../model/duration-text.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { OrderFlag } from '../../../model/order.ts';
import { deny, type Control, type Denial } from '../control.ts';
import { RATE_LIMITS } from '../limits.ts';
import type { MessageKind, MessageRates } from '../message-rates.ts';

const WORDS = { NEW: 'new orders', MODIFY: 'modifies', CANCEL: 'cancels' } as const satisfies Record<MessageKind, string>;

/**
 * C-07: at most so many messages within any span of a length; new orders, modifies and cancels apart, by strategy, account and firm. What flattens
 * passes and counts. A cancel is judged by {@link cancelRateDenial} where it is asked for.
 */
export const MESSAGE_RATE: Control = {
  id: 'C-07',
  name: 'message rate',
  codes: ['RATE_LIMIT_EXCEEDED'],
  parameters: ['strategies', 'accounts', 'firm'].flatMap((whose) => RATE_LIMITS.map((name) => `${whose}.${name}`)),
  onlyWith: ['maxNewOrders', 'maxModifies'],
  check(a) {
    // A fill is no message of ours.
    if (a.mode === 'FILL' || (a.flags & OrderFlag.FLATTEN) !== 0) return null;
    return rateDenial(a.world.rates, a.mode, a.strategy, a.instrument, a.ts);
  },
};

/** For a cancel that is asked for again. */
export function cancelRateDenial(rates: MessageRates, strategy: number, instrument: Instrument, ts: number): Denial | null {
  return rateDenial(rates, 'CANCEL', strategy, instrument, ts);
}

function rateDenial(rates: MessageRates, kind: MessageKind, strategy: number, instrument: Instrument, ts: number): Denial | null {
  const full = rates.full(kind, strategy, instrument, ts);
  if (full === null) return null;
  const { count, windowUs } = full.limit;
  const what = WORDS[kind];
  const sentence = `The ${full.whose} would have sent too many ${what} within ${durationText(windowUs)}.`;
  return deny('C-07', 'RATE_LIMIT_EXCEEDED', sentence, String(count), String(count + 1), what);
}
