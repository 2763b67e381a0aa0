import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { expect, it } from 'vitest';
import * as accessTables from '../../src/adapters/postgres/access-tables.ts';
import { migrate, migrationState } from '../../src/adapters/postgres/migrate.ts';
import { MIGRATIONS } from '../../src/adapters/postgres/migrations/migration-list.ts';
import * as projectionColumns from '../../src/adapters/postgres/projection-columns.ts';
import * as tradingTables from '../../src/adapters/postgres/trading-tables.ts';
import type { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { WorldError } from '../../src/ports/errors.ts';
import { onEveryDatabase } from './database.fixture.ts';

const EXPORTED: readonly unknown[] = Object.values({ ...tradingTables, ...accessTables });
const TABLES = EXPORTED.filter((each): each is PgTable => is(each, PgTable));

/** `table.column type [not null]` of every column, as the tables of the program say. */
function columnsOfProgram(): string[] {
  return TABLES.flatMap((table) => {
    const { name, columns } = getTableConfig(table);
    return columns.map((column) => `${name}.${column.name} ${column.getSQLType()}${column.notNull ? ' not null' : ''}`);
  }).sort();
}

/** `table (columns)` of every index and key, as the tables of the program say. */
function indexesOfProgram(): string[] {
  return TABLES.flatMap((table) => {
    const { name, columns, indexes, primaryKeys } = getTableConfig(table);
    const single = columns.filter((column) => column.primary).map((column) => `${name}: unique ${name}_pkey (${column.name})`);
    const joined = primaryKeys.map((key) => `${name}: unique ${key.getName()} (${key.columns.map((column) => column.name).join(', ')})`);
    const others = indexes.map(({ config }) => {
      const names = config.columns.map((column) => ('name' in column ? column.name : '?'));
      return `${name}: ${config.unique ? 'unique ' : ''}${config.name} (${names.join(', ')})`;
    });
    return [...single, ...joined, ...others];
  }).sort();
}

async function texts(manager: DatabaseManager, query: string): Promise<string[]> {
  const { rows } = await manager.connection.run(query);
  return rows.map(([text]) => String(text)).sort();
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof WorldError ? error.code : String(error)),
  );
}

onEveryDatabase('the tables', (kind) => {
  it('have after all migrations the columns, types, keys and indexes that the program reads and writes by', async () => {
    const manager = await kind.connect();
    await manager.migrate();
    const columns = await texts(
      manager,
      `select table_name || '.' || column_name || ' ' || case when data_type = 'ARRAY' then 'text[]' else data_type end
         || case when is_nullable = 'NO' then ' not null' else '' end
       from information_schema.columns where table_schema = 'quanthybrid' and table_name <> 'migrations'`,
    );
    expect(columns).toEqual(columnsOfProgram());
    const indexes = await texts(
      manager,
      `select t.relname || ': ' || case when x.indisunique then 'unique ' else '' end || i.relname || ' (' ||
         (select string_agg(a.attname, ', ' order by k.place) from unnest(x.indkey::smallint[]) with ordinality as k (number, place)
          join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number) || ')'
       from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
       join pg_namespace n on n.oid = t.relnamespace where n.nspname = 'quanthybrid' and t.relname <> 'migrations'`,
    );
    expect(indexes).toEqual(indexesOfProgram());
    await manager.close();
  });

  it('that are written in batches are written with every column they have, and its type', async () => {
    const written: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
      instruments: projectionColumns.INSTRUMENT_COLUMNS,
      orders: projectionColumns.ORDER_COLUMNS,
      order_events: projectionColumns.ORDER_EVENT_COLUMNS,
      fills: projectionColumns.FILL_COLUMNS,
      positions: projectionColumns.POSITION_COLUMNS,
      balances: projectionColumns.BALANCE_COLUMNS,
      equity: projectionColumns.EQUITY_COLUMNS,
      risk_events: projectionColumns.RISK_EVENT_COLUMNS,
      instrument_events: projectionColumns.INSTRUMENT_EVENT_COLUMNS,
      strategy_state: projectionColumns.STRATEGY_COLUMNS,
      trading_switches: projectionColumns.TRADING_SWITCH_COLUMNS,
      log_lines: projectionColumns.LOG_LINE_COLUMNS,
    };
    for (const [table, columns] of Object.entries(written)) {
      const config = TABLES.map(getTableConfig).find(({ name }) => name === table)!;
      expect(columns.map((column) => column.join(' ')).sort()).toEqual(
        config.columns
          .filter(({ name }) => name !== 'run_id')
          .map((column) => `${column.name} ${column.getSQLType()}`)
          .sort(),
      );
    }
  });

  it('a second migration finds nothing to do, and two at once take turns', async () => {
    const manager = await kind.connect();
    const both = await Promise.all([manager.migrate(), manager.migrate()]);
    expect(both.flat()).toEqual(MIGRATIONS.map(({ name }) => name));
    expect(await manager.migrate()).toEqual([]);
    expect(await migrationState(manager.connection)).toEqual({ applied: MIGRATIONS.length, known: MIGRATIONS.length });
    await manager.close();
  });

  it('a migration that fails leaves nothing of itself', async () => {
    const manager = await kind.connect();
    await manager.migrate();
    const broken = {
      number: MIGRATIONS.length + 1,
      name: 'broken',
      sql: 'create table quanthybrid.half (a integer)\n\ncreate table nowhere.at_all (a integer)',
    };
    expect(await refusal(migrate(manager.connection, [...MIGRATIONS, broken]))).toBe('DATABASE_NOT_MIGRATED');
    const whole = { ...broken, sql: 'create table quanthybrid.half (a integer)' };
    expect(await migrate(manager.connection, [...MIGRATIONS, whole])).toEqual(['broken']);
    await manager.close();
  });

  it('a database of a newer program is refused, and one that went through other migrations', async () => {
    const manager = await kind.connect();
    const added = { number: MIGRATIONS.length + 1, name: 'more', sql: 'create table quanthybrid.more (a integer)' };
    await migrate(manager.connection, [...MIGRATIONS, added]);
    expect(await refusal(manager.migrate())).toBe('DATABASE_NEWER');
    const other = { ...added, sql: 'create table quanthybrid.other (a integer)' };
    expect(await refusal(migrate(manager.connection, [...MIGRATIONS, other]))).toBe('DATABASE_MIGRATION_CHANGED');
    await manager.close();
  });
});
