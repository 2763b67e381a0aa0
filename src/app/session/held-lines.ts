/** Lines that wait until what must be read first has been printed: the address of the dashboard. */
export class HeldLines {
  private readonly print: (line: string) => void;
  private held: string[] | null = [];

  constructor(print: (line: string) => void) {
    this.print = print;
  }

  readonly say = (line: string): void => {
    if (this.held === null) this.print(line);
    else this.held.push(line);
  };

  /** Prints what waited; from now on lines are printed as they come. */
  release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const line of held) this.print(line);
  }
}
