import { assert, unreachable } from '../../base/assert.ts';
import { portableExp, portableLog } from '../../base/elementary.ts';

/** How much weight a quantity has: x^n, or ln(1 + x). */
export type QueueWeight = { readonly kind: 'power'; readonly exponent: number } | { readonly kind: 'log' };

/**
 * Where cancels of others are taken from, seen from an order of ours in the queue of its level. Trades always take from the front.
 *
 * - `riskAverse`: from behind us, as long as anything is there. Our place improves by trades alone.
 * - `probability`: from behind us with a probability p that depends on how much is before (front) and behind (back) us, with f the weight:
 *   `sides` p = f(back) ÷ (f(front) + f(back)); `whole` p = f(back) ÷ f(front + back); `share` p = 1 − f(front ÷ (front + back)), of powers only.
 *   Of a cancel the share p is taken from behind and the rest from before us.
 *
 * Source: E. Rigtorp, Estimating order queue position, 2013, for `sides`; the queue models of hftbacktest for the others. What each assumes and
 * when it lies: docs/concepts/depth.md.
 */
export type QueueModel =
  | { readonly kind: 'riskAverse' }
  | { readonly kind: 'probability'; readonly ratio: 'sides' | 'whole' | 'share'; readonly weight: QueueWeight };

/**
 * What is before an order after others canceled.
 *
 * @param front quantity before the order, 0 or more, perhaps a fraction
 * @param back quantity behind it
 * @param canceled what was canceled at its level, at most front + back
 */
export function frontAfterCancel(model: QueueModel, front: number, back: number, canceled: number): number {
  if (front <= 0) return 0;
  const behind = Math.min(back, canceled * shareBehind(model, front, back));
  return Math.max(0, front - (canceled - behind));
}

function shareBehind(model: QueueModel, front: number, back: number): number {
  if (back <= 0) return 0;
  switch (model.kind) {
    case 'riskAverse':
      return 1;
    case 'probability':
      return probabilityBehind(model, front, back);
    default:
      return unreachable(model);
  }
}

function probabilityBehind({ ratio, weight }: Extract<QueueModel, { kind: 'probability' }>, front: number, back: number): number {
  switch (ratio) {
    case 'sides':
      return weigh(weight, back) / (weigh(weight, front) + weigh(weight, back));
    case 'whole':
      return Math.min(1, weigh(weight, back) / weigh(weight, front + back));
    case 'share':
      return 1 - Math.min(1, weigh(weight, front / (front + back)));
    default:
      return unreachable(ratio);
  }
}

/** Less than this is nothing: its tenth power is still a number. */
const POWER_MIN = 1e-30;

function weigh(weight: QueueWeight, x: number): number {
  switch (weight.kind) {
    case 'power':
      return power(x, weight.exponent);
    case 'log':
      return portableLog(1 + x);
    default:
      return unreachable(weight);
  }
}

/** Whole exponents are multiplied out, so that x¹ is x. */
function power(x: number, exponent: number): number {
  if (!Number.isInteger(exponent)) return x < POWER_MIN ? 0 : portableExp(exponent * portableLog(x));
  let product = x;
  for (let done = 1; done < exponent; done += 1) product *= x;
  return product;
}

/** @throws InvariantError on a broken bound: the run file's reader has validated user input */
export function checkQueueModel(model: QueueModel): void {
  switch (model.kind) {
    case 'riskAverse':
      return;
    case 'probability':
      return checkWeight(model);
    default:
      return unreachable(model);
  }
}

function checkWeight({ ratio, weight }: Extract<QueueModel, { kind: 'probability' }>): void {
  switch (weight.kind) {
    case 'power':
      return assert(weight.exponent > 0 && weight.exponent <= 10, 'the exponent of a queue weight is above 0 and at most 10');
    case 'log':
      return assert(ratio !== 'share', 'the ratio of shares takes a power');
    default:
      return unreachable(weight);
  }
}
