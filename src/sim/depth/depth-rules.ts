import { assert } from '../../base/assert.ts';
import { checkQueueModel, type QueueModel } from './queue-position.ts';

/** How orders trade against a recorded book. Source: docs/concepts/depth.md */
export interface DepthRules {
  /** Place in the queue of a level. Of books that come order by order it is known, and this is not asked. */
  readonly queue: QueueModel;
  /** After which half of the liquidity that we took is taken for replaced, though the recording does not show it; microseconds, Infinity for never. */
  readonly impactHalfLifeUs: number;
}

export const DEFAULT_DEPTH_RULES: DepthRules = { queue: { kind: 'riskAverse' }, impactHalfLifeUs: Number.POSITIVE_INFINITY };

/** @throws InvariantError on a broken bound: the run file's reader has validated user input */
export function checkDepthRules({ queue, impactHalfLifeUs }: DepthRules): void {
  checkQueueModel(queue);
  assert(impactHalfLifeUs > 0, 'a half-life is above zero');
}
