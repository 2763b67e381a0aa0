import type { DenialText } from './denial-text.ts';
import {
  NO_OPTIONS,
  type OrderChange,
  type OrderDraft,
  type OrderOptions,
  type TargetOptions,
  type TimeInForceName,
} from '../strategy/strategy-context.ts';
import { TimeInForce } from '../../model/order.ts';

/*
 * What a strategy says besides instrument, side, quantity and prices. Strategies are bundled without a type check, so anything can get here:
 * an option that is misspelt or of another kind than it should be would make another order than was meant, and is denied.
 */

export const TIMES_IN_FORCE: Readonly<Record<TimeInForceName, TimeInForce>> = {
  DAY: TimeInForce.DAY,
  GTC: TimeInForce.GTC,
  IOC: TimeInForce.IOC,
  FOK: TimeInForce.FOK,
  GTD: TimeInForce.GTD,
};
/** Largest `quantityMaxFactor`: beyond it the stated maximum states nothing. */
export const QUANTITY_MAX_FACTOR_MAX = 1000;

const ORDER_OPTION_NAMES: readonly string[] = ['timeInForce', 'expireAt', 'postOnly', 'reduceOnly', 'tag'];
const TARGET_OPTION_NAMES: readonly string[] = [...ORDER_OPTION_NAMES, 'sizeAt', 'quantityMaxFactor'];
const CHANGE_NAMES: readonly string[] = ['quantity', 'limitPrice', 'stopPrice'];

/** What an order is built from where its options are no object: it is denied. */
export function readableOptions(options: TargetOptions): TargetOptions {
  return typeof options === 'object' && options !== null ? options : NO_OPTIONS;
}

/** Why an order with these options is denied, or null. */
export function problemWithOrderOptions(options: OrderOptions, orderType: OrderDraft['orderType']): DenialText | null {
  return problemWith(options, orderType, ORDER_OPTION_NAMES);
}

/** Why a target with these options is denied, or null. Targets are market orders. */
export function problemWithTargetOptions(options: TargetOptions): DenialText | null {
  return problemWith(options, 'MARKET', TARGET_OPTION_NAMES);
}

/** Why a change of an order is refused before its figures are read, or null. */
export function problemWithChange(change: OrderChange): DenialText | null {
  if (typeof change !== 'object' || change === null) return deny(`a change is named values ({ limitPrice: 10 }), not ${String(change)}`);
  for (const name in change) {
    if (!CHANGE_NAMES.includes(name)) return deny(`there is no ${name} to change: give ${CHANGE_NAMES.join(', ')}`);
  }
  return null;
}

function problemWith(options: TargetOptions, orderType: OrderDraft['orderType'], names: readonly string[]): DenialText | null {
  if (options === NO_OPTIONS) return null;
  if (typeof options !== 'object' || options === null) return deny(`options are named values ({ tag: 'entry' }), not ${String(options)}`);
  for (const name in options) {
    if (!names.includes(name)) return deny(`there is no option ${name}: the options are ${names.join(', ')}`);
  }
  return contradiction(options, orderType) ?? sizingProblem(options);
}

function contradiction(options: OrderOptions, orderType: OrderDraft['orderType']): DenialText | null {
  const { timeInForce = 'GTC', expireAt, postOnly, reduceOnly, tag } = options;
  if (reduceOnly !== undefined && typeof reduceOnly !== 'boolean') return deny(`reduceOnly is true or false, not ${String(reduceOnly)}`);
  if (postOnly !== undefined && typeof postOnly !== 'boolean') return deny(`postOnly is true or false, not ${String(postOnly)}`);
  // The common case: nothing more is said.
  if (timeInForce === 'GTC' && expireAt === undefined && tag === undefined && postOnly !== true) return null;
  if (!Object.hasOwn(TIMES_IN_FORCE, timeInForce))
    return deny(`timeInForce is ${Object.keys(TIMES_IN_FORCE).join(', ')}, not ${String(timeInForce)}`);
  if ((timeInForce === 'GTD') !== (expireAt !== undefined)) return deny('expireAt goes with timeInForce GTD, and GTD with expireAt');
  if (expireAt !== undefined && !Number.isSafeInteger(expireAt))
    return deny(`expireAt is whole microseconds since the epoch, not ${String(expireAt)}`);
  if (tag !== undefined && typeof tag !== 'string') return deny('tag is a text');
  return postOnly === true && orderType !== 'LIMIT' ? deny('postOnly is for limit orders') : null;
}

function sizingProblem({ sizeAt, quantityMaxFactor }: TargetOptions): DenialText | null {
  if (sizeAt !== undefined && sizeAt !== 'decision' && sizeAt !== 'fill')
    return deny(`sizeAt is 'decision' or 'fill', not ${String(sizeAt)}`);
  if (quantityMaxFactor === undefined || isFactor(quantityMaxFactor)) return null;
  return deny(`quantityMaxFactor is a number above 0, at most ${QUANTITY_MAX_FACTOR_MAX}, not ${String(quantityMaxFactor)}`);
}

/** True for a usable `quantityMaxFactor`. */
export function isFactor(factor: unknown): factor is number {
  return typeof factor === 'number' && factor > 0 && factor <= QUANTITY_MAX_FACTOR_MAX;
}

function deny(reason: string): DenialText {
  return { code: 'ORDER_INVALID', reason };
}
