import { expect, it } from 'vitest';
import type { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { FACTS, outputWith } from '../../src/model/session-output.fixture.ts';
import type { SessionOutput } from '../../src/model/session-output.ts';
import { WorldError } from '../../src/ports/errors.ts';
import type { OutputBatch } from '../../src/ports/session-projection.ts';
import { onEveryDatabase } from './database.fixture.ts';
import { STORY } from './session-story.fixture.ts';

const TABLES = [
  ...['runs', 'journal_position', 'instruments', 'orders', 'order_events', 'fills', 'positions', 'balances', 'equity'],
  ...['risk_events', 'instrument_events', 'strategy_state', 'trading_switches', 'log_lines'],
];

function batch(after: number, upTo: number, outputs: readonly SessionOutput[] = STORY): OutputBatch {
  return { after, upTo, upToTs: 1_000_000 + upTo, outputs: outputs.filter(({ sequence }) => sequence > after && sequence <= upTo) };
}

/** Everything that the database holds of sessions, row by row as text. */
async function contents(manager: DatabaseManager): Promise<Readonly<Record<string, readonly string[]>>> {
  const all: Record<string, string[]> = {};
  for (const table of TABLES) {
    const { rows } = await manager.connection.run(`select t::text from quanthybrid.${table} t`);
    all[table] = rows.map(([text]) => String(text)).sort();
  }
  return all;
}

async function migrated(connect: () => Promise<DatabaseManager>): Promise<DatabaseManager> {
  const manager = await connect();
  await manager.migrate();
  return manager;
}

async function rowsOf(manager: DatabaseManager, query: string): Promise<readonly (readonly unknown[])[]> {
  return (await manager.connection.run(query)).rows;
}

onEveryDatabase('sessions in the database', (kind) => {
  it('keep every digit of money, prices and quantities', async () => {
    const manager = await migrated(kind.connect);
    const projection = await manager.sessions.open(FACTS);
    expect(await projection.apply(batch(1, 9))).toBe(9);
    // By hand: 42,000.50 a bitcoin, 0.5 of 1.5 filled, so 21,000.25 of value; a commission of 12,345 of 10^-10 dollars.
    expect(
      await rowsOf(
        manager,
        `select order_qty::text, cum_qty::text, leaves_qty::text, limit_price::text, stop_price::text, filled_value::text, status, is_open, tag
         from quanthybrid.orders where client_order_id = 1`,
      ),
    ).toEqual([['1.50000000', '0.50000000', '0.00000000', '42000.50', null, '21000.2500000000', 'CANCELED', false, 'entry "a\\b", {c}']]);
    expect(
      await rowsOf(
        manager,
        `select trade_id, strategy, side, last_qty::text, last_px::text, commission::text, commission_currency, liquidity_side, ts_event::text, ts_init::text
         from quanthybrid.fills order by sequence`,
      ),
    ).toEqual([
      ['T-1', 'first', 'BUY', '0.50000000', '42000.50', '0.0000012345', 'USD', 'TAKER', '1000002', '1000003'],
      ['T-2', '', 'SELL', '0.50000000', '0.01', '-0.0000000005', 'USD', 'MAKER', '2000000', '2000001'],
    ]);
    expect(await rowsOf(manager, 'select quantity::text, cost::text, average_price::text from quanthybrid.positions')).toEqual([
      ['0.50000000', '21000.2500000000', '42000.50'],
    ]);
    expect(
      await rowsOf(manager, 'select account, currency, total::text, locked::text, free::text from quanthybrid.balances order by currency'),
    ).toEqual([
      ['SIM', 'BTC', '0.50000000', '0.00000000', '0.50000000'],
      ['SIM', 'USD', '978999.7499987655', '42000.5000000000', '936999.2499987655'],
    ]);
    expect(await rowsOf(manager, 'select ts::text, amount::text from quanthybrid.equity order by ts')).toEqual([
      ['1000001', '999999.9999987655'],
      ['1000007', '-0.0000000001'],
    ]);
    await manager.close();
  });

  it('keep every record, in its order, whatever its texts hold', async () => {
    const manager = await migrated(kind.connect);
    await (await manager.sessions.open(FACTS)).apply(batch(1, 9));
    expect(
      await rowsOf(
        manager,
        `select sequence::text, ordinal, kind, code, reason, venue_order_id, order_qty::text, limit_price::text
         from quanthybrid.order_events order by order_events.sequence, ordinal`,
      ),
    ).toEqual([
      ['3', 0, 'OrderInitialized', null, null, null, '1.50000000', '42000.50'],
      ['3', 1, 'OrderSubmitted', null, null, null, null, null],
      ['4', 0, 'OrderAccepted', null, null, 'V-9', null, null],
      ['5', 0, 'OrderInitialized', null, null, null, '1.50000000', '42000.50'],
      ['5', 1, 'OrderDenied', 'TRADING_HALTED', 'halted; limit 0, observed 1', null, null, null],
      ['8', 0, 'OrderPendingModify', null, null, null, '1.20000000', '41000.00'],
      ['8', 1, 'OrderPendingCancel', null, null, null, null, null],
      ['8', 2, 'OrderCanceled', null, 'asked', null, null, null],
    ]);
    expect(
      await rowsOf(manager, 'select ordinal, kind, code, message, client_order_id::text from quanthybrid.risk_events order by ordinal'),
    ).toEqual([
      [1, 'DENIAL', 'TRADING_HALTED', 'halted; limit 0, observed 1', '2'],
      [2, 'ALERT', 'KILL_SWITCH_ON', 'thrown by a\ufffdnobody', null],
    ]);
    expect(await rowsOf(manager, 'select strategy, level, message from quanthybrid.log_lines')).toEqual([
      ['second', 'warn', 'half a pair: \ufffd'],
    ]);
    expect(await rowsOf(manager, 'select kind, instrument_id, detail::text from quanthybrid.instrument_events order by ordinal')).toEqual([
      ['DividendPaid', 'AAA.SIM', '{"currency": "USD", "amountPerUnit": "2.5000000000"}'],
      ['DataGap', 'AAA.SIM', '{"tsTo": 6, "reason": "TIME", "tsFrom": 5}'],
    ]);
    expect(
      await rowsOf(manager, 'select strategy, status, parameters::text, reason from quanthybrid.strategy_state order by strategy'),
    ).toEqual([
      ['first', 'RUNNING', '{"fast": 10, "label": "a\ufffdb", "isLong": true}', ''],
      ['second', 'STOPPED', '{}', 'asked to'],
    ]);
    await manager.close();
  });

  it('tell which scopes do not trade freely: those that do again are no longer there', async () => {
    const manager = await migrated(kind.connect);
    const projection = await manager.sessions.open(FACTS);
    await projection.apply(batch(1, 5));
    expect(await manager.records.tradingSwitches(FACTS.sessionId)).toEqual([
      { scopeKind: 'ACCOUNT', subject: 'SIM', state: 'HALTED', isKilled: false, isFlattening: false, changedTs: 1_000_004 },
      { scopeKind: 'FIRM', subject: '', state: 'HALTED', isKilled: true, isFlattening: true, changedTs: 1_000_004 },
    ]);
    await projection.apply(batch(5, 8));
    expect(await manager.records.tradingSwitches(FACTS.sessionId)).toEqual([
      {
        scopeKind: 'INSTRUMENT',
        subject: FACTS.instruments[1]!.id,
        state: 'HALTED',
        isKilled: false,
        isFlattening: false,
        changedTs: 1_000_007,
      },
      { scopeKind: 'STRATEGY', subject: 'second', state: 'REDUCING', isKilled: false, isFlattening: false, changedTs: 1_000_007 },
    ]);
    await projection.apply(batch(8, 9));
    expect(await manager.records.tradingSwitches(FACTS.sessionId)).toHaveLength(2);
    await projection.forget();
    expect(await manager.records.tradingSwitches(FACTS.sessionId)).toEqual([]);
    await projection.apply({ after: 1, upTo: 2, upToTs: 3, outputs: [outputWith(2, { tradingSwitches: [] })] });
    expect(await manager.records.tradingSwitches('another session')).toEqual([]);
    await manager.close();
  });

  it('come to the same tables whatever the batches, whatever comes twice, and wherever the writer was killed', async () => {
    const whole = await migrated(kind.connect);
    await (await whole.sessions.open(FACTS)).apply(batch(1, 9));
    const wanted = await contents(whole);
    await whole.close();
    for (let killedAfter = 1; killedAfter <= 9; killedAfter += 1) {
      const manager = await migrated(kind.connect);
      const first = await manager.sessions.open(FACTS);
      for (let sequence = 2; sequence <= killedAfter; sequence += 1) await first.apply(batch(sequence - 1, sequence));
      // The next process knows nothing of the first and sends everything from the start, then all of it again.
      const second = await manager.sessions.open(FACTS);
      expect(await second.position()).toBe(killedAfter);
      expect(await second.apply(batch(1, 9))).toBe(9);
      expect(await second.apply(batch(1, 9))).toBe(9);
      expect(await first.apply(batch(4, 6))).toBe(9);
      expect(await contents(manager)).toEqual(wanted);
      await manager.close();
    }
  });

  it('refuse a batch that leaves a hole, and one whose outputs are out of order; nothing of it is stored', async () => {
    const manager = await migrated(kind.connect);
    const projection = await manager.sessions.open(FACTS);
    await projection.apply(batch(1, 3));
    const before = await contents(manager);
    const hole = projection.apply(batch(4, 9));
    await expect(hole).rejects.toThrow(WorldError);
    await expect(hole).rejects.toMatchObject({ code: 'DATABASE_OUTPUT_MISSING' });
    await expect(projection.apply({ ...batch(3, 9), outputs: [STORY[3]!, STORY[2]!] })).rejects.toThrow('output 4 stands behind 5');
    await expect(projection.apply({ ...batch(3, 5), outputs: [STORY[4]!] })).rejects.toThrow('output 6 stands behind 3');
    expect(await contents(manager)).toEqual(before);
    await manager.close();
  });

  it('store rows and position both or neither', async () => {
    const manager = await migrated(kind.connect);
    const projection = await manager.sessions.open(FACTS);
    await projection.apply(batch(1, 3));
    // Log lines are written last before the position: all other tables have been written when this fails.
    await manager.connection.run('alter table quanthybrid.log_lines add constraint no_warnings check (level <> $$warn$$)');
    const before = await contents(manager);
    await expect(projection.apply(batch(3, 9))).rejects.toMatchObject({ code: 'DATABASE_REFUSED', retryable: false });
    expect(await contents(manager)).toEqual(before);
    expect(await projection.position()).toBe(3);
    await manager.connection.run('alter table quanthybrid.log_lines drop constraint no_warnings');
    expect(await projection.apply(batch(3, 9))).toBe(9);
    await manager.close();
  });

  it('two writers of the same session at once store each output once', async () => {
    const manager = await migrated(kind.connect);
    const projections = await Promise.all([manager.sessions.open(FACTS), manager.sessions.open(FACTS)]);
    await Promise.all(projections.flatMap((projection) => [projection.apply(batch(1, 5)), projection.apply(batch(1, 9))]));
    expect(await rowsOf(manager, 'select count(*)::text from quanthybrid.order_events')).toEqual([['8']]);
    expect(await projections[0]!.position()).toBe(9);
    await manager.close();
  });

  it('refuse another session under the same id: one of another name, kind or beginning; what is stored stays as it was', async () => {
    const manager = await migrated(kind.connect);
    await (await manager.sessions.open(FACTS)).apply(batch(1, 9));
    const before = await contents(manager);
    for (const change of [{ name: 'another' }, { mode: 'LIVE' as const }, { startedTs: FACTS.startedTs + 1 }])
      await expect(manager.sessions.open({ ...FACTS, ...change })).rejects.toMatchObject({
        code: 'DATABASE_OTHER_SESSION',
        retryable: false,
      });
    expect(await contents(manager)).toEqual(before);
    await manager.close();
  });

  it('are built again to identical tables after they were forgotten; other sessions and runs stay', async () => {
    const manager = await migrated(kind.connect);
    const projection = await manager.sessions.open(FACTS);
    const other = await manager.sessions.open({ ...FACTS, sessionId: 'session-2' });
    await projection.apply(batch(1, 9));
    await other.apply(batch(1, 9));
    const wanted = await contents(manager);
    await projection.forget();
    expect(await projection.position()).toBe(1);
    expect(await other.position()).toBe(9);
    expect((await contents(manager))['fills']).toHaveLength(2);
    await projection.apply(batch(1, 6));
    await projection.apply(batch(6, 9));
    expect(await contents(manager)).toEqual(wanted);
    await manager.close();
  });
});
