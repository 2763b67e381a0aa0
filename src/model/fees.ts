import { assert, unreachable } from '../base/assert.ts';
import {
  BIG_BILLION,
  BILLION,
  bigPowerOfTen,
  type DecimalRefusal,
  divideRounded,
  divideRoundedSafe,
  parseDecimal,
  powerOfTen,
  type Rounding,
} from '../base/decimal.ts';
import { bigOf, isExact } from '../base/exact-integer.ts';
import type { Money } from './currency.ts';
import type { Instrument, Price, Quantity } from './instrument.ts';
import { LiquiditySide } from './order.ts';
import { notionalDouble, notionalValue } from './valuation.ts';

/**
 * What a fee is rounded to. `exact` keeps every digit that the settlement currency carries ({@link feeDecimalsNeeded} says how many make
 * that lossless; a digit beyond them is rounded half to even). `decimals` rounds each fill's fee; `display` means the currency's
 * displayDecimals (USD 2, BTC 8).
 */
export type FeeRounding =
  | { readonly to: 'exact' }
  | { readonly to: 'decimals'; readonly decimals: number | 'display'; readonly mode: Rounding };

export const EXACT_FEES: FeeRounding = { to: 'exact' };

/** Maker and taker rates from a traded value on. */
interface FeeTier {
  /** Own traded value in the window at which the tier begins, in whole units of the settlement currency. */
  readonly fromValue: number;
  readonly makerPpb: number;
  readonly takerPpb: number;
}

/**
 * How a venue charges for fills; plain data. Rates are parts per billion of value, amounts are billionths of one unit of the settlement
 * currency: 0.2 % is 2_000_000, 0.005 USD is 5_000_000 ({@link parseBillionths} reads both from text). A negative rate is a rebate.
 */
export type FeeSchedule =
  | { readonly kind: 'none' }
  /** A share of value; `entry` charges only what opens or adds to a position, `exit` only what reduces one. */
  | { readonly kind: 'percentage'; readonly ratePpb: number; readonly on: 'both' | 'entry' | 'exit'; readonly rounding: FeeRounding }
  /** An amount per unit of quantity, at least `minBillionths` and at most `maxRatePpb` of the value, per order; null for no cap. */
  | {
      readonly kind: 'perShare';
      readonly rateBillionths: number;
      readonly minBillionths: number;
      readonly maxRatePpb: number | null;
      /** Which bound holds where the minimum is above the cap (a very small order). */
      readonly whenMinExceedsMax: 'max' | 'min';
      readonly rounding: FeeRounding;
    }
  | { readonly kind: 'perContract'; readonly amountBillionths: number; readonly rounding: FeeRounding }
  /** A fixed amount once per order, and a share of the value of each fill. */
  | { readonly kind: 'fixedPlusPercentage'; readonly fixedBillionths: number; readonly ratePpb: number; readonly rounding: FeeRounding }
  | { readonly kind: 'makerTaker'; readonly makerPpb: number; readonly takerPpb: number; readonly rounding: FeeRounding }
  /** Maker and taker by own traded value of the last `windowDays` UTC days; `tiers` rise from `fromValue` 0. */
  | { readonly kind: 'tiers'; readonly windowDays: number; readonly tiers: readonly FeeTier[]; readonly rounding: FeeRounding };

/** What a fee depends on. Values are settlement money. */
export interface FeeContext {
  readonly instrument: Instrument;
  readonly price: Price;
  /** Filled now, > 0. */
  readonly quantity: Quantity;
  readonly liquiditySide: LiquiditySide;
  /** The part of `quantity` that reduces the position held before the fill, 0 to `quantity`. */
  readonly closingQty: Quantity;
  /** What earlier fills of the same order came to: minimum, cap and fixed amount count once per order. */
  readonly orderQtyBefore: Quantity;
  readonly orderValueBefore: Money;
  /** Own traded value in the schedule's window before this fill; kept by the venue. Only `tiers` reads it. */
  readonly tradedValue: Money;
}

const BILLION_DECIMALS = 9;

/** Reads `0.002` as 2_000_000 billionths, exactly or not at all (at most 9 decimals). */
export function parseBillionths(text: string): number | DecimalRefusal {
  return parseDecimal(text, BILLION_DECIMALS);
}

/**
 * Commission of one fill, in settlement money: positive is paid, negative is a rebate.
 *
 * All products are formed exactly and rounded once. A fee with a per-order part is the fee of the whole order so far less what earlier
 * fills were charged, so that an order costs the same in one fill or in ten.
 */
