import { AgentMarket, EVENT_US } from './agent-market.ts';
import type { AgentMarketSettings } from './agent-settings.ts';

/** What a feed has to tell. */
export const FeedEvent = {
  /** The exchange has reported something. */
  CHANGE: 0,
  /** The book is told from nothing: at the start, and after a gap. */
  SNAPSHOT: 1,
  /** From here on nothing is told. */
  GAP: 2,
} as const;
export type FeedEvent = (typeof FeedEvent)[keyof typeof FeedEvent];

/** Lets a market run and says what its feed has to tell, event after event, until the end of the period. */
export class MarketEvents {
  readonly market: AgentMarket;
  event: FeedEvent = FeedEvent.SNAPSHOT;
  private readonly endTs: number;
  private isStarted = false;
  private wasDark = false;

  /** @param endTs rows are before it, microseconds since the epoch */
  constructor(settings: AgentMarketSettings, endTs: number) {
    this.market = new AgentMarket(settings);
    this.endTs = endTs;
  }

  /** Trades are told at this time. */
  get tradeTs(): number {
    return this.market.ts;
  }

  /** The book that an event leaves is told a microsecond after its trades, so that these stand before it in every order of rows. */
  get bookTs(): number {
    return this.event === FeedEvent.CHANGE ? this.market.ts + 1 : this.market.ts;
  }

  /** Goes on to the next event. @returns false at the end of the period */
  next(): boolean {
    const { market, endTs } = this;
    if (!this.isStarted) {
      this.isStarted = true;
      this.event = FeedEvent.SNAPSHOT;
      return market.ts < endTs;
    }
    while (market.nextTs <= endTs - EVENT_US) {
      market.step();
      if (market.isDark) {
        if (this.wasDark) continue;
        this.wasDark = true;
        this.event = FeedEvent.GAP;
        return true;
      }
      if (this.wasDark) {
        this.wasDark = false;
        this.event = FeedEvent.SNAPSHOT;
        return true;
      }
      if (market.engine.reports.length === 0) continue;
      this.event = FeedEvent.CHANGE;
      return true;
    }
    return false;
  }
}
