import { unreachable } from '../../base/assert.ts';
import { EXACT_FEES, type FeeRounding, type FeeSchedule, parseBillionths } from '../../model/fees.ts';
import type { RunFileFees } from '../run-file/schema.ts';

/** A run file's fees as the venue's schedule: rates and amounts in billionths, exact. */
export function feeSchedule(fees: RunFileFees): FeeSchedule {
  switch (fees.kind) {
    case 'none':
      return { kind: 'none' };
    case 'percentage':
      return { kind: 'percentage', ratePpb: billionths(fees.rate), on: fees.on ?? 'both', rounding: roundingOf(fees.rounding) };
    case 'perShare':
      return {
        kind: 'perShare',
        rateBillionths: billionths(fees.rate),
        minBillionths: billionths(fees.min ?? '0'),
        maxRatePpb: fees.maxRate === undefined ? null : billionths(fees.maxRate),
        whenMinExceedsMax: fees.whenMinExceedsMax ?? 'max',
        rounding: roundingOf(fees.rounding),
      };
    case 'perContract':
      return { kind: 'perContract', amountBillionths: billionths(fees.amount), rounding: roundingOf(fees.rounding) };
    case 'fixedPlusPercentage':
      return {
        kind: 'fixedPlusPercentage',
        fixedBillionths: billionths(fees.fixed),
        ratePpb: billionths(fees.rate),
        rounding: roundingOf(fees.rounding),
      };
    case 'makerTaker':
      return {
        kind: 'makerTaker',
        makerPpb: billionths(fees.maker),
        takerPpb: billionths(fees.taker),
        rounding: roundingOf(fees.rounding),
      };
    case 'tiers':
      return {
        kind: 'tiers',
        windowDays: fees.windowDays ?? 30,
        rounding: roundingOf(fees.rounding),
        tiers: fees.tiers.map((tier) => ({ fromValue: tier.from, makerPpb: billionths(tier.maker), takerPpb: billionths(tier.taker) })),
      };
    default:
      return unreachable(fees);
  }
}

/** The schema has checked that the text has at most nine decimals. */
export function billionths(text: string): number {
  const count = parseBillionths(text);
  if (typeof count !== 'number') throw new RangeError(`${text} is no decimal with at most nine digits behind the point (${count})`);
  return count;
}

function roundingOf(rounding: Extract<RunFileFees, { readonly kind: 'percentage' }>['rounding']): FeeRounding {
  if (rounding === undefined || rounding === 'exact') return EXACT_FEES;
  if (rounding === 'display') return { to: 'decimals', decimals: 'display', mode: 'half-even' };
  return { to: 'decimals', decimals: rounding.decimals, mode: rounding.mode ?? 'half-even' };
}