export function commissionOf(schedule: FeeSchedule, context: FeeContext): Money {
  const { instrument, price, quantity } = context;
  assert(quantity > 0, 'a fee is charged on a quantity above zero');
  switch (schedule.kind) {
    case 'none':
      return 0n;
    case 'percentage':
      return shareOf(instrument, price, chargedQty(schedule.on, quantity, context.closingQty), schedule.ratePpb, schedule.rounding);
    case 'makerTaker':
      return shareOf(instrument, price, quantity, rateOf(schedule, context.liquiditySide), schedule.rounding);
    case 'tiers': {
      const tier = tierAt(schedule.tiers, context.tradedValue, instrument);
      return shareOf(instrument, price, quantity, rateOf(tier, context.liquiditySide), schedule.rounding);
    }
    case 'perContract':
      return rounded(wideAmount(instrument, schedule.amountBillionths, quantity), instrument, schedule.rounding);
    case 'perShare':
    case 'fixedPlusPercentage': {
      const value = context.orderValueBefore + valueOf(instrument, price, quantity);
      const after = wideOrderFee(schedule, instrument, context.orderQtyBefore + quantity, value);
      const before =
        context.orderQtyBefore === 0 ? 0n : wideOrderFee(schedule, instrument, context.orderQtyBefore, context.orderValueBefore);
      return rounded(after, instrument, schedule.rounding) - rounded(before, instrument, schedule.rounding);
    }
    default:
      return unreachable(schedule);
  }
}

/**
 * What a whole order would be charged if it took liquidity at `price` now: for risk and for sizing. The same arithmetic as the charge itself.
 *
 * @param closingQty the part that would reduce a position (matters to entry-only and exit-only percentages)
 * @param tradedValue own traded value in the window (matters to tiers)
 */
export function estimateFee(
  schedule: FeeSchedule,
  instrument: Instrument,
  price: Price,
  quantity: Quantity,
  closingQty: Quantity = 0,
  tradedValue: Money = 0n,
): Money {
  return commissionOf(schedule, {
    instrument,
    price,
    quantity,
    liquiditySide: LiquiditySide.TAKER,
    closingQty,
    orderQtyBefore: 0,
    orderValueBefore: 0n,
    tradedValue,
  });
}

/** Decimals of the settlement currency at which fees with `exact` rounding lose nothing (linear instruments; inverse values are rounded already). */
export function feeDecimalsNeeded(
  schedule: FeeSchedule,
  instrument: Pick<Instrument, 'priceDecimals' | 'quantityDecimals' | 'multiplierDecimals'>,
): number {
  const valueDecimals = instrument.priceDecimals + instrument.quantityDecimals + instrument.multiplierDecimals;
  switch (schedule.kind) {
    case 'none':
      return 0;
    case 'percentage':
      return valueDecimals + billionthsDecimals(schedule.ratePpb);
    case 'perContract':
      return instrument.quantityDecimals + billionthsDecimals(schedule.amountBillionths);
    case 'perShare':
      return Math.max(
        instrument.quantityDecimals + billionthsDecimals(schedule.rateBillionths),
        billionthsDecimals(schedule.minBillionths),
        schedule.maxRatePpb === null ? 0 : valueDecimals + billionthsDecimals(schedule.maxRatePpb),
      );
    case 'fixedPlusPercentage':
      return Math.max(billionthsDecimals(schedule.fixedBillionths), valueDecimals + billionthsDecimals(schedule.ratePpb));
    case 'makerTaker':
      return valueDecimals + Math.max(billionthsDecimals(schedule.makerPpb), billionthsDecimals(schedule.takerPpb));
    case 'tiers':
      return (
        valueDecimals +
        Math.max(0, ...schedule.tiers.map((tier) => Math.max(billionthsDecimals(tier.makerPpb), billionthsDecimals(tier.takerPpb))))
      );
    default:
      return unreachable(schedule);
  }
}

/** Decimals that a count of billionths really uses: 2_000_000 (0.002) uses 3. */
function billionthsDecimals(billionths: number): number {
  let decimals = BILLION_DECIMALS;
  for (let rest = billionths; decimals > 0 && rest % 10 === 0; rest /= 10) decimals -= 1;
  return decimals;
}

function rateOf(rates: { readonly makerPpb: number; readonly takerPpb: number }, side: LiquiditySide): number {
  return side === LiquiditySide.MAKER ? rates.makerPpb : rates.takerPpb;
}

function chargedQty(on: 'both' | 'entry' | 'exit', quantity: Quantity, closingQty: Quantity): Quantity {
  if (on === 'both') return quantity;
  return on === 'exit' ? closingQty : quantity - closingQty;
}

