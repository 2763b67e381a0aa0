import { assert } from '../../base/assert.ts';
import type { BarBlock, QuoteBlock, TradeBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { checkInstrument } from './generated-instrument.ts';
import type { GeneratedInstrument } from './generated-instrument.ts';
import { MinutePrices, PairedPrices } from './generated-prices.ts';
import { BarReader, QuoteReader, TradeReader } from './generated-readers.ts';
import type { ReaderOptions } from './generated-readers.ts';
import { MINUTE_MICROS, MinuteTicks } from './generated-ticks.ts';

interface GeneratedMarketOptions {
  /** A whole number; the same seed gives the same market. */
  readonly seed: number;
  /** Start (inclusive) and end (exclusive), microseconds since the epoch, whole minutes from 1970 on. */
  readonly startTs: number;
  readonly endTs: number;
  readonly instruments: readonly GeneratedInstrument[];
}

/**
 * A made-up market that trades around the clock: offline, seeded, endless. Trades, quotes and bars of an instrument show the same market: a
 * trade happens at the bid or ask of the quote before it, and bars are what a bar builder would make of the trades.
 *
 * Every reader draws its own copy of the paths from named streams, so readers do not disturb one another, and neither block size nor
 * what else is read changes a value. Volatility clusters, jumps, spells of trend and reversion: see generated-prices.ts.
 * It is for demonstrations and tests; profits made on it mean nothing.
 */
export class GeneratedMarket {
  private readonly options: GeneratedMarketOptions;

  constructor(options: GeneratedMarketOptions) {
    const { startTs, endTs, instruments } = options;
    assert(
      startTs >= 0 && startTs % MINUTE_MICROS === 0 && endTs % MINUTE_MICROS === 0 && startTs < endTs,
      'a period is whole minutes, start before end',
    );
    instruments.forEach((instrument, position) => checkInstrument(instrument, position, instruments));
    this.options = options;
  }

  /** @param position in the list of instruments */
  trades(position: number, options: ReaderOptions = {}): BlockReader<TradeBlock> {
    return new TradeReader(this.ticks(position), this.instrument(position).instrument, options);
  }

  quotes(position: number, options: ReaderOptions = {}): BlockReader<QuoteBlock> {
    return new QuoteReader(this.ticks(position), this.instrument(position).instrument, options);
  }

  /**
   * Bars of an interval counted from the epoch; an interval without a trade has no bar, and an unfinished last bar is left out.
   *
   * @param everyMicros at least one second, a whole number of microseconds
   */
  bars(position: number, everyMicros: number, series: number, options: ReaderOptions = {}): BlockReader<BarBlock> {
    assert(
      Number.isSafeInteger(everyMicros) && everyMicros >= 1_000_000,
      `an interval is a whole number of microseconds, a second or more: ${everyMicros}`,
    );
    return new BarReader(this.ticks(position), this.instrument(position).instrument, series, everyMicros, this.options.endTs, options);
  }

  private instrument(position: number): GeneratedInstrument {
    const instrument = this.options.instruments[position];
    assert(instrument !== undefined, `the market has no instrument ${position}`);
    return instrument;
  }

  private ticks(position: number): MinuteTicks {
    const { seed, startTs, endTs } = this.options;
    return new MinuteTicks(seed, position, this.instrument(position), this.prices(position), startTs, endTs);
  }

  private prices(position: number): MinutePrices | PairedPrices {
    const { seed } = this.options;
    const instrument = this.instrument(position);
    const { pairedWith } = instrument;
    if (pairedWith === null) return new MinutePrices(seed, position, instrument);
    const leader = new MinutePrices(seed, pairedWith.position, this.instrument(pairedWith.position));
    return new PairedPrices(leader, seed, position, pairedWith.spreadDeviation);
  }
}
