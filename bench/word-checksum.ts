const START = 0xcbf29ce484222325n;
const FACTOR = 0x100000001b3n;

/** FNV-1a on words of 64 bits, as c/cross.c and cpp/path.cpp compute it: two programs did the same where their checksums agree. */
export class WordChecksum {
  private hash = START;

  /** @param word a negative one by its two's complement */
  mix(word: number | bigint): void {
    this.hash = BigInt.asUintN(64, (this.hash ^ BigInt.asUintN(64, BigInt(word))) * FACTOR);
  }

  /** 16 hexadecimal digits. */
  get text(): string {
    return this.hash.toString(16).padStart(16, '0');
  }
}
