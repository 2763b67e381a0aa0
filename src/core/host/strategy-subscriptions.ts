import type { BlockKind } from '../../model/blocks.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import type { BarSource, SeriesIndex, Strategy } from '../strategy/strategy.ts';
import type { HostParts } from './host-parts.ts';

/** What market data one strategy has asked for. A change holds from the very next row on. */
export class StrategySubscriptions {
  readonly #parts: Pick<HostParts, 'marketData' | 'bars' | 'effects'>;
  /** Instruments whose data it subscribed to: whom a gap concerns. */
  readonly #watched = new Set<InstrumentIndex>();

  constructor(parts: Pick<HostParts, 'marketData' | 'bars' | 'effects'>) {
    this.#parts = parts;
  }

  get hasAny(): boolean {
    return this.#watched.size !== 0;
  }

  watches(instrument: InstrumentIndex): boolean {
    return this.#watched.has(instrument);
  }

  add({ index }: Instrument, kind: BlockKind, strategy: Strategy): void {
    this.#watched.add(index);
    this.#parts.marketData.subscribe(index, kind, strategy);
    this.#parts.effects.endStep();
  }

  remove(instrument: InstrumentIndex, kind: BlockKind, strategy: Strategy): void {
    this.#parts.marketData.unsubscribe(instrument, kind, strategy);
    this.#parts.effects.endStep();
  }

  addBars({ index }: Instrument, every: string, from: BarSource, strategy: Strategy): SeriesIndex {
    this.#watched.add(index);
    this.#parts.effects.endStep();
    return this.#parts.bars.subscribe(index, every, from, strategy);
  }

  removeBars(series: SeriesIndex, strategy: Strategy): void {
    this.#parts.bars.unsubscribe(series, strategy);
    this.#parts.effects.endStep();
  }

  /** It wants nothing any more. */
  end(strategy: Strategy): void {
    this.#parts.marketData.unsubscribeAll(strategy);
    this.#parts.bars.subscriptions.removeAll(strategy);
    this.#watched.clear();
    this.#parts.effects.endStep();
  }

  saveState(): readonly InstrumentIndex[] {
    return [...this.#watched];
  }

  loadState(watched: readonly InstrumentIndex[]): void {
    this.#watched.clear();
    for (const instrument of watched) this.#watched.add(instrument);
  }
}
