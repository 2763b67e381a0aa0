import type { Instrument } from '../../model/instrument.ts';
import { instantText } from '../../model/instant.ts';
import type { ComponentHealth } from '../../ports/component-health.ts';
import { type FeedInstrumentChange, FeedState, type FeedStateChange } from '../../ports/market-feed.ts';

const NAME = 'market data';
const STATES = {
  [FeedState.CONNECTED]: 'OK',
  [FeedState.STALE]: 'DEGRADED',
  [FeedState.RESYNCING]: 'DEGRADED',
  [FeedState.DOWN]: 'DOWN',
} as const;

/** How the market data of a session are, for people: what the feed said last, and the instruments that the venue does not trade. */
export class MarketHealth {
  private readonly instruments: readonly Instrument[];
  private readonly say: (line: string) => void;
  private change: FeedStateChange | null = null;
  private readonly halted = new Map<number, FeedInstrumentChange>();

  constructor(instruments: readonly Instrument[], say: (line: string) => void) {
    this.instruments = instruments;
    this.say = say;
  }

  get component(): ComponentHealth {
    const { change } = this;
    if (change === null) return { name: NAME, state: 'DOWN', detail: 'not connected yet' };
    const halted = [...this.halted.values()].map(({ instrument, code }) => `${this.instruments[instrument]!.id} [${code}]`);
    const state = STATES[change.state];
    const detail = [`${change.state.toLowerCase()} since ${instantText(change.ts)} [${change.code}]`, change.detail, ...halted];
    return {
      name: NAME,
      state: state === 'OK' && halted.length > 0 ? 'DEGRADED' : state,
      detail: detail.filter((part) => part !== '').join('; '),
    };
  }

  onState(change: FeedStateChange): void {
    this.change = change;
    const { state, code, detail, ts } = change;
    this.say(`${instantText(ts)}  market data ${state.toLowerCase()} [${code}]${detail === '' ? '' : ` ${detail}`}`);
  }

  onInstrument(change: FeedInstrumentChange): void {
    const { instrument, isTrading, code, ts } = change;
    // The first answer of a venue that trades is no news.
    if (isTrading && !this.halted.delete(instrument)) return;
    if (!isTrading) this.halted.set(instrument, change);
    this.say(`${instantText(ts)}  ${this.instruments[instrument]!.id} ${isTrading ? 'trades again' : 'does not trade'} [${code}]`);
  }
}

/** Of a market that is played on this machine. */
export function playedMarketHealth(detail: string): ComponentHealth {
  return { name: NAME, state: 'OK', detail };
}
