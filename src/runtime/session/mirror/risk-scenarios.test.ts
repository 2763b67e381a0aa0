import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { riskScenarios, STRESS_SHOCKS_PPM } from './risk-scenarios.ts';
import { usedExposure } from './used-exposure.ts';
import { makeCurrency } from '../../../model/currency.ts';
import { type Instrument, makeInstrument, type Price, type Quantity } from '../../../model/instrument.ts';
import { instrumentWith } from '../../../model/instrument.fixture.ts';
import { Side } from '../../../model/order.ts';
import { notionalValue } from '../../../model/valuation.ts';
import type { Candle, SessionView } from '../../../ports/session-view.ts';

const USD = makeCurrency('USD', 8);
const EUR = makeCurrency('EUR', 8);
const STEP = 300_000_000;
const NOW = 400 * STEP;
const DOLLAR = 100_000_000n;

const linear = (index: number, quote = USD): Instrument =>
  makeInstrument(instrumentWith({ id: `I${index}.SIM`, base: makeCurrency(`B${index}`), quote, settlement: quote }), index);

interface Place {
  readonly strategy: number;
  readonly instrument: number;
  readonly quantity: number;
}

/** A view of so much held, at prices of cents; closes are the last of their five minutes. */
function viewOf(instruments: readonly Instrument[], held: readonly Place[], closes: readonly (readonly number[])[]) {
  const mark = (index: number): Price => closes[index]!.at(-1)! as Price;
  return {
    instruments,
    now: () => NOW,
    markPx: mark,
    openOrders: () => [],
    positions: () =>
      held.map((snapshot) => ({
        snapshot,
        markPx: mark(snapshot.instrument),
        value: notionalValue(instruments[snapshot.instrument]!, mark(snapshot.instrument), snapshot.quantity as Quantity),
        unrealizedPnl: 0n,
      })),
    candles: (index: number) =>
      closes[index]!.map((close, at): Partial<Candle> => ({ tsOpen: NOW - (closes[index]!.length - at) * STEP, close: close as Price })),
  } as unknown as SessionView;
}

describe('the stress table', () => {
  it('is the value times the shock for every instrument, by hand, and the sum of them on top', () => {
    // 10 at 100.00 and −4 at 50.00 dollars: 1,000 and −200.
    const view = viewOf(
      [linear(0), linear(1)],
      [
        { strategy: 0, instrument: 0, quantity: 10 },
        { strategy: 1, instrument: 1, quantity: -4 },
      ],
      [[10_000], [5_000]],
    );
    const [scenario, ...others] = riskScenarios(view);
    expect(others).toEqual([]);
    expect(scenario!.rows).toEqual([
      { instrument: null, value: 800n * DOLLAR, pnl: [-160n, -80n, -40n, 40n, 80n, 160n].map((each) => each * DOLLAR) },
      { instrument: 0, value: 1_000n * DOLLAR, pnl: [-200n, -100n, -50n, 50n, 100n, 200n].map((each) => each * DOLLAR) },
      { instrument: 1, value: -200n * DOLLAR, pnl: [40n, 20n, 10n, -10n, -20n, -40n].map((each) => each * DOLLAR) },
    ]);
    expect(scenario!.historical).toBeNull();
  });

  it('is what the position would be worth at the shocked price, less what it is worth, wherever that price is a whole count', () => {
    const shock = fc.constantFrom(...STRESS_SHOCKS_PPM.entries());
    fc.assert(
      fc.property(shock, fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: -50, max: 50 }), ([at, ppm], units, quantity) => {
        fc.pre(quantity !== 0);
        const price = units * 20;
        const moved = price + (price * ppm) / 1e6;
        const instrument = linear(0);
        const [scenario] = riskScenarios(viewOf([instrument], [{ strategy: 0, instrument: 0, quantity }], [[price]]));
        const worth = (at: number) => notionalValue(instrument, at as Price, quantity as Quantity);
        expect(scenario!.rows[0]!.pnl[at]).toBe(worth(moved) - worth(price));
      }),
    );
  });

  it('holds two strategies that stand against each other to be nothing, and keeps currencies apart', () => {
    const against = [
      { strategy: 0, instrument: 0, quantity: 5 },
      { strategy: 1, instrument: 0, quantity: -5 },
    ];
    expect(riskScenarios(viewOf([linear(0)], against, [[10_000]]))[0]!.rows[0]).toMatchObject({ value: 0n });
    const two = viewOf(
      [linear(0), linear(1, EUR)],
      [
        { strategy: 0, instrument: 0, quantity: 1 },
        { strategy: 0, instrument: 1, quantity: 1 },
      ],
      [[10_000], [10_000]],
    );
    expect(riskScenarios(two).map(({ currency, rows }) => [currency.code, rows.length])).toEqual([
      ['USD', 1],
      ['EUR', 1],
    ]);
    expect(riskScenarios(viewOf([linear(0)], [], [[10_000]]))).toEqual([]);
  });
});

