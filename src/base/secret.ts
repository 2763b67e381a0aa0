const HIDDEN = '[secret]';

/**
 * Holds a password, a token or a key so that it shows in nothing made of it: text, JSON, an inspection, a copy, a spread.
 *
 * Whoever needs the value says so by {@link reveal}, which is easy to search for.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  /** What Node prints, by `console.log` and in the values of a failed assertion. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}
