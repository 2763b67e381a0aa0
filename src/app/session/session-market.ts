import { openLiveMarket } from './live-market.ts';
import { MarketHealth, playedMarketHealth } from './market-health.ts';
import type { PlannedSession } from './plan-session.ts';
import type { ComponentHealth } from '../../ports/component-health.ts';
import { replayFeed } from '../../runtime/session/replay-feed.ts';
import type { OpenSessionFeed } from '../../runtime/session/session-feed.ts';

/** Where the market data of a session come from, and how they are. */
export class SessionMarket {
  private readonly planned: PlannedSession;
  private readonly live: MarketHealth;

  /** @param say hears of every change of a live feed */
  constructor(planned: PlannedSession, say: (line: string) => void) {
    this.planned = planned;
    this.live = new MarketHealth(planned.plan.instruments, say);
  }

  /** The market goes on while nobody is there. */
  get goesOnAlone(): boolean {
    return this.planned.isGenerated || this.planned.live !== null;
  }

  get health(): ComponentHealth {
    const { live, isGenerated } = this.planned;
    return live === null ? playedMarketHealth(isGenerated ? 'made up' : 'a recording') : this.live.component;
  }

  /** @param seed of the waits of a live feed before it connects again */
  open(seed: number): OpenSessionFeed {
    const { live, openStreams, accountEvents } = this.planned;
    return live === null ? replayFeed(openStreams, accountEvents) : openLiveMarket(live, seed, this.live);
  }
}
