/** Words of 64 bits as two halves; products and sums leave theirs here. */
let high = 0;
let low = 0;

const P1_HIGH = 0x9e3779b1;
const P1_LOW = 0x85ebca87;
const P2_HIGH = 0xc2b2ae3d;
const P2_LOW = 0x27d4eb4f;
const P3_HIGH = 0x165667b1;
const P3_LOW = 0x9e3779f9;
const P4_HIGH = 0x85ebca77;
const P4_LOW = 0xc2b2ae63;
const P5_HIGH = 0x27d4eb2f;
const P5_LOW = 0x165667c5;

function multiply(aHigh: number, aLow: number, bHigh: number, bLow: number): void {
  const a0 = aLow & 0xffff;
  const a1 = aLow >>> 16;
  const b0 = bLow & 0xffff;
  const b1 = bLow >>> 16;
  const outer = a0 * b1;
  const inner = a1 * b0;
  const first = a0 * b0;
  const middle = (first >>> 16) + (outer & 0xffff) + (inner & 0xffff);
  low = (middle << 16) | (first & 0xffff);
  high = (a1 * b1 + (outer >>> 16) + (inner >>> 16) + (middle >>> 16) + Math.imul(aHigh, bLow) + Math.imul(aLow, bHigh)) | 0;
}

function add(aHigh: number, aLow: number, bHigh: number, bLow: number): void {
  const sum = (aLow >>> 0) + (bLow >>> 0);
  low = sum | 0;
  high = (aHigh + bHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
}

/** Turns the word left by 1 to 31 bits. */
function turn(bits: number): void {
  const turned = (high << bits) | (low >>> (32 - bits));
  low = (low << bits) | (high >>> (32 - bits));
  high = turned;
}

/** One step of a lane: `lane` and 64 bits of input, as two halves. Leaves the new lane in `high` and `low`. */
function round(laneHigh: number, laneLow: number, inputHigh: number, inputLow: number): void {
  multiply(inputHigh, inputLow, P2_HIGH, P2_LOW);
  add(laneHigh, laneLow, high, low);
  turn(31);
  multiply(high, low, P1_HIGH, P1_LOW);
}

/**
 * The low half of XXH64 with seed 0, which Zstandard frames end with. In halves, because bigints are ten times slower.
 *
 * Source: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export function xxh64Low(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { length } = bytes;
  let at = 0;
  if (length >= 32) {
    at = takeStripes(view, length);
  } else {
    high = P5_HIGH | 0;
    low = P5_LOW | 0;
  }
  add(high, low, Math.floor(length / 2 ** 32), length | 0);
  for (; at + 8 <= length; at += 8) {
    const sumHigh = high;
    const sumLow = low;
    round(0, 0, view.getInt32(at + 4, true), view.getInt32(at, true));
    high ^= sumHigh;
    low ^= sumLow;
    turn(27);
    multiply(high, low, P1_HIGH, P1_LOW);
    add(high, low, P4_HIGH, P4_LOW);
  }
  if (at + 4 <= length) {
    const sumHigh = high;
    const sumLow = low;
    multiply(0, view.getInt32(at, true), P1_HIGH, P1_LOW);
    high ^= sumHigh;
    low ^= sumLow;
    turn(23);
    multiply(high, low, P2_HIGH, P2_LOW);
    add(high, low, P3_HIGH, P3_LOW);
    at += 4;
  }
  for (; at < length; at += 1) {
    const sumHigh = high;
    const sumLow = low;
    multiply(0, bytes[at]!, P5_HIGH, P5_LOW);
    high ^= sumHigh;
    low ^= sumLow;
    turn(11);
    multiply(high, low, P1_HIGH, P1_LOW);
  }
  return avalanche();
}

/** Takes the stripes of 32 bytes in four lanes and leaves their sum; returns where it stopped. Hot. */
function takeStripes(view: DataView, length: number): number {
  const lanes = new Int32Array([0x60ea27ee, 0xadc0b5d6, P2_HIGH, P2_LOW, 0, 0, 0x61c8864e, 0x7a143579]);
  let at = 0;
  for (; at + 32 <= length; at += 32) {
    for (let lane = 0; lane < 8; lane += 2) {
      round(lanes[lane]!, lanes[lane + 1]!, view.getInt32(at + lane * 4 + 4, true), view.getInt32(at + lane * 4, true));
      lanes[lane] = high;
      lanes[lane + 1] = low;
    }
  }
  let sumHigh = 0;
  let sumLow = 0;
  for (const [lane, bits] of [1, 7, 12, 18].entries()) {
    high = lanes[lane * 2]!;
    low = lanes[lane * 2 + 1]!;
    turn(bits);
    add(sumHigh, sumLow, high, low);
    sumHigh = high;
    sumLow = low;
  }
  for (let lane = 0; lane < 8; lane += 2) {
    round(0, 0, lanes[lane]!, lanes[lane + 1]!);
    high ^= sumHigh;
    low ^= sumLow;
    multiply(high, low, P1_HIGH, P1_LOW);
    add(high, low, P4_HIGH, P4_LOW);
    sumHigh = high;
    sumLow = low;
  }
  return at;
}

function avalanche(): number {
  // h ^= h >>> 33, h *= P2, h ^= h >>> 29, h *= P3, h ^= h >>> 32.
  low ^= high >>> 1;
  multiply(high, low, P2_HIGH, P2_LOW);
  const shifted = (low >>> 29) | (high << 3);
  high ^= high >>> 29;
  low ^= shifted;
  multiply(high, low, P3_HIGH, P3_LOW);
  return (low ^ high) >>> 0;
}
