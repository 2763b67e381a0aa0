import { asc, desc, eq, gte, lt, sql, type AnyColumn, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { getTableColumns } from 'drizzle-orm';
import { InputError } from '../../ports/errors.ts';
import type {
  BalanceRecord,
  EquityRecord,
  FillFilter,
  FillRecord,
  InstrumentRecord,
  LogLineRecord,
  OrderFilter,
  OrderRecord,
  OrderStory,
  Page,
  PageRequest,
  PositionRecord,
  RiskEventFilter,
  RiskEventRecord,
  RunRecord,
  Span,
  StrategyRecord,
  TradingRecords,
  TradingSwitchRecord,
} from '../../ports/trading-records.ts';
import type { ParameterValue } from '../../model/parameters.ts';
import { storableText } from './array-literal.ts';
import type { Queries } from './queries.ts';
import { answered } from './queries.ts';
import { beforeCursor, all, pageOf, rowsToAsk } from './paging.ts';
import {
  BALANCES,
  EQUITY,
  FILLS,
  INSTRUMENTS,
  LOG_LINES,
  ORDER_EVENTS,
  ORDERS,
  POSITIONS,
  RISK_EVENTS,
  RUNS,
  STRATEGY_STATE,
  TRADING_SWITCHES,
} from './trading-tables.ts';

/** Samples of an equity curve in one answer; more are thinned. */
export const EQUITY_ANSWER_MAX = 20_000;
/** Events and fills, each, of one order in one answer: the oldest. */
export const ORDER_STORY_MAX = 10_000;

/** Reads what sessions and runs have left in the tables. Each query has an index; a test asks PostgreSQL whether it is used. */
export class PostgresRecords implements TradingRecords {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async runs(page: PageRequest): Promise<Page<RunRecord>> {
    const { result: _, ...columns } = getTableColumns(RUNS);
    const at = cursorParts(page.cursor);
    const query = this.#queries
      .select(columns)
      .from(RUNS)
      .where(at === null ? undefined : sql`(${RUNS.startedTs}, ${RUNS.runId}) < (${at[0]}::bigint, ${at[1]}::text)`)
      .orderBy(desc(RUNS.startedTs), desc(RUNS.runId))
      .limit(rowsToAsk(page));
    return pageOf(await answered(query), page, (row) => `${row.startedTs}_${row.runId}`);
  }

  async runResult(runId: string): Promise<unknown> {
    const rows = await answered(this.#queries.select({ result: RUNS.result }).from(RUNS).where(eq(RUNS.runId, runId)));
    return rows[0]?.result ?? null;
  }

  async storeRun(run: RunRecord, result: unknown): Promise<void> {
    const row = { ...run, name: storableText(run.name), result };
    const query = this.#queries.insert(RUNS).values(row).onConflictDoUpdate({ target: RUNS.runId, set: row });
    await answered(query);
  }

  async instruments(runId: string): Promise<readonly InstrumentRecord[]> {
    const columns = columnsOf(INSTRUMENTS, ['position']);
    const { position } = getTableColumns(INSTRUMENTS);
    return answered(this.#queries.select(columns).from(INSTRUMENTS).where(eq(INSTRUMENTS.runId, runId)).orderBy(asc(position)));
  }

  async orders(runId: string, filter: OrderFilter, page: PageRequest): Promise<Page<OrderRecord>> {
    const { status, strategy, instrumentId } = filter;
    const query = this.#queries
      .select(columnsOf(ORDERS))
      .from(ORDERS)
      .where(
        all([
          eq(ORDERS.runId, runId),
          status === undefined ? undefined : eq(ORDERS.status, status),
          strategy === undefined ? undefined : eq(ORDERS.strategy, strategy),
          instrumentId === undefined ? undefined : eq(ORDERS.instrumentId, instrumentId),
          ...within(filter, ORDERS.tsInit),
          beforeCursor(page, [ORDERS.tsInit, ORDERS.clientOrderId]),
        ]),
      )
      .orderBy(desc(ORDERS.tsInit), desc(ORDERS.clientOrderId))
      .limit(rowsToAsk(page));
    return pageOf(await answered(query), page, (row) => `${row.tsInit}_${row.clientOrderId}`);
  }

  async order(runId: string, clientOrderId: number): Promise<OrderStory | null> {
    const isIt = (table: typeof ORDERS | typeof ORDER_EVENTS | typeof FILLS): SQL | undefined =>
      all([eq(table.runId, runId), eq(table.clientOrderId, clientOrderId)]);
    const orders = await answered(this.#queries.select(columnsOf(ORDERS)).from(ORDERS).where(isIt(ORDERS)));
    if (orders[0] === undefined) return null;
    const events = await answered(
      this.#queries
        .select(columnsOf(ORDER_EVENTS, ['clientOrderId']))
        .from(ORDER_EVENTS)
        .where(isIt(ORDER_EVENTS))
        .orderBy(asc(ORDER_EVENTS.sequence), asc(ORDER_EVENTS.ordinal))
        .limit(ORDER_STORY_MAX),
    );
    const fills = await answered(
      this.#queries
        .select(columnsOf(FILLS))
        .from(FILLS)
        .where(isIt(FILLS))
        .orderBy(asc(FILLS.sequence), asc(FILLS.ordinal))
        .limit(ORDER_STORY_MAX),
    );
    return { order: orders[0], events, fills };
  }

  async fills(runId: string, filter: FillFilter, page: PageRequest): Promise<Page<FillRecord>> {
    const { strategy, instrumentId } = filter;
    const query = this.#queries
      .select(columnsOf(FILLS))
      .from(FILLS)
      .where(
        all([
          eq(FILLS.runId, runId),
          strategy === undefined ? undefined : eq(FILLS.strategy, strategy),
          instrumentId === undefined ? undefined : eq(FILLS.instrumentId, instrumentId),
          ...within(filter, FILLS.tsInit),
          beforeCursor(page, [FILLS.tsInit, FILLS.sequence, FILLS.ordinal]),
        ]),
      )
      .orderBy(desc(FILLS.tsInit), desc(FILLS.sequence), desc(FILLS.ordinal))
      .limit(rowsToAsk(page));
    return pageOf(await answered(query), page, (row) => `${row.tsInit}_${placeOf(row)}`);
  }

  async positions(runId: string): Promise<readonly PositionRecord[]> {
    const query = this.#queries
      .select(columnsOf(POSITIONS))
      .from(POSITIONS)
      .where(eq(POSITIONS.runId, runId))
      .orderBy(asc(POSITIONS.strategy), asc(POSITIONS.instrumentId), asc(POSITIONS.positionSide));
    return answered(query);
  }

  async balances(runId: string): Promise<readonly BalanceRecord[]> {
    const query = this.#queries
      .select(columnsOf(BALANCES))
      .from(BALANCES)
      .where(eq(BALANCES.runId, runId))
      .orderBy(asc(BALANCES.account), asc(BALANCES.currency));
    return answered(query);
  }

  async equity(runId: string, account: string, span: Span, samplesMax: number): Promise<readonly EquityRecord[]> {
    if (!Number.isInteger(samplesMax) || samplesMax < 1 || samplesMax > EQUITY_ANSWER_MAX)
      throw refused(`A curve has 1 to ${EQUITY_ANSWER_MAX} samples.`, String(samplesMax));
    const isIt = all([eq(EQUITY.runId, runId), eq(EQUITY.account, account), ...within(span, EQUITY.ts)]);
    const ends = await answered(
      this.#queries
        .select({ first: sql<string>`min(${EQUITY.ts})`, last: sql<string>`max(${EQUITY.ts})` })
        .from(EQUITY)
        .where(isIt),
    );
    const first = Number(ends[0]?.first ?? 0);
    // Stretches of whole microseconds, so that the last sample falls into the last of them.
    const width = Math.floor((Number(ends[0]?.last ?? 0) - first) / samplesMax) + 1;
    // Written into the text: PostgreSQL takes two placeholders of the same value for different expressions.
    const stretch = sql`(${EQUITY.ts} - ${sql.raw(String(first))}) / ${sql.raw(String(width))}`;
    const query = this.#queries
      .selectDistinctOn([stretch], columnsOf(EQUITY, ['account']))
      .from(EQUITY)
      .where(isIt)
      .orderBy(stretch, desc(EQUITY.ts));
    return answered(query);
  }

  async riskEvents(runId: string, filter: RiskEventFilter, page: PageRequest): Promise<Page<RiskEventRecord>> {
    const query = this.#queries
      .select(columnsOf(RISK_EVENTS))
      .from(RISK_EVENTS)
      .where(
        all([
          eq(RISK_EVENTS.runId, runId),
          filter.code === undefined ? undefined : eq(RISK_EVENTS.code, filter.code),
          ...within(filter, RISK_EVENTS.tsInit),
          beforeCursor(page, [RISK_EVENTS.tsInit, RISK_EVENTS.sequence, RISK_EVENTS.ordinal]),
        ]),
      )
      .orderBy(desc(RISK_EVENTS.tsInit), desc(RISK_EVENTS.sequence), desc(RISK_EVENTS.ordinal))
      .limit(rowsToAsk(page));
    return pageOf(await answered(query), page, (row) => `${row.tsInit}_${placeOf(row)}`);
  }

  async logLines(runId: string, strategy: string | undefined, page: PageRequest): Promise<Page<LogLineRecord>> {
    const query = this.#queries
      .select(columnsOf(LOG_LINES))
      .from(LOG_LINES)
      .where(
        all([
          eq(LOG_LINES.runId, runId),
          strategy === undefined ? undefined : eq(LOG_LINES.strategy, strategy),
          beforeCursor(page, [LOG_LINES.sequence, LOG_LINES.ordinal]),
        ]),
      )
      .orderBy(desc(LOG_LINES.sequence), desc(LOG_LINES.ordinal))
      .limit(rowsToAsk(page));
    return pageOf(await answered(query), page, placeOf);
  }

  async strategies(runId: string): Promise<readonly StrategyRecord[]> {
    const query = this.#queries
      .select(columnsOf(STRATEGY_STATE))
      .from(STRATEGY_STATE)
      .where(eq(STRATEGY_STATE.runId, runId))
      .orderBy(asc(STRATEGY_STATE.strategy));
    const rows = await answered(query);
    return rows.map((row) => ({ ...row, parameters: row.parameters as Readonly<Record<string, ParameterValue>> }));
  }

  tradingSwitches(runId: string): Promise<readonly TradingSwitchRecord[]> {
    const query = this.#queries
      .select(columnsOf(TRADING_SWITCHES))
      .from(TRADING_SWITCHES)
      .where(eq(TRADING_SWITCHES.runId, runId))
      .orderBy(asc(TRADING_SWITCHES.scopeKind), asc(TRADING_SWITCHES.subject));
    return answered(query);
  }
}

/** All columns of a table but the run's id, which whoever asks knows. */
function columnsOf<T extends PgTable & { readonly runId: AnyColumn }, K extends keyof T['_']['columns'] = never>(
  table: T,
  without: readonly K[] = [],
): Omit<T['_']['columns'], 'runId' | K> {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => name !== 'runId' && !without.includes(name as K));
  return Object.fromEntries(columns) as Omit<T['_']['columns'], 'runId' | K>;
}

function within({ from, to }: Span, ts: AnyColumn): (SQL | undefined)[] {
  return [from === undefined ? undefined : gte(ts, from), to === undefined ? undefined : lt(ts, to)];
}

function placeOf(row: { readonly sequence: number; readonly ordinal: number }): string {
  return `${row.sequence}_${row.ordinal}`;
}

/** Runs are named by texts, so their cursor is a time and the rest. */
function cursorParts(cursor: string | undefined): readonly [string, string] | null {
  if (cursor === undefined) return null;
  const match = /^(\d{1,16})_(.{1,200})$/su.exec(cursor);
  if (match === null) throw refused('A cursor is what the page before gave as its next.', cursor);
  return [match[1]!, match[2]!];
}

function refused(rule: string, value: string): InputError {
  return new InputError([{ code: 'OPTION_INVALID', rule, fix: 'Correct it.', value }]);
}
