/** Characters of a body, or of a message on the stream. */
export const HTTP_BODY_BYTES_MAX = 65_536;
/** Nesting of a body. */
export const JSON_DEPTH_MAX = 16;
/** Items of one list, or fields of one object, in a body. */
export const JSON_ITEMS_MAX = 1000;
/** Characters of a number in a body. */
const NUMBER_LENGTH = 40;

/** Names that reach an object's prototype. */
const NAMES_REFUSED = new Set(['__proto__', 'constructor', 'prototype']);
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
/** A string up to its closing quote; what stands in it is judged by the platform's own reader. */
const TEXT = /"(?:[^"\\]|\\.)*"/sy;

/** Why a text is not taken for JSON. `isTooLarge`: it may be JSON, and is more than is read. */
export class JsonRefusal extends Error {
  override readonly name = 'JsonRefusal';
  readonly isTooLarge: boolean;

  constructor(message: string, isTooLarge = false) {
    super(message);
    this.isTooLarge = isTooLarge;
  }
}

/**
 * Reads JSON as a stranger sends it: nothing twice, nothing deep, no name that reaches a prototype, no number that is not kept as it was written.
 *
 * Linear in the length of the text.
 *
 * @throws JsonRefusal
 */
export function parseStrictJson(text: string): unknown {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): unknown {
    if (depth > JSON_DEPTH_MAX) throw new JsonRefusal(`The body is nested deeper than ${JSON_DEPTH_MAX}.`, true);
    this.skipSpace();
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.list(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  end(): void {
    this.skipSpace();
    if (this.at !== this.text.length) throw this.wrong();
  }

  private object(depth: number): object {
    const object: Record<string, unknown> = {};
    this.at += 1;
    for (let count = 0; !this.closes('}', count); count += 1) {
      if (count >= JSON_ITEMS_MAX) throw new JsonRefusal(`An object has more than ${JSON_ITEMS_MAX} fields.`, true);
      this.skipSpace();
      const name = this.string();
      if (NAMES_REFUSED.has(name)) throw new JsonRefusal(`A field is called ${name}.`);
      if (Object.hasOwn(object, name)) throw new JsonRefusal('A field comes twice.');
      this.skipSpace();
      if (this.text[this.at] !== ':') throw this.wrong();
      this.at += 1;
      object[name] = this.value(depth + 1);
    }
    return object;
  }

  private list(depth: number): unknown[] {
    const list: unknown[] = [];
    this.at += 1;
    while (!this.closes(']', list.length)) {
      if (list.length >= JSON_ITEMS_MAX) throw new JsonRefusal(`A list has more than ${JSON_ITEMS_MAX} items.`, true);
      list.push(this.value(depth + 1));
    }
    return list;
  }

  /** Behind an opening bracket or an item: takes the closing bracket, or the comma before the next item. */
  private closes(bracket: string, count: number): boolean {
    this.skipSpace();
    const next = this.text[this.at];
    if (next === bracket) {
      this.at += 1;
      return true;
    }
    if (count === 0) return false;
    if (next !== ',') throw this.wrong();
    this.at += 1;
    return false;
  }

  private string(): string {
    TEXT.lastIndex = this.at;
    const found = TEXT.exec(this.text);
    if (found === null) throw this.wrong();
    this.at = TEXT.lastIndex;
    try {
      return JSON.parse(found[0]) as string;
    } catch {
      throw this.wrong();
    }
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) throw this.wrong();
    const value = Number(found[0]);
    const isKept = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    if (!isKept || found[0].length > NUMBER_LENGTH) throw new JsonRefusal('A number is larger than numbers of JSON are kept exactly.');
    this.at = NUMBER.lastIndex;
    return value;
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.wrong();
    this.at += word.length;
    return value;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    this.at = SPACE.lastIndex;
  }

  private wrong(): JsonRefusal {
    return new JsonRefusal(`The body is no JSON at character ${this.at + 1}.`);
  }
}
