const MASK = 0xffff_ffff_ffff_ffffn;
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

/** XXH64 with seed 0, word for word as its specification has it: the slow twin. */
export function xxh64ByTheBook(bytes: Uint8Array): bigint {
  const turn = (word: bigint, bits: bigint): bigint => ((word << bits) | (word >> (64n - bits))) & MASK;
  const round = (lane: bigint, input: bigint): bigint => (turn((lane + input * P2) & MASK, 31n) * P1) & MASK;
  const word = (at: number, width: number): bigint =>
    [...bytes.subarray(at, at + width)].reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let at = 0;
  let sum = P5;
  if (bytes.length >= 32) {
    const lanes = [(P1 + P2) & MASK, P2, 0n, -P1 & MASK];
    for (; at + 32 <= bytes.length; at += 32) lanes.forEach((lane, n) => (lanes[n] = round(lane, word(at + n * 8, 8))));
    sum = [1n, 7n, 12n, 18n].reduce((all, bits, n) => (all + turn(lanes[n]!, bits)) & MASK, 0n);
    for (const lane of lanes) sum = ((sum ^ round(0n, lane)) * P1 + P4) & MASK;
  }
  sum = (sum + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8) sum = (turn(sum ^ round(0n, word(at, 8)), 27n) * P1 + P4) & MASK;
  if (at + 4 <= bytes.length) {
    sum = (turn(sum ^ ((word(at, 4) * P1) & MASK), 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at += 1) sum = (turn(sum ^ ((BigInt(bytes[at]!) * P5) & MASK), 11n) * P1) & MASK;
  sum = ((sum ^ (sum >> 33n)) * P2) & MASK;
  sum = ((sum ^ (sum >> 29n)) * P3) & MASK;
  return sum ^ (sum >> 32n);
}

interface FrameOptions {
  /** Default true. */
  readonly hasChecksum?: boolean;
  /** Default true: one segment whose size is in the header. */
  readonly hasSize?: boolean;
}

/** A frame whose blocks are not packed (RFC 8878, 3.1.1.2.2): what any program can write. */
export function plainFrame(content: Uint8Array, { hasChecksum = true, hasSize = true }: FrameOptions = {}): Uint8Array {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  const flags = (hasSize ? 0xa0 : 0) | (hasChecksum ? 4 : 0);
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, flags), hasSize ? size : Uint8Array.of(0x38)];
  // Small blocks, so that there are several; one that is empty ends a frame whose content fills them.
  const step = 100;
  for (let at = 0; at < content.length; at += step)
    parts.push(blockHeader(0, Math.min(step, content.length - at), false), content.subarray(at, at + step));
  parts.push(blockHeader(0, 0, true));
  if (hasChecksum) {
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE(Number(xxh64ByTheBook(content) & 0xffff_ffffn));
    parts.push(checksum);
  }
  return Buffer.concat(parts);
}

/** Types of blocks: 0 plain, 1 one byte repeated, 2 packed, 3 reserved. */
export function blockHeader(type: number, size: number, isLast: boolean): Uint8Array {
  const word = (size << 3) | (type << 1) | (isLast ? 1 : 0);
  return Uint8Array.of(word & 255, (word >> 8) & 255, word >> 16);
}
