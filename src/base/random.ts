import { assert } from './assert.ts';
import { murmurOf } from './murmur.ts';
import { portableExp, portableLog } from './elementary.ts';

/** What {@link Random.saveState} gives: the four words of the state. */
export type RandomState = readonly number[];

const TWO_POWER_32 = 4294967296;

/** Right edge of the last rectangle and area of each of the 128 layers (Doornik 2005, table 1). */
const TAIL_START = 3.442619855899;
const LAYER_AREA = 9.91256303526217e-3;
/** Right edges of the layers from the base up to 0; the base's is that of a rectangle of its area (the tail counted in). */
const EDGES = makeEdges();
/** Share of each layer that lies wholly under the curve. */
const RATIOS = Float64Array.from({ length: 128 }, (_, layer) => EDGES[layer + 1]! / EDGES[layer]!);

function makeEdges(): Float64Array {
  const edges = new Float64Array(129);
  let density = portableExp(-0.5 * TAIL_START * TAIL_START);
  edges[0] = LAYER_AREA / density;
  edges[1] = TAIL_START;
  for (let layer = 2; layer < 128; layer += 1) {
    edges[layer] = Math.sqrt(-2 * portableLog(LAYER_AREA / edges[layer - 1]! + density));
    density = portableExp(-0.5 * edges[layer]! * edges[layer]!);
  }
  return edges;
}

/**
 * A seeded generator of pseudo-random numbers: xoshiro128** 1.1 on 32-bit integers (D. Blackman and S. Vigna, public domain,
 * prng.di.unimi.it; period 2^128 − 1). The same seed and the same calls give the same bits on every machine. Not for secrets.
 */
export class Random {
  private readonly state = new Int32Array(4);

  /** @param words the starting state: four 32-bit integers, not all zero */
  constructor(words: readonly [number, number, number, number]) {
    this.state.set(words.map((word) => word | 0));
    assert(
      this.state.some((word) => word !== 0),
      'a generator needs a state that is not all zero',
    );
  }

  /** A whole number from 0 to 2^32 − 1. */
  nextUint32(): number {
    const state = this.state;
    const s1 = state[1]!;
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const s2 = state[2]! ^ state[0]!;
    const s3 = state[3]! ^ s1;
    state[1] = s1 ^ s2;
    state[0] = state[0]! ^ s3;
    state[2] = s2 ^ (s1 << 9);
    state[3] = (s3 << 11) | (s3 >>> 21);
    return result >>> 0;
  }

  /** Uniform on [0, 1), a multiple of 2^-53. */
  nextDouble(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /**
   * A whole number from 0 to n − 1, each equally likely: draws from the incomplete last round of n are thrown away.
   *
   * @param n 1 to 2^32
   */
  nextBelow(n: number): number {
    assert(Number.isInteger(n) && n >= 1 && n <= TWO_POWER_32, `a bound is a whole number from 1 to 2^32: ${n}`);
    const end = TWO_POWER_32 - (TWO_POWER_32 % n);
    let draw = this.nextUint32();
    while (draw >= end) draw = this.nextUint32();
    return draw % n;
  }

  /**
   * Standard normal (mean 0, deviation 1) by the ziggurat: 98.8 % of draws fall into a rectangle and cost two words and a product.
   * Source: J. Doornik, An Improved Ziggurat Method to Generate Normal Random Samples, 2005 (128 layers; layer and value
   * come from different bits).
   */
  nextNormal(): number {
    const first = this.nextUint32();
    const second = this.nextUint32();
    const layer = (second & 63) | ((first & 1) << 6);
    const u = ((first >>> 5) * 67108864 + (second >>> 6)) / 4503599627370496 - 1;
    return Math.abs(u) < RATIOS[layer]! ? u * EDGES[layer]! : this.normalOutside(u, layer);
  }

  /** The wedges between rectangle and curve, and the tail. */
  private normalOutside(uFirst: number, layerFirst: number): number {
    let u = uFirst;
    let layer = layerFirst;
    for (;;) {
      if (Math.abs(u) < RATIOS[layer]!) return u * EDGES[layer]!;
      if (layer === 0) return u < 0 ? -this.normalTail() : this.normalTail();
      const x = u * EDGES[layer]!;
      const outer = portableExp(-0.5 * (EDGES[layer]! * EDGES[layer]! - x * x));
      const inner = portableExp(-0.5 * (EDGES[layer + 1]! * EDGES[layer + 1]! - x * x));
      if (inner + this.nextDouble() * (outer - inner) < 1) return x;
      u = 2 * this.nextDouble() - 1;
      layer = this.nextUint32() & 127;
    }
  }

  /** Beyond the last edge, by G. Marsaglia's method, Technometrics 6, 1964. */
  private normalTail(): number {
    for (;;) {
      const x = this.nextExponential(1 / TAIL_START);
      if (2 * this.nextExponential(1) >= x * x) return TAIL_START + x;
    }
  }

  /** Exponential with the given mean, by inversion. */
  nextExponential(mean: number): number {
    return -mean * portableLog(1 - this.nextDouble());
  }

  /** Pareto: at least `scale`, P(X > x) = (scale/x)^shape. */
  nextPareto(scale: number, shape: number): number {
    return scale * portableExp(this.nextExponential(1 / shape));
  }

  saveState(): RandomState {
    return [...this.state];
  }

  loadState(state: RandomState): void {
    assert(state.length === 4, 'the state of a generator has four numbers');
    this.state.set(state);
  }
}

/**
 * A generator of its own for each purpose: drawing more from one stream never shifts another.
 *
 * @param seed a safe integer
 */
export function stream(seed: number, name: string): Random {
  assert(Number.isSafeInteger(seed), `a seed is a whole number within ±(2^53 − 1): ${seed}`);
  const words = murmurOf([...wordsOfDouble(seed), name.length, ...wordsOfText(name)]);
  return new Random(words.some((word) => word !== 0) ? words : [1, 0, 0, 0]);
}

/** The two words of a double, low first. −0 counts as 0. */
function wordsOfDouble(value: number): readonly [number, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value + 0, true);
  return [view.getInt32(0, true), view.getInt32(4, true)];
}

/** UTF-16 units, two to a word. */
function wordsOfText(text: string): readonly number[] {
  return Array.from({ length: Math.ceil(text.length / 2) }, (_, pair) => text.charCodeAt(2 * pair) | (text.charCodeAt(2 * pair + 1) << 16));
}
