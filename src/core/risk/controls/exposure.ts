import type { Money } from '../../../model/currency.ts';
import type { Quantity } from '../../../model/instrument.ts';
import type { Assessment } from '../assessment.ts';
import { denyMissing, denyMoney, denyQuantity, type Control, type Denial } from '../control.ts';
import type { InstrumentLimits, MoneyLimit } from '../limits.ts';

const POSITION_LIMITS = ['maxLongQty', 'maxShortQty', 'maxGrossQty', 'maxLongValue', 'maxShortValue', 'maxGrossValue'] as const;

/**
 * C-12: position limits per instrument, net long, net short and gross over strategies, in quantity and in value at the mark.
 * Long is judged on buys and short on sells; gross is judged only where the order raises it, so the way out of a position stays open.
 */
export const POSITION_LIMIT: Control = {
  id: 'C-12',
  name: 'position limit',
  codes: ['POSITION_LIMIT', 'REFERENCE_PRICE_MISSING', 'CURRENCY_RATE_MISSING'],
  parameters: POSITION_LIMITS.flatMap((name) => [`everyInstrument.${name}`, `instruments.${name}`, `strategies.instruments.${name}`]),
  onlyWith: POSITION_LIMITS,
  check(a) {
    const { index } = a.instrument;
    const { strategy } = a;
    const ours = a.limits.instrument(index);
    const strategys = a.limits.strategyInstrument(strategy, index);
    const worstNet = a.isBuy ? a.worstLong(index, true) : a.worstShort(index, true);
    const worstNetOf = a.isBuy ? a.worstLongOf(strategy, index, true) : a.worstShortOf(strategy, index, true);
    return (
      checkNet(a, ours, worstNet, 'position') ??
      checkNet(a, strategys, worstNetOf, "strategy's position") ??
      checkGross(a, ours, grossQty(a, false), grossQty(a, true), 'gross position') ??
      checkGross(a, strategys, a.worstQtyOf(strategy, index, false), a.worstQtyOf(strategy, index, true), "strategy's gross position")
    );
  },
};

function checkNet(a: Assessment, limits: InstrumentLimits, worst: Quantity, what: string): Denial | null {
  if (worst <= 0) return null;
  const direction = a.isBuy ? 'long' : 'short';
  const sentence = `The worst-case ${direction} ${what} is above its limit.`;
  const mostQty = a.isBuy ? limits.maxLongQty : limits.maxShortQty;
  if (mostQty !== undefined && worst > mostQty) return denyQuantity(a, 'C-12', 'POSITION_LIMIT', sentence, mostQty, worst);
  return checkPositionValue(a, a.isBuy ? limits.maxLongValue : limits.maxShortValue, worst, sentence);
}

function checkGross(a: Assessment, limits: InstrumentLimits, before: Quantity, after: Quantity, what: string): Denial | null {
  if (after <= before) return null;
  const sentence = `The worst-case ${what} is above its limit.`;
  if (limits.maxGrossQty !== undefined && after > limits.maxGrossQty) {
    return denyQuantity(a, 'C-12', 'POSITION_LIMIT', sentence, limits.maxGrossQty, after);
  }
  return checkPositionValue(a, limits.maxGrossValue, after, sentence);
}

function checkPositionValue(a: Assessment, limit: MoneyLimit | undefined, worst: Quantity, sentence: string): Denial | null {
  if (limit === undefined) return null;
  const value = worstValue(a, a.instrument.index, worst, limit);
  if (value === null) return denyMissing(a, 'C-12');
  return value <= limit.amount ? null : denyMoney('C-12', 'POSITION_LIMIT', sentence, limit, value);
}

function grossQty(a: Assessment, isAfter: boolean): Quantity {
  let sum = 0;
  for (let strategy = 0; strategy < a.world.strategyCount; strategy += 1) sum += a.worstQtyOf(strategy, a.instrument.index, isAfter);
  return sum;
}

function worstValue(a: Assessment, index: number, worst: Quantity, limit: MoneyLimit): Money | null {
  const instrument = a.world.instruments[index]!;
  const price = instrument.isInverse ? 0 : a.valuationPrice(index);
  return price === null ? null : a.convert(a.valueOf(instrument, price, worst), instrument.quote, limit.currency);
}

/**
 * C-13: sum over the instruments of the value, at the mark, of the worst position that open orders could lead to; per strategy, account
 * and firm. An order that does not raise the worst case of its instrument passes, so the way out stays open.
 */
export const EXPOSURE_LIMIT: Control = {
  id: 'C-13',
  name: 'exposure limit',
  codes: ['EXPOSURE_LIMIT', 'REFERENCE_PRICE_MISSING', 'CURRENCY_RATE_MISSING'],
  parameters: ['strategies.maxExposure', 'accounts.maxExposure', 'firm.maxExposure'],
  onlyWith: ['maxExposure'],
  check(a) {
    const { index, venue } = a.instrument;
    return (
      checkExposure(a, a.limits.strategy(a.strategy).maxExposure, 'strategy', null, worstOfStrategy) ??
      checkExposure(a, a.limits.account(index).maxExposure, 'account', venue, worstOfAccount) ??
      checkExposure(a, a.limits.firm.maxExposure, 'firm', null, worstOfAccount)
    );
  },
};

type WorstQty = (a: Assessment, instrument: number, isAfter: boolean) => Quantity;
const worstOfStrategy: WorstQty = (a, instrument, isAfter) => a.worstQtyOf(a.strategy, instrument, isAfter);
const worstOfAccount: WorstQty = (a, instrument, isAfter) => a.worstQty(instrument, isAfter);

function checkExposure(a: Assessment, limit: MoneyLimit | undefined, whose: string, venue: string | null, worst: WorstQty): Denial | null {
  const { index } = a.instrument;
  if (limit === undefined) return null;
  if (worst(a, index, true) <= worst(a, index, false)) return null;
  let sum = 0n;
  for (const instrument of a.world.instruments) {
    if (venue !== null && instrument.venue !== venue) continue;
    const quantity = worst(a, instrument.index, true);
    if (quantity === 0) continue;
    const value = worstValue(a, instrument.index, quantity, limit);
    if (value === null) return denyMissing(a, 'C-13');
    sum += value;
  }
  if (sum <= limit.amount) return null;
  return denyMoney('C-13', 'EXPOSURE_LIMIT', `The worst-case exposure of the ${whose} is above its limit.`, limit, sum);
}
