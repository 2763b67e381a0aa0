import { formatDecimalShort } from '../../base/decimal.ts';
import type { Money } from '../../model/currency.ts';
import type { Instrument, Quantity } from '../../model/instrument.ts';
import type { RISK_CODES } from '../../model/codes/risk.ts';
import type { Assessment } from './assessment.ts';
import type { LimitName, MoneyLimit } from './limits.ts';

export type RiskCode = keyof typeof RISK_CODES;

/** Why an order may not go: which control, which limit, what was seen. `reason` is the sentence for people and holds all of it. */
export interface Denial {
  readonly kind: 'Denial';
  /** `C-03` … of docs/concepts/risk.md. */
  readonly control: string;
  readonly code: RiskCode;
  readonly limit: string;
  readonly observed: string;
  /** `BTC`, `USD`, `orders`; empty where there is nothing to count. */
  readonly unit: string;
  readonly reason: string;
}

/** One row of the control table. */
export interface Control {
  readonly id: string;
  readonly name: string;
  /** Codes that it may deny with. */
  readonly codes: readonly RiskCode[];
  /** Names of the limits that it reads. */
  readonly parameters: readonly string[];
  /** The limits without any of which it has nothing to judge, so that it need not be asked; null where it always judges. */
  readonly onlyWith: readonly LimitName[] | null;
  readonly check: (assessment: Assessment) => Denial | null;
}

/** Builds a denial; the sentence ends in limit and observed value where there are such. */
export function deny(control: string, code: RiskCode, sentence: string, limit = '', observed = '', unit = ''): Denial {
  const counted = unit === '' ? '' : ` ${unit}`;
  const figures = limit === '' ? '' : ` Limit ${limit}${counted}, observed ${observed}${counted}.`;
  return { kind: 'Denial', control, code, limit, observed, unit, reason: `${sentence}${figures}` };
}

/** A quantity as people write it. */
export function quantityText(instrument: Instrument, quantity: Quantity): string {
  return formatDecimalShort(quantity, instrument.quantityDecimals);
}

/** What quantities of the instrument are counted in. */
export function quantityUnit(instrument: Instrument): string {
  return instrument.isDelivered || instrument.kind === 'FX' ? instrument.base.code : 'contracts';
}

/** Denies with quantities of the assessed instrument. */
export function denyQuantity(
  a: Assessment,
  control: string,
  code: RiskCode,
  sentence: string,
  limit: Quantity,
  observed: Quantity,
): Denial {
  const { instrument } = a;
  return deny(control, code, sentence, quantityText(instrument, limit), quantityText(instrument, observed), quantityUnit(instrument));
}

/** Denies with an amount of money. */
export function denyMoney(control: string, code: RiskCode, sentence: string, limit: MoneyLimit, observed: Money): Denial {
  const { decimals, displayDecimals, code: unit } = limit.currency;
  const written = (amount: Money): string => formatDecimalShort(amount, decimals, displayDecimals);
  return deny(control, code, sentence, written(limit.amount), written(observed), unit);
}

/** Denies because a price or rate is missing. */
export function denyMissing(a: Assessment, control: string): Denial {
  const missing = a.missing;
  if (missing === null) return deny(control, 'RISK_CHECK_FAILED', 'A value could not be computed.');
  return deny(control, missing.code, missing.reason);
}
