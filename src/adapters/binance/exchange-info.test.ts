import { describe, expect, it } from 'vitest';
import { definitionOf, readExchangeInfo, symbolNamed } from './exchange-info.ts';
import { infoText } from './feed.fixture.ts';

describe('what the venue says of its symbols', () => {
  it('becomes an instrument with its increments and least value', () => {
    const info = readExchangeInfo(infoText('TRADING', 1200));
    expect(info.weightLimit).toBe(1200);
    const { id, priceDecimals, quantityDecimals, priceIncrement, lotSize, quantityMin, quantityMax, notionalMin, quote } = definitionOf(
      symbolNamed(info, 'BTCUSDT'),
    );
    expect({ id, priceDecimals, quantityDecimals, priceIncrement, lotSize, quantityMin, quantityMax }).toEqual({
      id: 'BTC-USDT.BINANCE',
      priceDecimals: 2,
      quantityDecimals: 5,
      priceIncrement: 1,
      lotSize: 1,
      quantityMin: 1,
      quantityMax: 900_000_000,
    });
    expect(notionalMin).toBe(5n * 10n ** BigInt(quote.decimals));
  });

  it('an increment of 0.05 is five counts of two decimals', () => {
    const info = readExchangeInfo(infoText().replace('"tickSize":"0.01000000"', '"tickSize":"0.05000000"'));
    expect(definitionOf(symbolNamed(info, 'BTCUSDT'))).toMatchObject({ priceDecimals: 2, priceIncrement: 5 });
  });

  it('refuses a symbol that is not there, and an answer that is none', () => {
    expect(() => symbolNamed(readExchangeInfo(infoText()), 'ETHUSDT')).toThrow(expect.objectContaining({ code: 'FEED_SYMBOL_UNKNOWN' }));
    for (const body of ['<html>', '{}', infoText().replace('"0.01000000"', '0.01')])
      expect(() => readExchangeInfo(body)).toThrow(expect.objectContaining({ code: 'FEED_ANSWER_DAMAGED' }));
  });
});
