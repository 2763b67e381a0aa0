import type { Control } from '../control.ts';
import { DATA_QUALITY } from './data-quality.ts';
import { EXPOSURE_LIMIT, POSITION_LIMIT } from './exposure.ts';
import { FREE_BALANCE } from './free-balance.ts';
import { KILL_SWITCH, REDUCE_ONLY, REDUCING_STATE } from './halts.ts';
import { DAILY_LOSS, DRAWDOWN } from './losses.ts';
import { MARKET_HOURS } from './market-hours.ts';
import { MESSAGE_RATE } from './message-rate.ts';
import { MAX_OPEN } from './open-counts.ts';
import { DUPLICATE_CLIENT_ORDER_ID } from './order-identity.ts';
import { MAX_ORDER_QUANTITY, MAX_ORDER_VALUE, ORDER_FIELDS } from './order-size.ts';

/**
 * Every control, in the order in which they judge; the first that denies speaks. What is cheap and what makes the rest pointless comes
 * first, money last. A new control is a new row here and a section in docs/concepts/risk.md.
 */
export const CONTROLS: readonly Control[] = Object.freeze([
  DUPLICATE_CLIENT_ORDER_ID,
  KILL_SWITCH,
  MESSAGE_RATE,
  ORDER_FIELDS,
  MARKET_HOURS,
  DAILY_LOSS,
  DRAWDOWN,
  REDUCING_STATE,
  REDUCE_ONLY,
  DATA_QUALITY,
  MAX_ORDER_QUANTITY,
  MAX_ORDER_VALUE,
  MAX_OPEN,
  POSITION_LIMIT,
  EXPOSURE_LIMIT,
  FREE_BALANCE,
]);
