/** Endings are made once: a text then costs one joining instead of writing out a number. */
const ENDINGS_PER_STEM = 1000;
const ENDINGS: readonly string[] = Array.from({ length: ENDINGS_PER_STEM }, (_, number) => String(number).padStart(3, '0'));

/** Writes counters that rise by one as texts, `T-1`, `T-2` …: an order needs two of them. Any number may be asked for at any time. */
export class SerialTexts {
  private readonly prefix: string;
  /** Prefix and thousands of the last text, and the number that begins these thousands. */
  private stem = '';
  private first = 0;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** @param number a whole number >= 0 */
  text(number: number): string {
    if (number < ENDINGS_PER_STEM) return `${this.prefix}${number}`;
    if (number < this.first || number >= this.first + ENDINGS_PER_STEM) this.turn(number);
    return this.stem + ENDINGS[number - this.first]!;
  }

  private turn(number: number): void {
    const thousands = Math.floor(number / ENDINGS_PER_STEM);
    this.first = thousands * ENDINGS_PER_STEM;
    this.stem = `${this.prefix}${thousands}`;
  }
}
