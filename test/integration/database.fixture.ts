import { afterAll, beforeAll, describe } from 'vitest';
import { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { databaseSettings } from '../../src/adapters/postgres/database-settings.ts';
import { EmbeddedConnection } from '../../src/adapters/postgres/embedded-connection.ts';
import { TestServer, whyNoServer } from '../postgres-kit.ts';

export interface Kind {
  readonly name: string;
  /** Empty databases, one after the other. */
  readonly connect: () => Promise<DatabaseManager>;
}

/** An empty database, embedded: made once per file, since the first start takes seconds, and emptied for each test. */
function embedded(): Kind {
  let connection: EmbeddedConnection;
  beforeAll(async () => {
    connection = await EmbeddedConnection.open(null);
  }, 300_000);
  afterAll(() => connection.close());
  return {
    name: 'embedded',
    connect: async () => {
      await connection.run('drop schema if exists quanthybrid cascade');
      // Whoever is done with it closes it; the connection stays for the next.
      return DatabaseManager.on({
        kind: 'EMBEDDED',
        place: 'in memory',
        run: (text, values) => connection.run(text, values),
        transaction: (work) => connection.transaction(work),
        close: async () => {},
      });
    },
  };
}

function onServer(): Kind {
  let server: TestServer;
  let count = 0;
  beforeAll(async () => {
    server = await TestServer.start();
  }, 120_000);
  afterAll(() => server.stop());
  return {
    name: 'server',
    connect: async () =>
      DatabaseManager.connect(databaseSettings({ databaseUrl: await server.createDatabase(`test_${(count += 1)}`) }, {})),
  };
}

/** The same tests on both kinds of database; on a server only where there is one. */
export function onEveryDatabase(what: string, tests: (kind: Kind) => void): void {
  describe(`${what}, embedded`, () => tests(embedded()));
  const why = whyNoServer();
  describe.skipIf(why !== null)(`${what}, on a server${why === null ? '' : ` (${why})`}`, () => tests(onServer()));
}
