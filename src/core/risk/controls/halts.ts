import type { Quantity } from '../../../model/instrument.ts';
import { OrderFlag } from '../../../model/order.ts';
import type { Assessment } from '../assessment.ts';
import { deny, denyQuantity, type Control, type Denial, type RiskCode } from '../control.ts';
import { scopeText } from '../trading-state.ts';
import { TradingState } from '../../../model/trading-state.ts';

/** C-25: nothing new leaves a scope that is halted, but for orders that flatten, where the kill permits it: they can only reduce. */
export const KILL_SWITCH: Control = {
  id: 'C-25',
  name: 'kill switch',
  codes: ['TRADING_HALTED'],
  parameters: ['kill(scope, flatten)', 'setTradingState(scope, HALTED)'],
  onlyWith: null,
  check(a) {
    const { states, instruments } = a.world;
    const halted = states.scopeIn(TradingState.HALTED, a.strategy, a.instrument);
    if (halted === null) return null;
    const isFlattening = a.mode !== 'MODIFY' && (a.flags & OrderFlag.FLATTEN) !== 0;
    if (isFlattening && states.permitsFlattening(a.strategy, a.instrument)) return null;
    return deny('C-25', 'TRADING_HALTED', `Trading is halted for ${scopeText(halted, instruments)}.`);
  },
};

/** C-26: in a scope that is REDUCING only orders pass that reduce the strategy's position. */
export const REDUCING_STATE: Control = {
  id: 'C-26',
  name: 'reduce-only mode',
  codes: ['TRADING_STATE_REDUCING'],
  parameters: ['setTradingState(scope, REDUCING)'],
  onlyWith: null,
  check(a) {
    const { states, instruments } = a.world;
    const reducing = states.scopeIn(TradingState.REDUCING, a.strategy, a.instrument);
    if (reducing === null) return null;
    const sentence = `Only orders that reduce are permitted for ${scopeText(reducing, instruments)}.`;
    return checkReduces(a, 'C-26', 'TRADING_STATE_REDUCING', sentence);
  },
};

/** C-28: a reduce-only order, beside everything open on its side, does no more than close the strategy's position. */
export const REDUCE_ONLY: Control = {
  id: 'C-28',
  name: 'reduce-only order',
  codes: ['REDUCE_ONLY_WOULD_INCREASE'],
  parameters: ['flag REDUCE_ONLY'],
  onlyWith: null,
  check(a) {
    if (!a.isReduceOnly) return null;
    return checkReduces(a, 'C-28', 'REDUCE_ONLY_WOULD_INCREASE', 'A reduce-only order may not do more than close the position.');
  },
};

/**
 * The strategy's own position decides, not the account's: two strategies that offset each other could otherwise block each other's way out.
 * All open orders on the same side count, reduce-only or not, because all of them may fill first.
 */
function checkReduces(a: Assessment, control: string, code: RiskCode, sentence: string): Denial | null {
  // What flattens is sized in the step of its fill to what is held then, so it closes and never more, whatever else is open.
  if ((a.flags & OrderFlag.FLATTEN) !== 0) return null;
  const { closable, worst } = reduction(a);
  return worst <= closable ? null : denyQuantity(a, control, code, sentence, closable, worst);
}

/** True where the order, beside everything open on its side, does no more than close the strategy's position. */
export function onlyReduces(a: Assessment): boolean {
  if ((a.flags & OrderFlag.FLATTEN) !== 0) return true;
  const { closable, worst } = reduction(a);
  return worst <= closable;
}

function reduction(a: Assessment): { readonly closable: Quantity; readonly worst: Quantity } {
  const { portfolio, table } = a.world;
  const { index } = a.instrument;
  const closable = Math.max(0, -a.side * portfolio.strategyQty(a.strategy, index));
  const open = a.isBuy ? table.openBuyQtyOf(a.strategy, index) : table.openSellQtyOf(a.strategy, index);
  return { closable, worst: open + a.addedQty };
}
