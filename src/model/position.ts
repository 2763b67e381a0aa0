import { assert } from '../base/assert.ts';
import { bigPowerOfTen, divideRounded, formatDecimalShort } from '../base/decimal.ts';
import type { Money } from './currency.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from './instrument.ts';
import { Side } from './order.ts';

/** NETTING: one signed position per instrument. HEDGING: a long and a short one side by side, each closed by name. */
export type PositionMode = 'NETTING' | 'HEDGING';

/** What a close takes out of the cost: the average of everything held, or the oldest lots first. */
export type CostMethod = 'AVERAGE' | 'FIFO';

/** Which position a fill works on: NET where positions net, else LONG or SHORT. */
export const PositionSide = { SHORT: -1, NET: 0, LONG: 1 } as const;
export type PositionSide = (typeof PositionSide)[keyof typeof PositionSide];

/** In the order in which they are listed and summed. */
export const POSITION_SIDES: readonly PositionSide[] = [PositionSide.SHORT, PositionSide.NET, PositionSide.LONG];

export const POSITION_SIDE_NAMES: Readonly<Record<PositionSide, string>> = { [-1]: 'SHORT', 0: 'NET', 1: 'LONG' };

/**
 * The position that an order means: where positions net there is one; where they hedge, an order opens its own side
 * and a reduce-only order closes the other.
 */
export function positionSideOf(mode: PositionMode, side: Side, isReduceOnly: boolean): PositionSide {
  if (mode === 'NETTING') return PositionSide.NET;
  return (side === Side.BUY) === isReduceOnly ? PositionSide.SHORT : PositionSide.LONG;
}

/** An exact average price: numerator ÷ denominator counts of 10^-priceDecimals; denominator > 0. */
export interface AveragePrice {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * What part of a position a fill closed. Average cost: one per closing fill. FIFO: one per closing fill and lot.
 * Values and profit are in settlement money; a cash payment for a split's fraction is not listed here.
 */
export interface ClosedTrade {
  readonly strategy: number;
  readonly instrument: InstrumentIndex;
  readonly positionSide: PositionSide;
  /** BUY: what was closed had been bought. */
  readonly side: Side;
  /** > 0. */
  readonly quantity: Quantity;
  /** When the position (average cost) or the lot (FIFO) was opened. */
  readonly entryTs: number;
  readonly exitTs: number;
  readonly entryPx: AveragePrice;
  readonly exitPx: Price;
  /** Cost and proceeds of the quantity, as if bought: positive where prices are. */
  readonly entryValue: Money;
  readonly exitValue: Money;
  readonly entryCommission: Money;
  readonly exitCommission: Money;
  /** Before commissions. */
  readonly grossPnl: Money;
  /** After both commissions. */
  readonly pnl: Money;
  readonly entryTag: string;
  readonly exitTag: string;
}

/** A position as it stands, for reports and screens. Money in the settlement currency. */
export interface PositionSnapshot {
  readonly strategy: number;
  readonly instrument: InstrumentIndex;
  readonly positionSide: PositionSide;
  readonly quantity: Quantity;
  /** Signed as the quantity: what the open quantity has cost. */
  readonly cost: Money;
  /** null when flat. */
  readonly avgPx: AveragePrice | null;
  /** When the oldest part still open was opened; 0 when flat. */
  readonly openTs: number;
  /** Profit and loss of what was closed, before commission. */
  readonly realizedPnl: Money;
  readonly commission: Money;
  readonly dividend: Money;
  /** Received positive, paid negative. */
  readonly funding: Money;
}

/**
 * The average price that a cost means.
 *
 * @param quantity signed, not 0
 * @param cost signed as the quantity, in settlement money
 */
export function averagePriceOf(instrument: Instrument, quantity: Quantity, cost: Money): AveragePrice {
  assert(quantity !== 0, `${instrument.id}: a flat position has no average price`);
  const value = BigInt(quantity) * instrument.notionalFactor;
  const numerator = instrument.isInverse ? value * bigPowerOfTen(instrument.priceDecimals + instrument.settlement.decimals) : cost;
  const denominator = instrument.isInverse ? cost * bigPowerOfTen(instrument.quote.decimals) : value;
  assert(denominator !== 0n, `${instrument.id}: an inverse position of no value has no average price`);
  return denominator < 0n ? { numerator: -numerator, denominator: -denominator } : { numerator, denominator };
}

/** Decimal text of an average price, rounded half to even at `decimals` places, without trailing zeros beyond the instrument's own. */
export function averagePriceText(price: AveragePrice, instrument: Instrument, decimals: number = instrument.priceDecimals + 6): string {
  assert(decimals >= instrument.priceDecimals, `${instrument.id}: an average price needs at least ${instrument.priceDecimals} decimals`);
  const scale = bigPowerOfTen(decimals - instrument.priceDecimals);
  return formatDecimalShort(divideRounded(price.numerator * scale, price.denominator, 'half-even'), decimals, instrument.priceDecimals);
}

/** The average price as a double, for signals and screens: correct to about 15 digits. */
export function averagePriceApprox(price: AveragePrice, instrument: Instrument): number {
  const scaled = divideRounded(price.numerator * 1_000_000n, price.denominator, 'half-even');
  return Number(scaled) / 1e6 / instrument.priceScale;
}
