import { assert } from '../../base/assert.ts';
import { bigPowerOfTen, divideRounded, type Rounding } from '../../base/decimal.ts';
import { bigOf } from '../../base/exact-integer.ts';
import type { MarkSource, PortfolioRefusal } from '../../model/account.ts';
import type { Currency, Money } from '../../model/currency.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';

interface Step {
  readonly instrument: Instrument;
  /** True from base to quote (multiply by the price), false the other way (divide). */
  readonly isDirect: boolean;
  readonly to: Currency;
}

/**
 * How amounts of one currency are stated in another: at the mark of an instrument that was named for it, either way round, one step.
 * A thing that a delivered instrument trades (shares, coins) without a conversion of its own is valued at that instrument's mark,
 * and what results is converted as any currency: at most two steps. Each step is rounded at the target's scale, half to even unless told otherwise.
 */
export class ConversionTable {
  readonly #marks: MarkSource;
  readonly #stated = new Map<string, Step>();
  /** By code of the thing: the delivered instruments that trade it, in the run's order. */
  readonly #delivered = new Map<string, Instrument[]>();
  readonly #routes = new Map<string, readonly Step[] | null>();
  /** The route asked for last: an account asks for the same few again and again, and a key of texts costs more than the step. */
  #last: { readonly from: Currency; readonly to: Currency; readonly venue: string; readonly route: readonly Step[] | null } | null = null;

  /**
   * @param conversions instruments (SPOT or FX) whose mark converts between their base and quote currencies; the first named wins
   */
  constructor(instruments: readonly Instrument[], conversions: readonly InstrumentIndex[], marks: MarkSource) {
    this.#marks = marks;
    for (const index of conversions) {
      const instrument = instruments[index];
      assert(
        instrument !== undefined && (instrument.kind === 'SPOT' || instrument.kind === 'FX'),
        `conversion instrument ${index} is SPOT or FX`,
      );
      const { base, quote } = instrument;
      this.#state(`${base.code}>${quote.code}`, { instrument, isDirect: true, to: quote });
      this.#state(`${quote.code}>${base.code}`, { instrument, isDirect: false, to: base });
    }
    for (const instrument of instruments) {
      if (!instrument.isDelivered) continue;
      const known = this.#delivered.get(instrument.base.code);
      if (known === undefined) this.#delivered.set(instrument.base.code, [instrument]);
      else known.push(instrument);
    }
  }

  /**
   * @param venue whose delivered instruments may value a thing; empty for those of any venue
   * @returns the amount in `to`, or why it cannot be told
   */
  convert(amount: Money, from: Currency, to: Currency, venue: string, rounding: Rounding = 'half-even'): Money | PortfolioRefusal {
    if (amount === 0n || from.code === to.code) return amount;
    const route = this.#route(from, to, venue);
    if (route === null) {
      return {
        code: 'CONVERSION_RATE_MISSING',
        message: `${venue === '' ? '' : `${venue}: `}no conversion from ${from.code} to ${to.code} is stated`,
      };
    }
    let value = amount;
    let unit = from;
    for (const step of route) {
      const price = this.#marks.markPrice(step.instrument.index);
      if (price === 0) return { code: 'MARK_PRICE_MISSING', message: `${step.instrument.id}: no price is known yet to value ${unit.code}` };
      value = convertAt(step, price, value, rounding);
      unit = step.to;
    }
    return value;
  }

  #state(key: string, step: Step): void {
    if (!this.#stated.has(key)) this.#stated.set(key, step);
  }

  #route(from: Currency, to: Currency, venue: string): readonly Step[] | null {
    const last = this.#last;
    if (last !== null && last.from === from && last.to === to && last.venue === venue) return last.route;
    const key = `${from.code}>${to.code}@${venue}`;
    let route = this.#routes.get(key);
    if (route === undefined) {
      route = this.#findRoute(from, to, venue);
      this.#routes.set(key, route);
    }
    this.#last = { from, to, venue, route };
    return route;
  }

  #findRoute(from: Currency, to: Currency, venue: string): readonly Step[] | null {
    const stated = this.#stated.get(`${from.code}>${to.code}`);
    if (stated !== undefined) return [stated];
    const traded = (this.#delivered.get(from.code) ?? []).filter((instrument) => venue === '' || instrument.venue === venue);
    const sameQuote = traded.find((instrument) => instrument.quote.code === to.code);
    if (sameQuote !== undefined) return [{ instrument: sameQuote, isDirect: true, to }];
    for (const instrument of traded) {
      const onward = this.#stated.get(`${instrument.quote.code}>${to.code}`);
      if (onward !== undefined) return [{ instrument, isDirect: true, to: instrument.quote }, onward];
    }
    return null;
  }
}

function convertAt(step: Step, price: number, amount: Money, rounding: Rounding): Money {
  const { instrument, isDirect } = step;
  assert(price > 0, `${instrument.id}: a conversion needs a price above zero`);
  // One whole base unit is 10^base.decimals of base money and price × 10^quantityDecimals × notionalFactor of quote money.
  const quotePerUnit = bigOf(price) * bigPowerOfTen(instrument.quantityDecimals) * instrument.notionalFactor;
  const basePerUnit = bigPowerOfTen(instrument.base.decimals);
  return isDirect
    ? divideRounded(amount * quotePerUnit, basePerUnit, rounding)
    : divideRounded(amount * basePerUnit, quotePerUnit, rounding);
}
