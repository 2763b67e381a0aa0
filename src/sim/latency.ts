import { assert, unreachable } from '../base/assert.ts';
import { portableExp } from '../base/elementary.ts';
import { type Random, type RandomState, stream } from '../base/random.ts';
import { upperBound } from '../base/sorted-search.ts';

/** How long something takes; times in microseconds. */
export type LatencyModel =
  | { readonly kind: 'constant'; readonly us: number }
  /** Every length between the two is equally likely. */
  | { readonly kind: 'uniform'; readonly minUs: number; readonly maxUs: number; readonly seed: number }
  /** The logarithm is normal: half of all lengths are below the median, few are many times it. What is beyond `maxUs` is `maxUs`. */
  | { readonly kind: 'logNormal'; readonly medianUs: number; readonly sigma: number; readonly maxUs: number; readonly seed: number }
  /** Measured lengths by the time at which they began, rising; between two of them on the straight line, outside them the first and the last. */
  | { readonly kind: 'measured'; readonly ts: Float64Array; readonly us: Float64Array };

/** What takes time: each draws for itself, also where laws and seeds are the same. */
type Way = 'feed' | 'orderEntry' | 'response';

/** Lengths drawn one after another from a model: whole microseconds, 0 or more. The same model and the same calls give the same lengths. */
export class Latency {
  private readonly model: LatencyModel;
  private readonly random: Random | null;

  constructor(model: LatencyModel, way: Way) {
    checkLatencyModel(model);
    this.model = model;
    this.random = 'seed' in model ? stream(model.seed, `latency ${way}`) : null;
  }

  /** False where a length is drawn by chance: then to ask for one changes those that follow. */
  get isPure(): boolean {
    return this.random === null;
  }

  /** Null where nothing is drawn by chance. */
  saveState(): RandomState | null {
    return this.random === null ? null : this.random.saveState();
  }

  /** Of the same model. */
  loadState(state: RandomState | null): void {
    if (this.random !== null && state !== null) this.random.loadState(state);
  }

  /** @param ts when it begins, microseconds since the epoch */
  at(ts: number): number {
    const { model } = this;
    switch (model.kind) {
      case 'constant':
        return model.us;
      case 'uniform':
        return model.minUs + Math.floor(this.random!.nextDouble() * (model.maxUs - model.minUs + 1));
      case 'logNormal':
        return Math.min(model.maxUs, Math.round(model.medianUs * portableExp(model.sigma * this.random!.nextNormal())));
      case 'measured':
        return interpolate(model.ts, model.us, ts);
      default:
        return unreachable(model);
    }
  }
}

function interpolate(times: Float64Array, lengths: Float64Array, ts: number): number {
  const after = upperBound(times, 0, times.length, ts);
  if (after === 0) return lengths[0]!;
  if (after === times.length) return lengths[after - 1]!;
  const before = after - 1;
  const share = (ts - times[before]!) / (times[after]! - times[before]!);
  return Math.round(lengths[before]! + share * (lengths[after]! - lengths[before]!));
}

/** @throws InvariantError on a broken bound: the run file's reader has validated user input */
export function checkLatencyModel(model: LatencyModel): void {
  const isLength = (us: number): boolean => Number.isSafeInteger(us) && us >= 0;
  switch (model.kind) {
    case 'constant':
      assert(isLength(model.us), 'a latency is a whole number of microseconds >= 0');
      return;
    case 'uniform':
      assert(isLength(model.minUs) && isLength(model.maxUs) && model.minUs <= model.maxUs, 'the least latency is no more than the most');
      return;
    case 'logNormal':
      assert(
        model.medianUs > 0 && isLength(model.maxUs) && model.sigma >= 0 && model.sigma <= 10,
        'a median above zero, a sigma from 0 to 10',
      );
      return;
    case 'measured':
      assert(model.ts.length > 0 && model.ts.length === model.us.length, 'measured latencies have a time each');
      assert(
        model.us.every(isLength) && model.ts.every((ts, at) => at === 0 || ts > model.ts[at - 1]!),
        'measured latencies are in order of time',
      );
      return;
    default:
      unreachable(model);
  }
}
