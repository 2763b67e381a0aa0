/** Endings are made once: a text then costs one joining instead of writing out a number. */
const ENDINGS_PER_STEM = 1000;
const ENDINGS: readonly string[] = Array.from({ length: ENDINGS_PER_STEM }, (_, number) => String(number).padStart(3, '0'));

/** Writes counters that rise by one as texts, `T-1`, `T-2` …: an order needs two of them. Any number may be asked for at any time. */
export class SerialTexts {
  private readonly prefix: string;
  /** Prefix and thousands of the last text. */
  private stem = '';
  private thousands = 0;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** @param number a whole number >= 0 */
  text(number: number): string {
    if (number < ENDINGS_PER_STEM) return `${this.prefix}${number}`;
    const thousands = Math.floor(number / ENDINGS_PER_STEM);
    if (thousands !== this.thousands) {
      this.thousands = thousands;
      this.stem = `${this.prefix}${thousands}`;
    }
    return this.stem + ENDINGS[number - thousands * ENDINGS_PER_STEM]!;
  }
}