/** The last tier whose beginning has been reached. */
function tierAt(tiers: readonly FeeTier[], tradedValue: Money, instrument: Instrument): FeeTier {
  assert(tiers.length > 0 && tiers[0]!.fromValue === 0, 'the first tier begins at 0');
  const unit = bigPowerOfTen(instrument.settlement.decimals);
  let index = 0;
  while (index + 1 < tiers.length && tradedValue >= BigInt(tiers[index + 1]!.fromValue) * unit) index += 1;
  return tiers[index]!;
}

function valueOf(instrument: Instrument, price: Price, quantity: Quantity): Money {
  if (quantity === 0) return 0n;
  const value = notionalValue(instrument, price, quantity);
  return value < 0n ? -value : value;
}

/** Hot: a share of the value of a quantity, rounded. In doubles as long as every whole number on the way has one, which is nearly always. */
function shareOf(instrument: Instrument, price: Price, quantity: Quantity, ratePpb: number, rounding: FeeRounding): Money {
  // Rates are whole thousandths of a percent nearly always: counted in these, larger values stay exact.
  const isStepped = ratePpb % RATE_STEP_PPB === 0;
  const rate = isStepped ? ratePpb / RATE_STEP_PPB : ratePpb;
  const parts = isStepped ? BILLION / RATE_STEP_PPB : BILLION;
  const share = Math.abs(notionalDouble(instrument, price, quantity)) * rate;
  const roundedDecimals = decimalsToRound(instrument, rounding);
  if (instrument.isInverse || !isExact(share) || roundedDecimals > SAFE_DECIMALS) {
    return rounded(wideShare(instrument, valueOf(instrument, price, quantity), ratePpb), instrument, rounding);
  }
  if (rounding.to === 'exact') return bigOf(divideRoundedSafe(share, parts, 'half-even'));
  const scale = powerOfTen(roundedDecimals);
  // Whole multiples of the scale, no larger in size than the share and one scale.
  return bigOf(divideRoundedSafe(share, parts * scale, rounding.mode) * scale);
}

/** A thousandth of a percent. */
const RATE_STEP_PPB = 10_000;
/** Decimals of a fee's divisor beyond the billion that still leave it a safe integer. */
const SAFE_DECIMALS = 6;

/** How many of the settlement currency's decimals a fee does not use. */
export function decimalsToRound(instrument: Instrument, rounding: FeeRounding): number {
  if (rounding.to === 'exact') return 0;
  const { decimals, displayDecimals } = instrument.settlement;
  return Math.max(0, decimals - (rounding.decimals === 'display' ? displayDecimals : rounding.decimals));
}

/*
 * "Wide" fees are counted in 10^-(settlement decimals + 9 + quantityDecimals), where every product of a rate or an amount with a value or
 * a quantity is whole.
 */
function wideShare(instrument: Instrument, value: Money, ratePpb: number): bigint {
  return value * bigOf(ratePpb) * bigPowerOfTen(instrument.quantityDecimals);
}

function wideAmount(instrument: Instrument, billionths: number, quantity: Quantity): bigint {
  return bigOf(billionths) * bigOf(quantity) * bigPowerOfTen(instrument.settlement.decimals);
}

type OrderFeeSchedule = Extract<FeeSchedule, { readonly kind: 'perShare' | 'fixedPlusPercentage' }>;

function wideOrderFee(schedule: OrderFeeSchedule, instrument: Instrument, quantity: Quantity, value: Money): bigint {
  const unit = instrument.quantityScale;
  if (schedule.kind === 'fixedPlusPercentage') {
    return wideAmount(instrument, schedule.fixedBillionths, unit) + wideShare(instrument, value, schedule.ratePpb);
  }
  const min = wideAmount(instrument, schedule.minBillionths, unit);
  const perUnit = wideAmount(instrument, schedule.rateBillionths, quantity);
  const atLeast = perUnit < min ? min : perUnit;
  if (schedule.maxRatePpb === null) return atLeast;
  const max = wideShare(instrument, value, schedule.maxRatePpb);
  if (schedule.whenMinExceedsMax === 'min' && max < min) return min;
  return atLeast > max ? max : atLeast;
}

function rounded(wide: bigint, instrument: Instrument, rounding: FeeRounding): Money {
  const wideToMoney = BIG_BILLION * bigPowerOfTen(instrument.quantityDecimals);
  if (rounding.to === 'exact') return divideRounded(wide, wideToMoney, 'half-even');
  const scale = bigPowerOfTen(decimalsToRound(instrument, rounding));
  return divideRounded(wide, wideToMoney * scale, rounding.mode) * scale;
}
