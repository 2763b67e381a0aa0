/** Gives every text a number, in the order of their first, the empty one 0: texts that come again and again are kept once. */
export class TextNumbers {
  private readonly texts: string[] = [''];
  private readonly numberOf = new Map<string, number>([['', 0]]);
  /** Always a text, the empty one at first: comparing what may be null is a call. */
  private lastText = '';
  private lastNumber = 0;

  /** How many texts have a number, the empty one among them: the number that the next new one gets. */
  get count(): number {
    return this.texts.length;
  }

  numberFor(text: string): number {
    if (text === this.lastText) return this.lastNumber;
    let number = this.numberOf.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.numberOf.set(text, number);
    }
    this.lastText = text;
    this.lastNumber = number;
    return number;
  }

  /** The texts in the order of their numbers. */
  saveState(): readonly string[] {
    return [...this.texts];
  }

  /** Of numbers that no text was given but the empty one. */
  loadState(texts: readonly string[]): void {
    for (const text of texts) this.numberFor(text);
  }

  text(number: number): string {
    return this.texts[number]!;
  }
}