describe('value at risk of what is held', () => {
  it('is the loss that a plain sum over all hours of the past finds, quantile and mean beyond it', () => {
    const series = fc.array(fc.integer({ min: 5_000, max: 15_000 }), { minLength: 150, maxLength: 300 });
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 9 }), (closes, quantity) => {
        const [scenario] = riskScenarios(viewOf([linear(0)], [{ strategy: 0, instrument: 0, quantity }], [closes]));
        // An independent count: every hour, its loss in dollars, sorted; the 95th of a hundred by straight line between neighbors.
        const last = closes.at(-1)! / 100;
        const losses = closes.slice(12).map((close, at) => -(quantity * last * (close / closes[at]! - 1)));
        const sorted = [...losses].sort((a, b) => a - b);
        const place = (sorted.length - 1) * 0.95;
        const below = Math.floor(place);
        const quantile = sorted[below]! + (place - below) * (sorted[below + 1]! - sorted[below]!);
        const { historical } = scenario!;
        expect(historical).toMatchObject({ windows: closes.length - 12, horizonUs: 12 * STEP, tsFrom: NOW - closes.length * STEP });
        expect(historical!.valueAtRisk95).toBeCloseTo(quantile, 6);
        expect(historical!.valueAtRisk99).toBeGreaterThanOrEqual(historical!.valueAtRisk95);
        expect(historical!.expectedShortfall95).toBeGreaterThanOrEqual(historical!.valueAtRisk95 - 1e-9);
      }),
    );
  });

  it('two positions that offset each other exactly lose nothing, in no hour', () => {
    const closes = Array.from({ length: 200 }, (_, at) => 10_000 + ((at * 7919) % 500));
    const held = [
      { strategy: 0, instrument: 0, quantity: 3 },
      { strategy: 0, instrument: 1, quantity: -3 },
    ];
    const [scenario] = riskScenarios(viewOf([linear(0), linear(1)], held, [closes, closes]));
    expect(scenario!.historical).toMatchObject({ valueAtRisk95: -0, valueAtRisk99: -0 });
  });
});

describe('what stands against a limit of exposure', () => {
  const limit = { amount: 0n, currency: USD };
  const orders = [
    { strategy: 0, instrument: 0, side: Side.BUY, leavesQty: 2 },
    { strategy: 1, instrument: 0, side: Side.SELL, leavesQty: 20 },
  ];
  const seen = {
    ...viewOf([linear(0)], [{ strategy: 0, instrument: 0, quantity: 5 }], [[10_000]]),
    openOrders: () => orders,
  } as unknown as SessionView;

  it('is the worst that open orders could lead to, for those who count', () => {
    // Everybody: 20 sold out of 5 held is 15 short, more than 7 long. The first strategy: 5 held and 2 bought.
    expect(usedExposure(limit, () => true, seen)).toBe(1_500n * DOLLAR);
    expect(usedExposure(limit, ({ strategy }) => strategy === 0, seen)).toBe(700n * DOLLAR);
    expect(usedExposure({ ...limit, currency: EUR }, () => true, seen)).toBeNull();
  });
});
