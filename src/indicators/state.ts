import type { Indicator, IndicatorState } from './indicator.ts';

const UNWRITABLE: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

/** Collects an indicator's state: constructor arguments first, then fields, in the order in which {@link StateReader} takes them. */
export class StateWriter {
  private readonly values: (number | string)[] = [];
  private readonly parts: IndicatorState[] = [];
  private readonly indicator: string;

  constructor(indicator: string) {
    this.indicator = indicator;
  }

  number(value: number): this {
    if (Number.isFinite(value) && !Object.is(value, -0)) this.values.push(value);
    else this.values.push(Object.is(value, -0) ? '-0' : String(value));
    return this;
  }

  boolean(value: boolean): this {
    return this.number(value ? 1 : 0);
  }

  array(values: Float64Array): this {
    for (const value of values) this.number(value);
    return this;
  }

  part(indicator: Indicator): this {
    this.parts.push(indicator.save());
    return this;
  }

  finish(): IndicatorState {
    return { indicator: this.indicator, values: this.values, parts: this.parts };
  }
}

/**
 * Takes an indicator's state apart in the order it was written. The state may come from a file, so everything is checked.
 *
 * @throws RangeError from every method, with a sentence that says what does not fit
 */
export class StateReader {
  private readonly state: IndicatorState;
  private position = 0;
  private partPosition = 0;

  constructor(indicator: string, state: IndicatorState) {
    if (state.indicator !== indicator) {
      throw new RangeError(`This state was saved by ${state.indicator}: load it into an indicator of that class, not into ${indicator}.`);
    }
    this.state = state;
  }

  /** Reads a constructor argument and compares it with the one in use. */
  argument(name: string, inUse: number): this {
    const saved = this.number();
    if (Object.is(saved, inUse)) return this;
    throw new RangeError(
      `${this.state.indicator} was saved with ${name} ${saved} and is loaded with ${inUse}: construct it with ${saved}.`,
    );
  }

  number(): number {
    const raw = this.state.values[this.position];
    this.position += 1;
    const value = typeof raw === 'string' ? UNWRITABLE.get(raw) : raw;
    if (typeof value === 'number') return value;
    throw new RangeError(`The saved state of ${this.state.indicator} is damaged: value ${this.position} is ${JSON.stringify(raw)}.`);
  }

  /** A whole number from 0 to `max`, as ring positions are: a damaged one must not reach beyond the window. */
  count(max: number): number {
    const value = this.number();
    if (Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
    throw new RangeError(`The saved state of ${this.state.indicator} is damaged: value ${this.position} is ${value}, outside 0 to ${max}.`);
  }

  boolean(): boolean {
    return this.count(1) === 1;
  }

  array(into: Float64Array): this {
    for (let index = 0; index < into.length; index += 1) into[index] = this.number();
    return this;
  }

  part(indicator: Indicator): this {
    const part = this.state.parts[this.partPosition];
    this.partPosition += 1;
    if (part === undefined)
      throw new RangeError(`The saved state of ${this.state.indicator} is damaged: part ${this.partPosition} is missing.`);
    indicator.load(part);
    return this;
  }

  /** Refuses what is left over. */
  finish(): void {
    if (this.position === this.state.values.length && this.partPosition === this.state.parts.length) return;
    throw new RangeError(`The saved state of ${this.state.indicator} is damaged: it holds more than this version reads.`);
  }
}
