import { lowerBound, upperBound } from '../../base/sorted-search.ts';
import type { Backtest } from '../../runtime/backtest.ts';
import { isMoney } from '../../core/portfolio/account-valuation.ts';
import { type Currency, moneyApprox } from '../../model/currency.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import { averagePriceApprox, type ClosedTrade as BookedTrade } from '../../model/position.ts';
import type { ClosedTrade, RunSeries } from '../../research/run-series.ts';

/** The equity sample that an event of an instrument falls into. */
type SampleOf = (instrument: InstrumentIndex, ts: number) => number;

/**
 * What a finished run gives to statistics, as doubles. Money of another currency than the first account's is converted at the last rates.
 *
 * @param fillsAtNextBar by instrument: a fill at the very stamp of a sample comes after it, at the next bar's open
 * @param benchmark prices at the stamps of the equity curve, or null
 */
export function runSeries(
  backtest: Backtest,
  instruments: readonly Instrument[],
  fillsAtNextBar: readonly boolean[],
  benchmark: Float64Array | null,
  benchmarkStart: number,
): RunSeries {
  const { sampler, engine } = backtest;
  const ts = sampler.ts.slice(0, sampler.count);
  const value = sampler.equityApprox.slice(0, sampler.count);
  const rates = new Map<string, number>();
  const rateOf = (currency: Currency): number => {
    const known = rates.get(currency.code);
    if (known !== undefined) return known;
    const base = engine.portfolio.account(0).baseCurrency;
    const converted = engine.portfolio.valuation.convert(10n ** BigInt(currency.decimals), currency, base);
    const rate = isMoney(converted) ? moneyApprox(converted, base) : Number.NaN;
    rates.set(currency.code, rate);
    return rate;
  };
  const sampleOf: SampleOf = (instrument, at) =>
    Math.min((fillsAtNextBar[instrument] === true ? upperBound : lowerBound)(ts, 0, ts.length, at), ts.length - 1);
  const trades = [
    ...engine.closedTrades.map((trade) => closedTrade(trade, instruments[trade.instrument]!, rateOf, sampleOf)),
    ...openTrades(backtest, instruments, rateOf, sampleOf, ts.length - 1),
  ];
  return { equity: { ts, value }, trades, ...(benchmark === null ? {} : { benchmark, benchmarkStart }) };
}

/** Profit over the entry's value, after commissions. */
export function tradeReturn(trade: BookedTrade): number {
  const entry = Number(trade.entryValue < 0n ? -trade.entryValue : trade.entryValue);
  return entry === 0 ? Number.NaN : Number(trade.pnl) / entry;
}

function closedTrade(trade: BookedTrade, instrument: Instrument, rateOf: (currency: Currency) => number, sampleOf: SampleOf): ClosedTrade {
  const { settlement } = instrument;
  const rate = rateOf(settlement);
  return {
    instrument: instrument.id,
    side: trade.side,
    entryTs: trade.entryTs,
    exitTs: trade.exitTs,
    tag: trade.exitTag,
    entryPrice: averagePriceApprox(trade.entryPx, instrument),
    exitPrice: trade.exitPx / instrument.priceScale,
    quantity: trade.quantity / instrument.quantityScale,
    multiplier: (instrument.multiplier / 10 ** instrument.multiplierDecimals) * rate,
    pnl: moneyApprox(trade.pnl, settlement) * rate,
    returnShare: tradeReturn(trade),
    commission: moneyApprox(trade.entryCommission + trade.exitCommission, settlement) * rate,
    entryBar: sampleOf(trade.instrument, trade.entryTs),
    exitBar: sampleOf(trade.instrument, trade.exitTs),
  };
}

/** Positions that are open at the end count for exposure and turnover. */
function openTrades(
  backtest: Backtest,
  instruments: readonly Instrument[],
  rateOf: (currency: Currency) => number,
  sampleOf: SampleOf,
  lastSample: number,
): readonly ClosedTrade[] {
  const { engine } = backtest;
  return engine.portfolio.positions.positions().flatMap((position): readonly ClosedTrade[] => {
    if (position.quantity === 0 || position.avgPx === null) return [];
    const instrument = instruments[position.instrument]!;
    const mark = engine.cache.lastPrice(position.instrument) / instrument.priceScale;
    const rate = rateOf(instrument.settlement);
    return [
      {
        instrument: instrument.id,
        side: position.quantity > 0 ? 1 : -1,
        entryTs: position.openTs,
        exitTs: engine.now,
        tag: '',
        isOpen: true,
        entryPrice: averagePriceApprox(position.avgPx, instrument),
        exitPrice: mark,
        quantity: Math.abs(position.quantity) / instrument.quantityScale,
        multiplier: (instrument.multiplier / 10 ** instrument.multiplierDecimals) * rate,
        pnl: 0,
        returnShare: 0,
        commission: 0,
        entryBar: sampleOf(position.instrument, position.openTs),
        exitBar: lastSample,
      },
    ];
  });
}
