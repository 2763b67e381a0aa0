import pg from 'pg';
import { answerRounds, timed } from './rounds-protocol.ts';
import { factsOf, fillOutput, fillsPerBatch } from '../session-fills.ts';
import { plainArray, textArray } from '../../src/adapters/postgres/array-literal.ts';
import { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { databaseSettings } from '../../src/adapters/postgres/database-settings.ts';
import { FILL_COLUMNS } from '../../src/adapters/postgres/projection-columns.ts';
import { WRITER_BATCH_ROWS_MAX } from '../../src/runtime/batch-writer.ts';

/*
 * database.ts URL WAY: fills into the table of fills, by batches of as many. WAY `manager`: outputs of a session through the DatabaseManager, with everything
 * else that changes by a fill, and the position. WAY `raw`: arrays that were made before, by one statement a batch and nothing else.
 */
const [url, way] = process.argv.slice(2) as [string, 'manager' | 'raw'];
const BATCH = fillsPerBatch(WRITER_BATCH_ROWS_MAX);
const manager = await DatabaseManager.connect(databaseSettings({ databaseUrl: url }, {}));
await manager.migrate();
const client = new pg.Client({ connectionString: url });
await client.connect();
// As the projection does: neither side waits for the disk.
await client.query('set synchronous_commit = off');

async function throughManager(rows: number): Promise<number> {
  const outputs = Array.from({ length: rows }, (_, index) => fillOutput(index + 1));
  const projection = await manager.sessions.open(factsOf('manager'));
  const { ns } = await timed(1, async () => {
    for (let after = 0; after < rows; after += BATCH) {
      const batch = outputs.slice(after, after + BATCH);
      const last = batch.at(-1)!;
      await projection.apply({ after: after + 1, upTo: last.sequence, upToTs: last.ts, outputs: batch });
    }
  });
  return ns;
}

const RAW = `insert into quanthybrid.fills (run_id, ${FILL_COLUMNS.map(([name]) => name).join(', ')})
  select 'raw', * from unnest(${FILL_COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')})`;

/** The same rows as the manager's, as columns of text. */
async function raw(rows: number): Promise<number> {
  const { rows: stored } = await client.query<Record<string, string | number>>(
    `select ${FILL_COLUMNS.map(([name]) => `${name}::text`).join(', ')} from quanthybrid.fills where run_id = 'manager' order by fills.sequence`,
  );
  if (stored.length !== rows) throw new Error(`the manager goes first and writes ${rows} fills, not ${stored.length}`);
  const batches: string[][] = [];
  for (let after = 0; after < rows; after += BATCH) {
    const batch = stored.slice(after, after + BATCH);
    batches.push(
      FILL_COLUMNS.map(([name, type]) => {
        const values = batch.map((row) => row[name] as string);
        return type === 'text' ? textArray(values) : plainArray(values);
      }),
    );
  }
  const { ns } = await timed(1, async () => {
    for (const arrays of batches) await client.query(RAW, arrays);
  });
  return ns;
}

await answerRounds(async (rows) => {
  // What this side wrote before goes, what the other wrote stays: both write into a table of the same size.
  await client.query(`delete from quanthybrid.fills where run_id = $1`, [way]);
  if (way === 'manager') {
    for (const table of ['runs', 'orders', 'positions', 'balances', 'journal_position'])
      await client.query(`delete from quanthybrid.${table} where run_id = $1`, [way]);
  }
  await client.query('vacuum analyze quanthybrid.fills');
  const ns = way === 'manager' ? await throughManager(rows) : await raw(rows);
  const { rows: sums } = await client.query<{ sum: string }>(
    `select count(*) || ' ' || sum(last_px * last_qty) || ' ' || sum(commission) as sum from quanthybrid.fills where run_id = $1`,
    [way],
  );
  return { ns, checksum: sums[0]!.sum };
});
await client.end();
await manager.close();
