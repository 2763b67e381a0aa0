import { assert } from '../../base/assert.ts';
import { plainArray, textArray } from './array-literal.ts';
import type { SqlRunner } from './sql-connection.ts';

type ColumnType = 'bigint' | 'integer' | 'numeric' | 'text' | 'boolean' | 'jsonb';
type ColumnValue = string | number | boolean | null;

/** Rows of one table of a session, kept column by column and written by one statement: an `unnest` of as many arrays as there are columns. */
export class ColumnBatch {
  readonly table: string;
  rowCount = 0;
  readonly #columns: readonly (readonly [name: string, type: ColumnType])[];
  readonly #values: readonly ColumnValue[][];
  readonly #statement: string;

  /** @param key columns that name a thing that is kept as it stands: a row of the same key is written over. None: rows are only added */
  constructor(table: string, columns: readonly (readonly [string, ColumnType])[], key: readonly string[] = []) {
    this.table = table;
    this.#columns = columns;
    this.#values = columns.map(() => []);
    const names = columns.map(([name]) => name);
    const arrays = columns.map(([, type], index) => `$${index + 2}::${type}[]`);
    const changed = names.filter((name) => !key.includes(name)).map((name) => `${name} = excluded.${name}`);
    this.#statement = [
      `insert into quanthybrid.${table} (run_id, ${names.join(', ')})`,
      `select $1::text, * from unnest(${arrays.join(', ')})`,
      ...(key.length === 0 ? [] : [`on conflict (run_id, ${key.join(', ')}) do update set ${changed.join(', ')}`]),
    ].join(' ');
  }

  add(...row: readonly ColumnValue[]): void {
    assert(row.length === this.#columns.length, `a row of ${this.table} has ${this.#columns.length} values`);
    for (let column = 0; column < row.length; column += 1) this.#values[column]!.push(row[column]!);
    this.rowCount += 1;
  }

  async write(runner: SqlRunner, runId: string): Promise<void> {
    const arrays = this.#columns.map(([, type], column) => {
      const values = this.#values[column]!;
      return type === 'text' || type === 'jsonb' ? textArray(values as readonly (string | null)[]) : plainArray(values);
    });
    await runner.run(this.#statement, [runId, ...arrays]);
  }
}
