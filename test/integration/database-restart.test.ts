import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/adapters/clock/system-clock.ts';
import { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { databaseSettings } from '../../src/adapters/postgres/database-settings.ts';
import { FACTS, fillWith, orderWith, outputWith } from '../../src/model/session-output.fixture.ts';
import { SESSION_SEQUENCE, type SessionOutput } from '../../src/model/session-output.ts';
import { BatchWriter, type BatchWriterStatus } from '../../src/runtime/batch-writer.ts';
import { TestServer, whyNoServer } from '../postgres-kit.ts';

const why = whyNoServer();
const COUNT = 3000;
const MINUTE_US = 60_000_000;

/** The n-th output, n from 1, is of the input n + 1: one fill, and its order as it stands. */
function outputAt(n: number): SessionOutput {
  return outputWith(n + 1, {
    records: [fillWith(n, `T-${n}`, { lastPx: 100 + n })],
    orders: [orderWith(n, { status: 9 })],
  });
}

describe.skipIf(why !== null)(`a server that is killed in the middle${why === null ? '' : ` (${why})`}`, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  }, 120_000);
  afterAll(() => server.stop());

  async function openManager(name: string): Promise<DatabaseManager> {
    const manager = await DatabaseManager.connect(databaseSettings({ databaseUrl: await server.createDatabase(name) }, {}));
    await manager.migrate();
    return manager;
  }

  /** Writes COUNT outputs; the server is killed when half of them have been handed over, and comes back when the writer has noticed. */
  async function writeThroughKill(manager: DatabaseManager, queueRowsMax: number): Promise<BatchWriterStatus> {
    let noticed: () => void = () => {};
    const isDown = new Promise<void>((resolve) => {
      noticed = resolve;
    });
    const journal = Array.from({ length: COUNT }, (_, index) => outputAt(index + 1));
    let handedOver = 0;
    const clock = new SystemClock();
    const writer = new BatchWriter(
      {
        open: () => manager.sessions.open(FACTS),
        readFrom: async function* (sequence) {
          for (let n = sequence - 1; n <= handedOver; n += 1) yield journal[n - 1]!;
        },
        clock,
        onChange: ({ downSince }) => {
          if (downSince !== null) noticed();
        },
        batchRowsMax: 100,
        queueRowsMax,
      },
      SESSION_SEQUENCE,
    );
    const push = (count: number): void => {
      for (let done = 0; done < count; done += 1) writer.push(journal[(handedOver += 1) - 1]!);
    };
    writer.start();
    push(COUNT / 4);
    await writer.drain(clock.now() + MINUTE_US);
    push(COUNT / 4);
    await server.kill();
    await isDown;
    push(COUNT / 2);
    await server.resume();
    expect(await writer.drain(clock.now() + MINUTE_US)).toBe(true);
    const { status } = writer;
    await writer.stop();
    return status;
  }

  async function expectEachOnce(manager: DatabaseManager): Promise<void> {
    const { rows } = await manager.connection.run(
      `select count(*)::text, count(distinct trade_id)::text, sum(last_px)::text, min(sequence)::text, max(sequence)::text from quanthybrid.fills`,
    );
    // Prices are 1.00 more than the number in cents: 3000 × 1.00 + 0.01 × 3000 × 3001 ÷ 2 = 48,015.00.
    expect(rows).toEqual([['3000', '3000', '48015.00', '2', '3001']]);
    expect((await manager.connection.run('select count(*)::text from quanthybrid.orders')).rows).toEqual([['3000']]);
  }

  it('costs nothing: every fill is there, once, also those whose commit the server lost', async () => {
    const manager = await openManager('in_memory');
    const status = await writeThroughKill(manager, 1_000_000);
    expect(status).toMatchObject({ state: 'LIVE', written: COUNT + 1, seen: COUNT + 1, problem: null });
    await expectEachOnce(manager);
    await manager.close();
  });

  it('costs nothing that was dropped from memory: the journal has it', async () => {
    const manager = await openManager('dropped');
    const status = await writeThroughKill(manager, 300);
    expect(status).toMatchObject({ state: 'LIVE', written: COUNT + 1, seen: COUNT + 1, problem: null });
    expect(status.drops).toBeGreaterThan(0);
    await expectEachOnce(manager);
    await manager.close();
  });

  it('costs a read nothing: it finds a new connection', async () => {
    const manager = await openManager('read');
    const run = { runId: 'r', kind: 'BACKTEST', name: 'n', status: 'COMPLETED', startedTs: 1, endedTs: 2, digest: 'd' };
    await manager.records.storeRun(run, { digest: 'd' });
    await server.kill();
    await server.resume();
    expect(await manager.records.runResult('r')).toEqual({ digest: 'd' });
    await manager.close();
  });

  it('is told as a failure that may pass while it is away', async () => {
    const manager = await openManager('away');
    await server.kill();
    await expect(manager.sessions.open(FACTS)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', retryable: true });
    await expect(DatabaseManager.connect(databaseSettings({ databaseUrl: server.url() }, {}))).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      retryable: true,
    });
    await server.resume();
    await manager.sessions.open(FACTS);
    await manager.close();
  });

  it('a statement that takes too long is given up by the server, and may be tried again', async () => {
    const url = await server.createDatabase('slow');
    const manager = await DatabaseManager.connect(databaseSettings({ databaseUrl: url }, { DATABASE_STATEMENT_TIMEOUT_MS: '50' }));
    await expect(manager.connection.run('select pg_sleep(30)')).rejects.toMatchObject({ code: 'DATABASE_TIMED_OUT', retryable: true });
    await manager.close();
  });

  it('SEC-40: the role of the running program can add to the audit and read it, and nothing else; it owns nothing', async () => {
    const owner = await openManager('rights');
    await owner.connection.run('create role app login');
    await owner.grant('app');
    const app = await DatabaseManager.connect(databaseSettings({ databaseUrl: server.url('rights', 'app') }, {}));
    const text = { actor: 'a', address: '', action: 'TEST', subject: '', before: '', after: '' };
    await app.audit.append({ sequence: 1, ts: 1, ...text, previousHash: '', hash: 'h1' });
    await (await app.sessions.open(FACTS)).apply({ after: 1, upTo: 2, upToTs: 2, outputs: [outputAt(1)] });
    for (const statement of [
      `update quanthybrid.audit set actor = 'b'`,
      'delete from quanthybrid.audit',
      'truncate quanthybrid.audit',
      'alter table quanthybrid.audit disable trigger all',
      'drop table quanthybrid.audit',
      'delete from quanthybrid.audit_head',
      `update quanthybrid.audit_head set sequence = 0`,
      'delete from quanthybrid.migrations',
    ])
      await expect(app.connection.run(statement), statement).rejects.toMatchObject({ code: 'DATABASE_REFUSED', retryable: false });
    expect((await app.audit.read(1, 10)).map(({ actor }) => actor)).toEqual(['a']);
    await Promise.all([app.close(), owner.close()]);
  });
});
