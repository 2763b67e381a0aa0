import { assert } from '../../base/assert.ts';
import type { BarBlock, BookDeltaBlock, QuoteBlock, TradeBlock } from '../../model/blocks.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { ReaderOptions } from '../generated/generated-readers.ts';
import { AgentBarReader, AgentDeltaReader, AgentQuoteReader, AgentTradeReader, type OpenEvents, type RowScale } from './agent-readers.ts';
import { AGENT_EVENTS_MAX, type AgentMarketSettings, checkSettings } from './agent-settings.ts';
import { MarketEvents } from './market-events.ts';
import { SECOND_US } from '../../model/civil-date.ts';

/**
 * What one instrument of an agent-based market publishes over a period. Every reader runs a copy of the market, so readers do not disturb one another;
 * the same settings give the same rows whatever the size of blocks. All kinds show the same market: trades are told first, the book and the best
 * prices that they leave a microsecond later.
 */
export class AgentMarketData {
  private readonly settings: AgentMarketSettings;
  private readonly endTs: number;
  private readonly scale: RowScale;

  /** @param endTs rows are before it, microseconds since the epoch */
  constructor(settings: AgentMarketSettings, endTs: number, scale: RowScale) {
    checkSettings(settings);
    assert(Number.isSafeInteger(endTs) && endTs > settings.startTs, 'a market ends after it starts');
    assert(isWithinEvents(settings, endTs), 'a market of so many orders is not numbered to its end');
    this.settings = settings;
    this.endTs = endTs;
    this.scale = scale;
  }

  /** Changes of the book, a snapshot first. @param by orders (L3) or levels (L2) */
  deltas(by: 'orders' | 'levels', options: ReaderOptions = {}): BlockReader<BookDeltaBlock> {
    return new AgentDeltaReader(this.open, this.scale, by === 'orders', options);
  }

  quotes(options: ReaderOptions = {}): BlockReader<QuoteBlock> {
    return new AgentQuoteReader(this.open, this.scale, options);
  }

  trades(options: ReaderOptions = {}): BlockReader<TradeBlock> {
    return new AgentTradeReader(this.open, this.scale, options);
  }

  /** @param everyUs length of the bars, microseconds, a second or more */
  bars(everyUs: number, series: number, options: ReaderOptions = {}): BlockReader<BarBlock> {
    assert(
      Number.isSafeInteger(everyUs) && everyUs >= SECOND_US,
      `an interval is a whole number of microseconds, a second or more: ${everyUs}`,
    );
    return new AgentBarReader(this.open, this.scale, { series, everyUs, endTs: this.endTs }, options);
  }

  private readonly open: OpenEvents = () => new MarketEvents(this.settings, this.endTs);
}

/** True where a market up to `endTs` stays well within the orders that it can number: lively hours send four times the mean. */
export function isWithinEvents(settings: Pick<AgentMarketSettings, 'eventsPerSecond' | 'startTs'>, endTs: number): boolean {
  return ((endTs - settings.startTs) / SECOND_US) * settings.eventsPerSecond <= AGENT_EVENTS_MAX;
}

/** The last end of a market that {@link isWithinEvents}; microseconds since the epoch. */
export function eventsEndTs({ eventsPerSecond, startTs }: Pick<AgentMarketSettings, 'eventsPerSecond' | 'startTs'>): number {
  return startTs + Math.floor((AGENT_EVENTS_MAX / eventsPerSecond) * SECOND_US);
}
