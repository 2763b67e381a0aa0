import { describe, expect, it } from 'vitest';
import { moneyDecimals, moneyDecimalsBeside } from './currency.ts';

describe('a column of money', () => {
  it('is shown as its currency is written, and large amounts of coins with two decimals', () => {
    expect(moneyDecimals(['10.12345678'], ['USD'])).toBe(2);
    expect(moneyDecimals(['10'], ['JPY'])).toBe(0);
    expect(moneyDecimals(['0.00012300'], ['BTC'])).toBe(6);
    expect(moneyDecimals(['0.00012300', '25000'], ['BTC'])).toBe(2);
  });
});

describe('an amount beside larger ones', () => {
  it('is shown with their decimals, and with its own where nothing would be left of it', () => {
    expect(moneyDecimalsBeside('9.26634', ['99982.9123'], 'USDT')).toBe(2);
    expect(moneyDecimalsBeside('0.00400000', ['99982.9123'], 'USDT')).toBe(3);
    expect(moneyDecimalsBeside('0.00001234', ['1.51231234'], 'BTC')).toBe(8);
    expect(moneyDecimalsBeside('0', ['99982.9123'], 'USDT')).toBe(2);
    expect(moneyDecimalsBeside('9.26634', [], 'USDT')).toBe(4);
  });
});
