import type { InstrumentInfo } from '../../../../src/contract/api/market.ts';
import type { PlaceOrder } from '../../../../src/contract/api/orders.ts';
import type { LimitInfo } from '../../../../src/contract/api/risk.ts';
import type { MarketRow } from '../../state/desk.ts';
import { compareDecimals, decimalText, isMultipleOf, isPositiveDecimal, multiplyDecimals } from '../../numbers/decimal-text.ts';

/** What a person has typed: texts that may be anything. */
export interface TicketFields {
  readonly side: 'BUY' | 'SELL';
  readonly orderType: PlaceOrder['orderType'];
  readonly quantity: string;
  readonly limitPrice: string;
  readonly stopPrice: string;
}

type Problems = Partial<Record<'quantity' | 'limitPrice' | 'stopPrice', string>>;

export function hasLimit(orderType: PlaceOrder['orderType']): boolean {
  return orderType === 'LIMIT' || orderType === 'STOP_LIMIT';
}

export function hasStop(orderType: PlaceOrder['orderType']): boolean {
  return orderType === 'STOP' || orderType === 'STOP_LIMIT';
}

function priceProblem(text: string, { priceIncrement }: InstrumentInfo): string | undefined {
  if (!isPositiveDecimal(text)) return 'A price above 0.';
  return isMultipleOf(text, priceIncrement) ? undefined : `A multiple of ${priceIncrement}.`;
}

function quantityProblem(text: string, { lotSize, quantityMin, quantityMax }: InstrumentInfo): string | undefined {
  if (!isPositiveDecimal(text)) return 'A quantity above 0.';
  if (!isMultipleOf(text, lotSize)) return `A multiple of ${lotSize}.`;
  if (quantityMin !== null && compareDecimals(text, quantityMin) < 0) return `At least ${quantityMin}.`;
  return quantityMax !== null && compareDecimals(text, quantityMax) > 0 ? `At most ${quantityMax}.` : undefined;
}

/** What is wrong by the instrument's own rules. The engine judges the rest. */
export function ticketProblems(fields: TicketFields, instrument: InstrumentInfo): Problems {
  const quantity = quantityProblem(fields.quantity, instrument);
  const limitPrice = hasLimit(fields.orderType) ? priceProblem(fields.limitPrice, instrument) : undefined;
  const stopPrice = hasStop(fields.orderType) ? priceProblem(fields.stopPrice, instrument) : undefined;
  return {
    ...(quantity === undefined ? {} : { quantity }),
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
  };
}

/** What the order comes to at its own price, else at the best price of the other side; null where neither is known. */
export function ticketValue(fields: TicketFields, instrument: InstrumentInfo, market: MarketRow | undefined): string | null {
  if (instrument.kind === 'INVERSE_PERPETUAL') return null;
  const across = fields.side === 'BUY' ? market?.quote?.askPrice : market?.quote?.bidPrice;
  const price = hasLimit(fields.orderType)
    ? fields.limitPrice
    : hasStop(fields.orderType)
      ? fields.stopPrice
      : (across ?? market?.price ?? '');
  if (!isPositiveDecimal(price) || !isPositiveDecimal(fields.quantity)) return null;
  return multiplyDecimals(multiplyDecimals(price, fields.quantity), instrument.multiplier);
}

/** Limits on a single order that the value is beyond, as sentences. An estimate before sending: the engine judges all of them on what is in flight. */
export function limitWarnings(value: string | null, limits: readonly LimitInfo[], quote: string): readonly string[] {
  if (value === null) return [];
  return limits
    .filter(({ name, unit }) => /max.?order.?value/i.test(name) && unit === quote)
    .filter(({ limit }) => compareDecimals(value, limit) > 0)
    .map(({ scope, name, limit, unit }) => `${name} (${scope}) is ${decimalText(limit)} ${unit}: it would be denied.`);
}
