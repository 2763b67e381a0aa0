import { formatDecimal } from '../../base/decimal.ts';
import { assert } from '../../base/assert.ts';
import { type Instrument, makeInstrument } from '../../model/instrument.ts';
import { SESSION_SEQUENCE, type SessionFacts } from '../../model/session-output.ts';
import { WorldError } from '../../ports/errors.ts';
import type { OutputBatch, SessionProjection, SessionProjections } from '../../ports/session-projection.ts';
import { storableText } from './array-literal.ts';
import { ColumnBatch } from './column-batch.ts';
import { INSTRUMENT_COLUMNS } from './projection-columns.ts';
import { OutputRows } from './output-rows.ts';
import type { SqlConnection, SqlRunner } from './sql-connection.ts';

/** What is forgotten of a session before it is built again. Who may do what, and the audit, are in no journal and stay. */
const PROJECTED = [
  ...['orders', 'order_events', 'fills', 'positions', 'balances', 'equity', 'risk_events', 'instrument_events'],
  ...['strategy_state', 'trading_switches', 'log_lines'],
];

/** Sessions in the tables of PostgreSQL. */
export class PostgresSessions implements SessionProjections {
  readonly #connection: SqlConnection;

  constructor(connection: SqlConnection) {
    this.#connection = connection;
  }

  async open(facts: SessionFacts): Promise<SessionProjection> {
    await this.#connection.transaction(async (inside) => {
      const { rows } = await inside.run(
        `insert into quanthybrid.runs (run_id, kind, name, status, started_ts) values ($1, $2, $3, 'RUNNING', $4)
         on conflict (run_id) do update set status = 'RUNNING', ended_ts = null
         where (runs.kind, runs.name, runs.started_ts) = (excluded.kind, excluded.name, excluded.started_ts) returning run_id`,
        [facts.sessionId, facts.mode, storableText(facts.name), facts.startedTs],
      );
      if (rows.length === 0) throw other(facts.sessionId);
      await inside.run(
        'insert into quanthybrid.journal_position (run_id, sequence, ts) values ($1, $2, $3) on conflict (run_id) do nothing',
        [facts.sessionId, SESSION_SEQUENCE, facts.startedTs],
      );
      await writeInstruments(inside, facts);
    });
    return new PostgresProjection(this.#connection, facts);
  }
}

async function writeInstruments(inside: SqlRunner, facts: SessionFacts): Promise<void> {
  const batch = new ColumnBatch('instruments', INSTRUMENT_COLUMNS, ['instrument_id']);
  for (const [position, instrument] of facts.instruments.entries()) {
    const { priceDecimals, quantityDecimals, quote } = instrument;
    batch.add(
      instrument.id,
      position,
      instrument.kind,
      instrument.base.code,
      quote.code,
      instrument.settlement.code,
      priceDecimals,
      quantityDecimals,
      formatDecimal(instrument.priceIncrement, priceDecimals),
      formatDecimal(instrument.lotSize, quantityDecimals),
      formatDecimal(instrument.quantityMin, quantityDecimals),
      formatDecimal(instrument.quantityMax, quantityDecimals),
      formatDecimal(instrument.notionalMin, quote.decimals),
      formatDecimal(instrument.multiplier, instrument.multiplierDecimals),
      instrument.calendar,
      instrument.expiryTs,
    );
  }
  if (batch.rowCount > 0) await batch.write(inside, facts.sessionId);
}

class PostgresProjection implements SessionProjection {
  readonly #connection: SqlConnection;
  readonly #facts: SessionFacts;
  readonly #instruments: readonly Instrument[];

  constructor(connection: SqlConnection, facts: SessionFacts) {
    this.#connection = connection;
    this.#facts = facts;
    this.#instruments = facts.instruments.map((definition, index) => makeInstrument(definition, index));
  }

  position(): Promise<number> {
    return storedPosition(this.#connection, this.#facts.sessionId, '');
  }

  apply(batch: OutputBatch): Promise<number> {
    const { sessionId } = this.#facts;
    assert(batch.after <= batch.upTo, 'a batch reaches further than where it begins');
    return this.#connection.transaction(async (inside) => {
      // The projection may lose its newest commits with the power: the position goes with them, and they are read from the journal again.
      await inside.run('set local synchronous_commit = off');
      // Two writers of one session take turns here, and the second finds that nothing is left to do.
      const stored = await storedPosition(inside, sessionId, 'for update');
      if (batch.upTo <= stored) return stored;
      if (batch.after > stored) throw missing(sessionId, stored, batch.after);
      const rows = new OutputRows(this.#facts, this.#instruments);
      let last = stored;
      for (const output of batch.outputs) {
        if (output.sequence <= stored) continue;
        assert(output.sequence > last && output.sequence <= batch.upTo, `output ${output.sequence} stands behind ${last} in its batch`);
        last = output.sequence;
        rows.add(output);
      }
      if (rows.hasSwitches) await inside.run('delete from quanthybrid.trading_switches where run_id = $1', [sessionId]);
      for (const table of rows.batches()) await table.write(inside, sessionId);
      await inside.run('update quanthybrid.journal_position set sequence = $2, ts = $3 where run_id = $1', [
        sessionId,
        batch.upTo,
        batch.upToTs,
      ]);
      return batch.upTo;
    });
  }

  async forget(): Promise<void> {
    const { sessionId, startedTs } = this.#facts;
    await this.#connection.transaction(async (inside) => {
      await storedPosition(inside, sessionId, 'for update');
      for (const table of PROJECTED) await inside.run(`delete from quanthybrid.${table} where run_id = $1`, [sessionId]);
      await inside.run('update quanthybrid.journal_position set sequence = $2, ts = $3 where run_id = $1', [
        sessionId,
        SESSION_SEQUENCE,
        startedTs,
      ]);
    });
  }

  async end(ts: number): Promise<void> {
    await this.#connection.run(`update quanthybrid.runs set status = 'ENDED', ended_ts = $2 where run_id = $1`, [
      this.#facts.sessionId,
      ts,
    ]);
  }
}

async function storedPosition(runner: SqlRunner, runId: string, lock: 'for update' | ''): Promise<number> {
  const { rows } = await runner.run(`select sequence from quanthybrid.journal_position where run_id = $1 ${lock}`, [runId]);
  if (rows.length === 1) return Number(rows[0]![0]);
  throw new WorldError('DATABASE_REFUSED', `The database does not know the session ${runId} any more.`, { retryable: false });
}

function missing(sessionId: string, stored: number, after: number): WorldError {
  const message = `Session ${sessionId} is stored up to ${stored}; what was to be stored begins after ${after}.`;
  return new WorldError('DATABASE_OUTPUT_MISSING', message, { retryable: false });
}

function other(sessionId: string): WorldError {
  const message = `The database holds another session or run under the id ${sessionId}: one of another kind, name or beginning.`;
  return new WorldError('DATABASE_OTHER_SESSION', message, { retryable: false });
}
