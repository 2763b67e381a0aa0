import { Atr } from '../../../src/indicators/atr.ts';
import { BollingerBands } from '../../../src/indicators/bollinger-bands.ts';
import { DonchianChannel } from '../../../src/indicators/donchian-channel.ts';
import { Ema } from '../../../src/indicators/ema.ts';
import type { IndicatorState } from '../../../src/indicators/indicator.ts';
import { Macd } from '../../../src/indicators/macd.ts';
import { RollingVwap } from '../../../src/indicators/rolling-vwap.ts';
import { Rsi } from '../../../src/indicators/rsi.ts';
import { Sma } from '../../../src/indicators/sma.ts';

/** A bar as a chart draws it: doubles, for drawing and indicators only. */
export interface ChartBar {
  /** Start, seconds since the epoch. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Takes bars one by one; what it says after each is one value per line, NaN while it has none. */
interface BarIndicator {
  take(bar: ChartBar): readonly number[];
  save(): IndicatorState;
  load(state: IndicatorState): void;
}

export interface IndicatorChoice {
  readonly id: string;
  readonly title: string;
  /** Over the candles, or in a pane of its own. */
  readonly isOverlay: boolean;
  readonly lines: readonly string[];
  readonly make: () => BarIndicator;
}

interface Saved {
  save(): IndicatorState;
  load(state: IndicatorState): void;
}

function reading<T extends Saved>(indicator: T, take: (indicator: T, bar: ChartBar) => readonly number[]): BarIndicator {
  return { take: (bar) => take(indicator, bar), save: () => indicator.save(), load: (state) => indicator.load(state) };
}

/** What the engine's strategies compute with, drawn: the same code. */
export const INDICATORS: readonly IndicatorChoice[] = [
  {
    id: 'sma-20',
    title: 'SMA 20',
    isOverlay: true,
    lines: ['SMA 20'],
    make: () => reading(new Sma(20), (sma, bar) => [sma.update(bar.close)]),
  },
  {
    id: 'ema-20',
    title: 'EMA 20',
    isOverlay: true,
    lines: ['EMA 20'],
    make: () => reading(new Ema(20), (ema, bar) => [ema.update(bar.close)]),
  },
  {
    id: 'ema-50',
    title: 'EMA 50',
    isOverlay: true,
    lines: ['EMA 50'],
    make: () => reading(new Ema(50), (ema, bar) => [ema.update(bar.close)]),
  },
  {
    id: 'bollinger-20',
    title: 'Bollinger 20, 2',
    isOverlay: true,
    lines: ['upper', 'lower'],
    make: () =>
      reading(new BollingerBands(20, 2), (bands, bar) => {
        bands.update(bar.close);
        return bands.isReady ? [bands.upper, bands.lower] : [Number.NaN, Number.NaN];
      }),
  },
  {
    id: 'donchian-20',
    title: 'Donchian 20',
    isOverlay: true,
    lines: ['upper', 'lower'],
    make: () =>
      reading(new DonchianChannel(20), (channel, bar) => {
        channel.update(bar.high, bar.low);
        return [channel.upper, channel.lower];
      }),
  },
  {
    id: 'vwap-60',
    title: 'VWAP 60',
    isOverlay: true,
    lines: ['VWAP 60'],
    make: () => reading(new RollingVwap(60), (vwap, bar) => [vwap.update(bar.close, bar.volume)]),
  },
  {
    id: 'rsi-14',
    title: 'RSI 14',
    isOverlay: false,
    lines: ['RSI 14'],
    make: () => reading(new Rsi(14), (rsi, bar) => [rsi.update(bar.close)]),
  },
  {
    id: 'macd',
    title: 'MACD 12, 26, 9',
    isOverlay: false,
    lines: ['MACD', 'signal'],
    make: () =>
      reading(new Macd(), (macd, bar) => {
        macd.update(bar.close);
        return [macd.macd, macd.signal];
      }),
  },
  {
    id: 'atr-14',
    title: 'ATR 14',
    isOverlay: false,
    lines: ['ATR 14'],
    make: () => reading(new Atr(14), (atr, bar) => [atr.update(bar.high, bar.low, bar.close)]),
  },
];

/**
 * An indicator over bars of which the last is still open. What it knew before that one is kept as its saved state, so that a price that moves costs one
 * step and not the whole history.
 */
export class IndicatorRun {
  private readonly indicator: BarIndicator;
  private before: IndicatorState;

  constructor(choice: IndicatorChoice) {
    this.indicator = choice.make();
    this.before = this.indicator.save();
  }

  /** @returns values of each line, by bar */
  all(bars: readonly ChartBar[]): readonly (readonly number[])[] {
    return bars.map((bar, at) => {
      if (at === bars.length - 1) this.before = this.indicator.save();
      return this.indicator.take(bar);
    });
  }

  /** The last bar again, with other values. */
  again(bar: ChartBar): readonly number[] {
    this.indicator.load(this.before);
    return this.indicator.take(bar);
  }

  /** A new last bar. */
  next(bar: ChartBar): readonly number[] {
    this.before = this.indicator.save();
    return this.indicator.take(bar);
  }
}
