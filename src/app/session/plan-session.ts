import { CALENDAR_DAY_TO, CALENDAR_MARGIN_DAYS, resolveRun, type ResolvedRun } from '../backtest/resolve-run.ts';
import { type LiveMarket, liveMarketOf } from './live-market.ts';
import type { StrategyFileLoader } from '../backtest/run-strategies.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import { DAY_US, MINUTE_US, SECOND_US } from '../../model/civil-date.ts';
import type { AccountEvent } from '../../model/events.ts';
import type { ParameterValue } from '../../model/parameters.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import type { VenueSpec } from '../../runtime/venue-desks.ts';
import { SESSION_PLAN_VERSION, type SessionPlan } from '../../runtime/session/session-plan.ts';
import { AGENT_EVENTS_MAX } from '../../sim/agents/agent-settings.ts';

/** History that a generated market has had when a session begins. */
export const HISTORY_US = DAY_US;
/** A generated market of a session ends after this, or when it has had all events that it can number. */
const MARKET_YEARS_US = 3650 * DAY_US;
/** Events a second of a market of agents that does not say how many. */
const EVENTS_PER_SECOND_DEFAULT = 10;
/** Equity of a session is written down this often where its run file says nothing. */
const SAMPLE_US = 10 * SECOND_US;

export interface PlannedSession {
  readonly plan: SessionPlan;
  readonly openStreams: () => readonly BlockReader[];
  readonly accountEvents: readonly AccountEvent[];
  readonly resolved: ResolvedRun;
  /** The market is made up and runs by the clock; else it is a recording, which waits while nobody plays it. */
  readonly isGenerated: boolean;
  /** What is heard of a venue as it happens; null of a market that is played. */
  readonly live: LiveMarket | null;
}

/**
 * What a run file means on paper. The same file that a backtest takes; a generated market begins a day before the session and goes on by the clock, a live one begins with the session.
 *
 * @param nowTs when the session begins, microseconds since the epoch
 * @throws InputError
 */
export async function planSession(loaded: LoadedRunFile, loadFile: StrategyFileLoader, nowTs: number): Promise<PlannedSession> {
  const isLive = refuseMixed(loaded);
  const isGenerated = loaded.run.data.every(({ generated }) => generated !== undefined);
  if (!isGenerated && loaded.run.data.some(({ generated }) => generated !== undefined)) {
    const rule = 'A session plays a generated market or recordings, not both: one goes by the clock, the other by its own time.';
    throw loaded.refusal(['data'], rule, 'Take one of them.');
  }
  const timed = isGenerated ? withPeriod(loaded, nowTs) : loaded;
  const resolved = await resolveRun(timed, loadFile);
  const live = isLive ? liveMarketOf(loaded, resolved) : null;
  const opened = resolved.open(isLive ? { liveFromTs: nowTs } : {});
  for (const stream of opened.spec.streams) stream.close();
  const plan = sessionPlanOf(timed, resolved, opened);
  return {
    plan: { ...plan, begunTs: nowTs },
    openStreams: () => resolved.open().spec.streams,
    accountEvents: opened.spec.accountEvents,
    resolved,
    isGenerated,
    live,
  };
}

/**
 * A run as a session: everything but its rows, as plain data.
 *
 * @param opened for what is in it: its streams are not read
 */
export function sessionPlanOf(
  { run }: LoadedRunFile,
  resolved: ResolvedRun,
  { spec, startTs }: ReturnType<ResolvedRun['open']>,
): SessionPlan {
  const { engine } = spec;
  const day = Math.floor(startTs / DAY_US) - CALENDAR_MARGIN_DAYS;
  return {
    version: SESSION_PLAN_VERSION,
    name: spec.name,
    identity: spec.identity,
    startTs,
    tradingFromTs: engine.tradingFromTs,
    instruments: engine.instruments,
    calendars: engine.instruments.map(({ calendar }) =>
      calendar === null ? null : { name: calendar, dayFrom: day, dayTo: CALENDAR_DAY_TO },
    ),
    fees: spec.fees,
    accounts: engine.accounts,
    weightBufferPpb: engine.weightBufferPpb,
    series: engine.series,
    conversions: engine.conversions,
    kinds: engine.instruments.map(({ index }) => [
      ...new Set(resolved.streams.filter(({ instrument }) => instrument === index).map(({ kind }) => kind)),
    ]),
    limits: engine.limits,
    marketData: engine.marketData ?? {},
    historyRows: engine.historyRows,
    venues: spec.venues.map(toldVenue),
    sampling: run.equity === undefined ? { kind: 'interval', everyUs: SAMPLE_US } : spec.sampling,
    strategies: engine.strategies.map(({ name, parameters, instruments }, index) => ({
      name,
      source: resolved.strategySources[index]!,
      parameters: parameters as Readonly<Record<string, ParameterValue>>,
      instruments,
    })),
  };
}

/** @returns whether all data are live */
function refuseMixed(loaded: LoadedRunFile): boolean {
  const place = loaded.run.data.findIndex(({ live }) => live !== undefined);
  if (place < 0) return false;
  if (loaded.run.data.some(({ live }) => live === undefined)) {
    const rule = 'A session hears a live market or plays another, not both: one happens now, the other when it is played.';
    throw loaded.refusal(['data', place], rule, 'Take one of them.');
  }
  if (loaded.run.period !== undefined)
    throw loaded.refusal(['period'], 'Live data has no period: it comes from when the session begins, until it ends.', 'Take period: out.');
  return true;
}

/** A generated market has no period of its own here. */
function withPeriod(loaded: LoadedRunFile, nowTs: number): LoadedRunFile {
  const tradeFrom = nowTs - (nowTs % SECOND_US);
  const from = tradeFrom - HISTORY_US - ((tradeFrom - HISTORY_US) % MINUTE_US);
  const rates = loaded.run.data.map(({ generated }) => generated?.eventsPerSecond ?? EVENTS_PER_SECOND_DEFAULT);
  const mostUs = Math.floor((AGENT_EVENTS_MAX * 0.9) / Math.max(...rates)) * SECOND_US;
  const lasting = Math.min(MARKET_YEARS_US, mostUs);
  return { ...loaded, run: { ...loaded.run, period: { from, to: from + lasting - (lasting % MINUTE_US), tradeFrom } } };
}

/** Nobody can read ahead of what happens now: books come to the venue when they come to the house, and how long they took is in them already. */
function toldVenue(venue: VenueSpec): VenueSpec {
  const { depth } = venue;
  if (depth === undefined || depth === null) return venue;
  return { ...venue, depth: { ...depth, open: null, delay: { kind: 'stated', latency: { kind: 'constant', us: 0 } } } };
}
