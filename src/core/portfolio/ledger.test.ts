import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../base/assert.ts';
import { makeCurrency } from '../../model/currency.ts';
import { Ledger } from './ledger.ts';
import type { LedgerEntry } from './ledger-records.ts';
import { BTC, USD } from './portfolio.fixture.ts';

function deposit(amount: bigint, currency = USD): readonly LedgerEntry[] {
  return [
    { kind: 'CASH', account: 0, currency, amount },
    { kind: 'CAPITAL', account: 0, currency, amount: -amount },
  ];
}

describe('Ledger', () => {
  it('keeps a balance per kind, account and currency, and sums to zero in each currency', () => {
    const ledger = new Ledger();
    ledger.post(1, 'DEPOSIT', deposit(500n));
    ledger.post(2, 'DEPOSIT', deposit(7n, BTC));
    ledger.post(3, 'FILL', [
      { kind: 'CASH', account: 0, currency: USD, amount: -120n },
      { kind: 'TRADING', account: 0, currency: USD, amount: 120n },
      { kind: 'CASH', account: 0, currency: BTC, amount: 2n },
      { kind: 'TRADING', account: 0, currency: BTC, amount: -2n },
    ]);
    expect(ledger.balance('CASH', 0, 'USD')).toBe(380n);
    expect(ledger.balance('CAPITAL', 0, 'USD')).toBe(-500n);
    expect(ledger.balance('CASH', 0, 'BTC')).toBe(9n);
    expect(ledger.balance('CASH', 1, 'USD')).toBe(0n);
    expect(ledger.total('USD')).toBe(0n);
    expect(ledger.total('BTC')).toBe(0n);
  });

  it('stops on a transaction that does not balance in one of its currencies, and books nothing of it', () => {
    const ledger = new Ledger();
    const crooked: readonly LedgerEntry[] = [
      { kind: 'CASH', account: 0, currency: USD, amount: 5n },
      { kind: 'CAPITAL', account: 0, currency: USD, amount: -5n },
      { kind: 'CASH', account: 0, currency: BTC, amount: 1n },
    ];
    expect(() => ledger.post(1, 'DEPOSIT', crooked)).toThrow(InvariantError);
    expect(ledger.balance('CASH', 0, 'USD')).toBe(0n);
    expect(ledger.sequence).toBe(0);
  });

  it('stops on one currency with two scales', () => {
    const ledger = new Ledger();
    ledger.post(1, 'DEPOSIT', deposit(5n));
    expect(() => ledger.post(2, 'DEPOSIT', deposit(5n, makeCurrency('USD', 10)))).toThrow('USD has two scales');
  });

  it('lists rows in order of first use', () => {
    const ledger = new Ledger();
    ledger.post(1, 'DEPOSIT', deposit(7n, BTC));
    ledger.post(2, 'DEPOSIT', deposit(500n));
    ledger.post(3, 'DEPOSIT', deposit(1n, BTC));
    expect(ledger.stateRows()).toEqual(['CASH|0|BTC|8', 'CAPITAL|0|BTC|-8', 'CASH|0|USD|500', 'CAPITAL|0|USD|-500']);
    expect(ledger.cashRows(0).map((row) => row.currency.code)).toEqual(['BTC', 'USD']);
  });

  it('keeps the newest transactions up to its bound and says when older ones are forgotten', () => {
    const ledger = new Ledger(2);
    for (let ts = 1; ts <= 5; ts += 1) ledger.post(ts, 'DEPOSIT', deposit(1n));
    const kept = ledger.transactionsSince(3);
    expect(kept === 'FORGOTTEN' ? kept : kept.map((transaction) => [transaction.sequence, transaction.ts])).toEqual([
      [4, 4],
      [5, 5],
    ]);
    expect(ledger.transactionsSince(2)).toBe('FORGOTTEN');
    expect(ledger.transactionsSince(5)).toEqual([]);
    const forgetful = new Ledger();
    forgetful.post(1, 'DEPOSIT', deposit(1n));
    expect(forgetful.transactionsSince(0)).toBe('FORGOTTEN');
  });

  it('posts by handle as by name: one transaction, checked, with rows from the first amount on', () => {
    const ledger = new Ledger(5);
    const cash = ledger.handleOf('CASH', 1, USD);
    const fees = ledger.handleOf('COMMISSION', 1, USD);
    expect(ledger.handleOf('CASH', 1, USD)).toBe(cash);
    expect(ledger.stateRows()).toEqual([]); // a name alone is no row
    ledger.add(fees, 3n);
    ledger.add(cash, -3n);
    expect(ledger.commit(7, 'FILL')).toBe(1);
    expect(ledger.stateRows()).toEqual(['COMMISSION|1|USD|3', 'CASH|1|USD|-3']);
    expect(ledger.balanceAt(cash)).toBe(-3n);
    expect(ledger.transactionsSince(0)).toEqual([
      {
        sequence: 1,
        ts: 7,
        reason: 'FILL',
        entries: [
          { kind: 'COMMISSION', account: 1, currency: USD, amount: 3n },
          { kind: 'CASH', account: 1, currency: USD, amount: -3n },
        ],
      },
    ]);
    ledger.add(cash, 1n);
    expect(() => ledger.commit(8, 'FILL')).toThrow('FILL leaves 1 of USD');
    expect(ledger.balanceAt(cash)).toBe(-3n);
    ledger.add(cash, 2n); // nothing of the refused one is left over
    ledger.add(fees, -2n);
    expect(ledger.commit(9, 'FILL')).toBe(2);
  });

  it('posts three entries at once as one by one, proven, and says no where it must be one by one', () => {
    const make = () => {
      const ledger = new Ledger();
      const [cash, profit, fees] = (['CASH', 'REALIZED_PNL', 'COMMISSION'] as const).map((kind) => ledger.handleOf(kind, 0, USD));
      const post = (...amounts: readonly [bigint, bigint, bigint]): number => {
        [cash!, profit!, fees!].forEach((handle, at) => {
          if (at === 0 || amounts[at] !== 0n) ledger.add(handle, amounts[at]!);
        });
        return ledger.commit(1, 'FILL');
      };
      return { ledger, post, triple: ledger.tripleOf(cash!, profit!, fees!) };
    };
    const { ledger, post, triple } = make();
    const twin = make();
    const atOnce = (a: number, b: number, c: number): boolean => ledger.postThree(triple, a, b, c, 'FILL');
    expect(atOnce(-3, 0, 3)).toBe(false); // no rows yet
    expect(ledger.stateRows()).toEqual([]);
    post(-3n, 0n, 3n);
    twin.post(-3n, 0n, 3n);
    expect(atOnce(-5, 0, 5)).toBe(true); // no row of profit is made for nothing
    twin.post(-5n, 0n, 5n);
    expect(atOnce(7, -9, 2)).toBe(false);
    post(7n, -9n, 2n);
    twin.post(7n, -9n, 2n);
    for (const [a, b, c] of [
      [-9, 11, -2],
      [4, -4, 0],
      [0, 0, 0],
    ] as const) {
      expect(atOnce(a, b, c)).toBe(true);
      twin.post(BigInt(a), BigInt(b), BigInt(c));
    }
    expect(ledger.saveState()).toEqual(twin.ledger.saveState());
    expect(() => atOnce(1, 0, 0)).toThrow('FILL leaves 1 of USD');
    expect(() => atOnce(2, -1, 0)).toThrow('FILL leaves 1 of USD');
    expect(atOnce(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 0)).toBe(false);
    expect(atOnce(Number.NaN, Number.NaN, 0)).toBe(false);
    expect(ledger.saveState()).toEqual(twin.ledger.saveState());
  });

  it('names three accounts only of one currency, and posts no three at once where it keeps history', () => {
    const ledger = new Ledger(1);
    const [cash, fees, coins] = [ledger.handleOf('CASH', 0, USD), ledger.handleOf('COMMISSION', 0, USD), ledger.handleOf('CASH', 0, BTC)];
    expect(() => ledger.tripleOf(cash, fees, coins)).toThrow('three ledger accounts of one currency');
    expect(() => ledger.tripleOf(cash, coins, fees)).toThrow('three ledger accounts of one currency');
    ledger.post(1, 'DEPOSIT', deposit(5n));
    expect(ledger.postThree(ledger.tripleOf(cash, fees, fees), 0, 0, 0, 'FILL')).toBe(false);
  });

  it('books what one currency is short of against no other, in many accounts, currencies and sizes', () => {
    const ledger = new Ledger();
    const currencies = Array.from({ length: 20 }, (_, at) => makeCurrency(`C${String.fromCharCode(65 + at)}`));
    const entries = (amount: bigint): LedgerEntry[] => currencies.flatMap((currency) => deposit(amount, currency));
    for (const amount of [3n, 3n, 2n ** 53n, 4n, -(2n ** 53n)]) ledger.post(1, 'DEPOSIT', entries(amount));
    const short = entries(1n).map((entry, at) => (at === 0 ? { ...entry, amount: 2n } : at === 2 ? { ...entry, amount: 0n } : entry));
    expect(() => ledger.post(1, 'DEPOSIT', short)).toThrow('DEPOSIT leaves 1 of CA');
    expect(currencies.map(({ code }) => [ledger.balance('CASH', 0, code), ledger.balance('CAPITAL', 0, code)])).toEqual(
      currencies.map(() => [10n, -10n]),
    );
    expect(ledger.cashRows(0).map((row) => row.balanceDouble)).toEqual(currencies.map(() => 10));
  });

  it('handles outlive a loaded state, in whose order of rows new amounts are booked', () => {
    const ledger = new Ledger();
    const capital = ledger.handleOf('CAPITAL', 0, USD);
    const cash = ledger.handleOf('CASH', 0, USD);
    ledger.post(1, 'DEPOSIT', deposit(5n));
    const saved = ledger.saveState();
    ledger.post(2, 'DEPOSIT', deposit(1n, BTC));
    ledger.loadState(saved);
    expect(ledger.balance('CASH', 0, 'BTC')).toBe(0n);
    ledger.add(capital, -2n);
    ledger.add(cash, 2n);
    ledger.commit(3, 'DEPOSIT');
    expect(ledger.stateRows()).toEqual(['CASH|0|USD|7', 'CAPITAL|0|USD|-7']);
  });

  it('comes back from saved plain data with the same rows, and goes on', () => {
    const ledger = new Ledger();
    ledger.post(1, 'DEPOSIT', deposit(12345678901234567890n));
    const loaded = new Ledger();
    loaded.post(1, 'DEPOSIT', deposit(3n, BTC));
    loaded.loadState(JSON.parse(JSON.stringify(ledger.saveState())) as ReturnType<Ledger['saveState']>);
    expect(loaded.stateRows()).toEqual(['CASH|0|USD|12345678901234567890', 'CAPITAL|0|USD|-12345678901234567890']);
    expect(loaded.cashRows(0).map((row) => row.balance)).toEqual([12345678901234567890n]);
    loaded.post(2, 'DEPOSIT', deposit(10n));
    expect(loaded.balance('CASH', 0, 'USD')).toBe(12345678901234567900n);
    expect(loaded.sequence).toBe(2);
  });
});
