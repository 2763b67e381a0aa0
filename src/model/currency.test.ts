import { describe, expect, it } from 'vitest';
import { moneyDecimals } from './currency.ts';

describe('a column of money', () => {
  it('is shown as its currency is written, and large amounts of coins with two decimals', () => {
    expect(moneyDecimals(['10.12345678'], ['USD'])).toBe(2);
    expect(moneyDecimals(['10'], ['JPY'])).toBe(0);
    expect(moneyDecimals(['0.00012300'], ['BTC'])).toBe(6);
    expect(moneyDecimals(['0.00012300', '25000'], ['BTC'])).toBe(2);
  });
});
