import { formatDecimal } from '../../base/decimal.ts';
import { DAY_US, HOUR_US } from '../../model/civil-date.ts';
import { makeCurrency } from '../../model/currency.ts';
import { instantText } from '../../model/instant.ts';
import { makeInstrument } from '../../model/instrument.ts';
import { generatedInstrument } from '../../sim/generated/generated-instrument.ts';
import { GeneratedMarket } from '../../sim/generated/generated-market.ts';

const START_US = 1_704_067_200_000_000;
const SAMPLE_DAYS = 180;
const SEED = 1;

/** Hourly bars of a made-up market, 2024-01-01 and the 179 days after it, as CSV. The same bytes every time. */
export function sampleCsv(): string {
  const usd = makeCurrency('USD');
  const instrument = makeInstrument(
    {
      id: 'AAA-USD.SIM',
      kind: 'SPOT',
      base: makeCurrency('AAA'),
      quote: usd,
      settlement: usd,
      priceDecimals: 2,
      quantityDecimals: 4,
      priceIncrement: 1,
      lotSize: 1,
      quantityMin: 0,
      quantityMax: 0,
      notionalMin: 0n,
      multiplier: 1,
      multiplierDecimals: 0,
      calendar: null,
      expiryTs: null,
    },
    0,
  );
  const behavior = generatedInstrument({
    instrument: 0,
    startPrice: 10_000,
    priceIncrement: 1,
    lotSize: 1,
    quantityTypical: 5_000,
    tradesPerMinute: 1,
  });
  const market = new GeneratedMarket({ seed: SEED, startTs: START_US, endTs: START_US + SAMPLE_DAYS * DAY_US, instruments: [behavior] });
  const reader = market.bars(0, HOUR_US, 0);
  const lines = ['time,open,high,low,close,volume'];
  for (let block = reader.next(); block !== null; block = reader.next()) {
    for (let row = 0; row < block.length; row += 1) {
      const time = instantText(block.tsOpen[row]!).slice(0, 16);
      const prices = [block.open, block.high, block.low, block.close].map((column) =>
        formatDecimal(column[row]!, instrument.priceDecimals),
      );
      lines.push([time, ...prices, formatDecimal(block.volume[row]!, instrument.quantityDecimals)].join(','));
    }
  }
  reader.close();
  return `${lines.join('\n')}\n`;
}
