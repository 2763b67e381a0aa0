import type { EquitySampling } from '../equity-sampler.ts';
import type { TradingLoopSpec } from '../trading-loop.ts';
import type { VenueSpec } from '../venue-desks.ts';
import type { StrategySlot } from '../../core/host/strategy-host.ts';
import type { MarketDataLimits } from '../../core/market-data/market-data-manager.ts';
import type { RiskLimits } from '../../core/risk/limits.ts';
import type { StrategyClass } from '../../core/strategy/strategy.ts';
import type { AccountDefinition } from '../../model/account.ts';
import type { BarSpecification } from '../../model/bar-specification.ts';
import { BlockKind } from '../../model/blocks.ts';
import type { TradingCalendar } from '../../model/calendar.ts';
import type { FeeSchedule } from '../../model/fees.ts';
import { type Instrument, type InstrumentIndex, makeInstrument } from '../../model/instrument.ts';
import type { ParameterValue } from '../../model/parameters.ts';
import { OperatorDesk } from './operator-desk.ts';

/** Rises with every change of {@link SessionPlan} that an older program would misread. */
export const SESSION_PLAN_VERSION = 1;

/** A strategy of a session: what it is made of, so that a replay needs no file. */
export interface PlannedStrategy {
  readonly name: string;
  /** `shipped`: by its name. `bundle`: its own files as one module, as they were when the session began. */
  readonly source:
    | { readonly kind: 'shipped'; readonly name: string }
    | {
        readonly kind: 'bundle';
        readonly entry: string;
        readonly className: string;
        /** The code, its source map, and the folder that paths in the map are relative to. */
        readonly bundle: { readonly code: string; readonly map: string; readonly folder: string };
        readonly hash: string;
      };
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly instruments: readonly InstrumentIndex[];
}

/** Sessions of the exchange that an instrument follows: a shipped calendar over a span of days. */
export interface PlannedCalendar {
  readonly name: string;
  readonly dayFrom: number;
  readonly dayTo: number;
}

/** What a session is made of, as plain data: the journal's first record. With it and the inputs after it everything follows. */
export interface SessionPlan {
  readonly version: typeof SESSION_PLAN_VERSION;
  readonly name: string;
  /** Program, run file, strategies, data; enters the digest. */
  readonly identity: readonly string[];
  /** Where data begins, microseconds since the epoch: history that strategies warm up on comes before `tradingFromTs`. */
  readonly startTs: number;
  readonly tradingFromTs: number;
  /** The clock when the session was begun: tells apart two that play the same recording. Absent in plans from before it was written down. */
  readonly begunTs?: number;
  readonly instruments: readonly Instrument[];
  /** By instrument; null for a market that never closes. */
  readonly calendars: readonly (PlannedCalendar | null)[];
  /** By instrument. */
  readonly fees: readonly FeeSchedule[];
  readonly accounts: readonly AccountDefinition[];
  readonly weightBufferPpb: readonly number[];
  readonly series: readonly { readonly instrument: InstrumentIndex; readonly specification: BarSpecification }[];
  readonly conversions: readonly InstrumentIndex[];
  /** By instrument: kinds of rows that come. */
  readonly kinds: readonly (readonly BlockKind[])[];
  readonly limits: RiskLimits;
  readonly marketData: Partial<MarketDataLimits>;
  readonly historyRows: number;
  readonly venues: readonly VenueSpec[];
  readonly strategies: readonly PlannedStrategy[];
  readonly sampling: EquitySampling;
}

/** Fills, and closed trades, that the core of a session keeps: nobody asks it for them, who stands outside has followed them. */
export const SESSION_LOG_ROWS_MAX = 4096;

/** Name of the strategy that orders by hand belong to: the last of a session's. */
export const OPERATOR_NAME = 'manual';

/** What a plan needs that is no data. */
export interface PlanParts {
  readonly calendarOf: (calendar: PlannedCalendar) => TradingCalendar;
  readonly classOf: (source: PlannedStrategy['source']) => StrategyClass;
}

/** The parts that trade, made from a plan. */
export function loopSpecOf(plan: SessionPlan, { calendarOf, classOf }: PlanParts): TradingLoopSpec {
  // Made anew: what came through the journal has another layout than instruments have.
  const instruments = plan.instruments.map((instrument, index) => makeInstrument(instrument, index));
  const has =
    (kind: BlockKind) =>
    (instrument: InstrumentIndex): boolean =>
      plan.kinds[instrument]!.includes(kind);
  const operator: StrategySlot = {
    name: OPERATOR_NAME,
    strategyClass: OperatorDesk,
    parameters: {},
    instruments: instruments.map(({ index }) => index),
  };
  return {
    identity: plan.identity,
    fees: plan.fees,
    sampling: plan.sampling,
    fillsMax: SESSION_LOG_ROWS_MAX,
    venues: plan.venues.map((venue) => ({
      ...venue,
      instruments: venue.instruments.map((each) => ({ ...each, instrument: instruments[each.instrument.index]! })),
    })),
    engine: {
      instruments,
      calendars: plan.calendars.map((calendar) => (calendar === null ? null : calendarOf(calendar))),
      accounts: plan.accounts,
      weightBufferPpb: plan.weightBufferPpb,
      series: plan.series,
      conversions: plan.conversions,
      hasTrades: has(BlockKind.TRADES),
      hasQuotes: has(BlockKind.QUOTES),
      hasBookDeltas: has(BlockKind.BOOK_DELTAS),
      strategies: [
        ...plan.strategies.map(({ name, source, parameters, instruments: own }) => ({
          name,
          strategyClass: classOf(source),
          parameters,
          instruments: own,
        })),
        operator,
      ],
      limits: plan.limits,
      startTs: plan.startTs,
      tradingFromTs: plan.tradingFromTs,
      marketData: plan.marketData,
      historyRows: plan.historyRows,
      onStrategyError: 'stop',
      closedTradesMax: SESSION_LOG_ROWS_MAX,
    },
  };
}
