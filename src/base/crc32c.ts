/*
 * CRC-32C (Castagnoli): polynomial 0x1EDC6F41, reflected 0x82F63B78, start and final XOR 0xFFFFFFFF.
 * Source: RFC 3720 section 12.1 and appendix B.4 (iSCSI), whose vectors the test uses. Finds every burst of errors up to 32 bits.
 * Computed eight bytes a step with eight tables ("slicing-by-8", M. Kounavis and F. Berry, Intel, 2005).
 */

const TABLES = makeTables();
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1));
    tables[byte] = crc;
  }
  for (let slice = 1; slice < 8; slice += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const before = tables[(slice - 1) * 256 + byte]!;
      tables[slice * 256 + byte] = (before >>> 8) ^ tables[before & 0xff]!;
    }
  }
  return tables;
}

/**
 * The checksum of `bytes`, or of what came before followed by `bytes`.
 *
 * @param previous checksum of what came before; 0 at the start
 * @returns 0 to 2^32 − 1
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  let at = 0;
  const offset = bytes.byteOffset;
  const words = offset % 4 === 0 && IS_LITTLE_ENDIAN ? Math.floor(bytes.length / 8) * 2 : 0;
  if (words > 0) {
    crc = foldWords(new Int32Array(bytes.buffer, offset, words), 0, words, crc);
    at = words * 4;
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ TABLES[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}

/** The checksum as people read it: eight lower-case hexadecimal digits. */
export function crc32cHex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

/**
 * Folds little-endian words into a checksum that is under way: it starts as `~previous` and ends as `~crc >>> 0`. Hot when checksums are written
 * and verified; guarded by the bench rows `journal/c` and `load-with-checksums/c`.
 *
 * @param to an even number of words after `from`
 */
export function foldWords(words: Int32Array, from: number, to: number, start: number): number {
  let crc = start;
  for (let at = from; at < to; at += 2) crc = foldPair(crc, words[at]!, words[at + 1]!);
  return crc;
}

/** Copies `count` words, an even number, and folds them on the way: one look at the memory for both. Hot as {@link foldWords}. */
export function copyFoldingWords(source: Int32Array, from: number, target: Int32Array, to: number, count: number, start: number): number {
  let crc = start;
  for (let at = 0; at < count; at += 2) {
    const low = source[from + at]!;
    const high = source[from + at + 1]!;
    target[to + at] = low;
    target[to + at + 1] = high;
    crc = foldPair(crc, low, high);
  }
  return crc;
}

/**
 * Two words of {@link foldWords}. The exclusive ors form a tree and the high word, which is known before, comes first: a chain takes a tenth longer.
 */
export const foldPair = (before: number, first: number, high: number): number => {
  const tables = TABLES;
  const low = before ^ first;
  return (
    tables[768 | (high & 0xff)]! ^
    tables[512 | ((high >>> 8) & 0xff)]! ^
    tables[256 | ((high >>> 16) & 0xff)]! ^
    tables[high >>> 24]! ^
    (tables[1792 | (low & 0xff)]! ^
      tables[1536 | ((low >>> 8) & 0xff)]! ^
      (tables[1280 | ((low >>> 16) & 0xff)]! ^ tables[1024 | (low >>> 24)]!))
  );
};
