import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarginQuestion } from './margin-gauge.ts';
import { account, BTC, EUR, fill, instrument, leverage, NO_MARGIN, portfolioOf, USD } from './portfolio.fixture.ts';
import { divideRounded } from '../../base/decimal.ts';
import { doubleOf } from '../../base/exact-integer.ts';
import type { MarginTerms } from '../../model/account.ts';
import { makeCurrency, type Money } from '../../model/currency.ts';
import { PositionSide } from '../../model/position.ts';
import { profitOf } from '../../model/valuation.ts';

/** With 8 decimals most sums here are safe integers, with 16 none is. */
const CURRENCIES = [USD, makeCurrency('USD', 16)] as const;

const terms = fc.oneof(
  fc.constant<MarginTerms>(NO_MARGIN),
  fc
    .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 2_000_000_000 }), fc.constantFrom('ENTRY', 'MARK'))
    .map(([times, rate, markedAt]): MarginTerms => leverage(times, rate, Math.floor(rate / 3), { markedAt: markedAt as 'ENTRY' | 'MARK' })),
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 13n }), fc.bigInt({ min: 0n, max: 10n ** 12n })).map(
    ([initialPerContract, maintenancePerContract]): MarginTerms => ({
      kind: 'perContract',
      initialPerContract,
      maintenancePerContract,
      locks: 'INITIAL',
    }),
  ),
);
const px = fc.integer({ min: 1, max: 99_999_999 });
const trades = fc.array(fc.tuple(fc.nat(1), fc.boolean(), fc.integer({ min: 1, max: 500_000 }), px), { minLength: 1, maxLength: 6 });
const scene = fc.record({
  currency: fc.constantFrom(...CURRENCIES),
  first: terms,
  second: terms,
  trades,
  marks: fc.tuple(px, px),
  isRich: fc.boolean(),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

const cents = (count: number): string => `${Math.floor(count / 100)}.${String(count % 100).padStart(2, '0')}`;

function built({ currency, first, second, trades: fills, marks, isRich }: Scene) {
  const perpetual = (index: number, multiplier: number) =>
    instrument('PERPETUAL', `P${index}.X`, BTC, currency, { quantityDecimals: 3, multiplier }, index);
  const instruments = [perpetual(0, 1), perpetual(1, 7)];
  const margins = [first, second].map((margin, index) => ({ instrument: index, margin }));
  const opening = isRich ? '900000000000' : '1000';
  const { portfolio, mark } = portfolioOf(instruments, [account('X', currency, opening, { instrumentMargins: margins })]);
  for (const [index, isBuy, qty, price] of fills) {
    const thousandths = `${Math.floor(qty / 1000)}.${String(qty % 1000).padStart(3, '0')}`;
    portfolio.applyFill(fill(instruments[index]!, isBuy ? 'BUY' : 'SELL', thousandths, cents(price)));
  }
  instruments.forEach((each, index) => mark(each, cents(marks[index]!)));
  return { portfolio, instruments, currency };
}

function exact(value: Money | object): Money {
  if (typeof value !== 'bigint') throw new Error('not known');
  return value;
}

/** |exact − approx|, the fraction of a count dropped. */
function distance(value: Money, approx: number): number {
  return Math.abs(Number(value - BigInt(Math.trunc(approx))));
}

describe('the margin gauge', () => {
  it('is never further from the exact sums than it says, whatever is held, at whatever scale', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { valuation } = built(given).portfolio;
        const { gauge } = valuation;
        expect(gauge.read(0)).toBe(true);
        expect(distance(exact(valuation.equity(0)), gauge.equity)).toBeLessThan(gauge.tolerance);
        expect(distance(exact(valuation.marginInitial(0)), gauge.initial)).toBeLessThan(gauge.tolerance);
        expect(distance(exact(valuation.marginMaintenance(0)), gauge.maintenance)).toBeLessThan(gauge.tolerance);
      }),
      { numRuns: 300 },
    );
  });

  it('says yes to no order that lacks a single count of money, and to every one that has plenty', () => {
    const order = fc.record({
      index: fc.nat(1),
      price: px,
      worstQty: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fees: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      bufferPpm: fc.constantFrom(0, 1, 20_000, 3_000_000),
      isAtFill: fc.boolean(),
      left: fc.oneof(fc.bigInt({ min: -50n, max: 50n }), fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n })),
    });
    let yes = 0;
    fc.assert(
      fc.property(scene, order, (given, { index, price, worstQty, fees, bufferPpm, isAtFill, left }) => {
        const { portfolio, instruments, currency } = built(given);
        const { valuation, positions } = portfolio;
        const net = positions.venueQuantity(index);
        const own =
          valuation.marginFor(index, price, Math.abs(worstQty)) - valuation.marginFor(index, given.marks[index]!, Math.abs(net)) + fees;
        const needed = own > 0n ? divideRounded(own * BigInt(1_000_000 + bufferPpm), 1_000_000n, 'ceiling') : own;
        const moved = isAtFill ? profitOf(instruments[index]!, given.marks[index]!, price, net) : 0n;
        const free = exact(valuation.marginFree(0)) + moved;
        // Money is paid in or taken out until exactly `left` is left beside the order.
        portfolio.applyInterest(0, currency, needed - free + left, 1);
        expect(exact(valuation.marginFree(0)) + moved - needed).toBe(left);
        const question: MarginQuestion = { instrument: index, price, worstQty, fees: doubleOf(fees), bufferPpm, isAtFill };
        expect(valuation.gauge.read(0)).toBe(true);
        const isBorne = valuation.gauge.bears(question);
        if (left < 0n) expect(isBorne).toBe(false);
        if (isBorne) yes += 1;
      }),
      { numRuns: 500 },
    );
    expect(yes).toBeGreaterThan(20);
    const { portfolio } = built({
      currency: USD,
      first: leverage(10, 1_000_000_000, 0),
      second: NO_MARGIN,
      trades: [],
      marks: [100, 100],
      isRich: true,
    });
    portfolio.valuation.gauge.read(0);
    const question: MarginQuestion = { instrument: 0, price: 100, worstQty: 1000, fees: 1, bufferPpm: 0, isAtFill: false };
    expect(portfolio.valuation.gauge.bears(question)).toBe(true);
  });

  it('keeps its figures no longer than they hold: after anything that is booked, marked, asked of another account or taken over', () => {
    const at = fc.nat(1);
    const act = fc.oneof(
      fc.record({ kind: fc.constant('fill' as const), at, isBuy: fc.boolean(), count: fc.integer({ min: 1, max: 3 }), price: px }),
      fc.record({ kind: fc.constant('mark' as const), at, price: px }),
      fc.record({ kind: fc.constant('pay' as const), at, amount: fc.bigInt({ min: 1n, max: 10n ** 12n }) }),
      fc.record({ kind: fc.constant('ask' as const), at }),
      fc.record({ kind: fc.constant('save' as const), at }),
      fc.record({ kind: fc.constant('load' as const), at }),
    );
    const ten = leverage(10, 1_000_000_000, 500_000_000, { markedAt: 'MARK' });
    let loaded = 0;
    fc.assert(
      fc.property(fc.array(act, { minLength: 8, maxLength: 40 }), (acts) => {
        const instruments = ['X', 'Y'].map((venue, index) => instrument('PERPETUAL', `P.${venue}`, BTC, USD, {}, index));
        const accounts = ['X', 'Y'].map((venue) => account(venue, USD, '1000', { margin: ten }));
        const { portfolio, mark } = portfolioOf(instruments, accounts);
        const { gauge } = portfolio.valuation;
        instruments.forEach((each) => mark(each, '10.00'));
        let saved = portfolio.saveState();
        for (const done of acts) {
          const own = instruments[done.at]!;
          if (done.kind === 'fill') portfolio.applyFill(fill(own, done.isBuy ? 'BUY' : 'SELL', String(done.count), cents(done.price)));
          else if (done.kind === 'mark') mark(own, cents(done.price));
          else if (done.kind === 'pay') portfolio.deposit(done.at, USD, done.amount, 1);
          else if (done.kind === 'save') saved = portfolio.saveState();
          else if (done.kind === 'load') {
            if (saved.ledger.sequence === portfolio.ledger.sequence) loaded += 1;
            portfolio.loadState(saved);
          }
          expect(gauge.read(done.at)).toBe(true);
          expect(distance(exact(portfolio.valuation.equity(done.at)), gauge.equity)).toBeLessThan(gauge.tolerance);
          expect(distance(exact(portfolio.valuation.marginInitial(done.at)), gauge.initial)).toBeLessThan(gauge.tolerance);
          const held = instruments.map(({ index }) => (index === done.at ? portfolio.positions.venueQuantity(index) : 0));
          expect(gauge.lines.map(({ quantity }) => quantity)).toEqual(held);
        }
      }),
      { numRuns: 300 },
    );
    expect(loaded).toBeGreaterThan(10);
  });

  it('takes over a saved state of as many transactions for what it is', () => {
    const perpetual = instrument('PERPETUAL', 'P.X', BTC, USD, {});
    const worlds = ['1', '2'].map((quantity) => {
      const { portfolio, mark } = portfolioOf([perpetual], [account('X', USD, '1000')]);
      mark(perpetual, '11.00');
      portfolio.applyFill(fill(perpetual, 'BUY', quantity, '10.00'));
      expect(portfolio.valuation.gauge.read(0)).toBe(true);
      return portfolio;
    });
    worlds[0]!.loadState(worlds[1]!.saveState());
    const { gauge } = worlds[0]!.valuation;
    expect([gauge.read(0), gauge.equity]).toEqual([true, 1002e8]);
  });

  it('says nothing of a mark that goes missing, nor that it had said something before', () => {
    const [first, second] = [0, 1].map((index) => instrument('PERPETUAL', `P${index}.X`, BTC, USD, {}, index));
    const { portfolio, mark } = portfolioOf([first!, second!], [account('X', USD, '1000')]);
    for (const each of [first!, second!]) {
      mark(each, '10.00');
      portfolio.applyFill(fill(each, 'BUY', '1', '10.00'));
    }
    const { gauge } = portfolio.valuation;
    expect(gauge.read(0)).toBe(true);
    mark(first!, '11.00');
    mark(second!, '0');
    expect([gauge.read(0), gauge.read(0)]).toEqual([false, false]);
    mark(second!, '10.00');
    expect([gauge.read(0), gauge.equity]).toEqual([true, 1001e8]);
  });

  it('says nothing where a mark is missing, where something has to be converted, and where positions hedge', () => {
    const perpetual = instrument('PERPETUAL', 'P.X', BTC, USD, {});
    const cases = [
      { own: account('X', USD, '1000'), marked: false, side: PositionSide.NET },
      { own: account('X', EUR, '1000'), marked: true, side: PositionSide.NET },
      { own: account('X', USD, '1000', { positionMode: 'HEDGING' }), marked: true, side: PositionSide.LONG },
      { own: account('X', USD, '1000', { openingBalances: [{ currency: EUR, amount: 1n }] }), marked: true, side: PositionSide.NET },
    ];
    const heard = cases.map(({ own, marked, side }) => {
      const { portfolio, mark } = portfolioOf([perpetual], [own]);
      portfolio.applyFill(fill(perpetual, 'BUY', '1', '10.00'), side);
      if (marked) mark(perpetual, '10.00');
      return portfolio.valuation.gauge.read(0);
    });
    expect(heard).toEqual([false, false, false, false]);
  });
});
