import { spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseManager } from '../../src/adapters/postgres/database-manager.ts';
import { databaseSettings } from '../../src/adapters/postgres/database-settings.ts';
import { type Account, TestServer, whyNoServer } from '../postgres-kit.ts';

const why = whyNoServer() ?? (spawnSync('openssl', ['version']).status === 0 ? null : 'no openssl to make a certificate with');

describe.skipIf(why !== null)(`a server that speaks TLS${why === null ? '' : ` (${why})`}`, () => {
  let server: TestServer;
  let certificate: string;

  /** A certificate of its own for `localhost`, good for a day. */
  function withCertificate(folder: string, account: Account | null): readonly string[] {
    certificate = path.join(folder, 'server.crt');
    const key = path.join(folder, 'server.key');
    const terms = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '1'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const made = spawnSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', certificate, ...terms], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
    if (account !== null) for (const file of [key, certificate]) chownSync(file, account.uid, account.gid);
    return ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`];
  }

  beforeAll(async () => {
    server = await TestServer.start(withCertificate);
  }, 120_000);
  afterAll(() => server.stop());

  const connect = (host: string, query: string): Promise<DatabaseManager> =>
    DatabaseManager.connect(databaseSettings({ databaseUrl: `postgres://owner@${host}:${server.port}/postgres${query}` }, {}));

  it('SEC-38: is spoken to where its certificate is known and its name is the one that was asked for', async () => {
    const manager = await connect('localhost', `?sslmode=require&sslrootcert=${certificate}`);
    const { rows } = await manager.connection.run('select ssl, version from pg_stat_ssl where pid = pg_backend_pid()');
    expect(rows[0]![0]).toBe(true);
    expect(rows[0]![1]).toMatch(/^TLSv1\.[23]$/);
    await manager.close();
  });

  it('SEC-38: is refused where nobody vouches for its certificate, and where the name is another', async () => {
    await expect(connect('localhost', '?sslmode=require')).rejects.toMatchObject({ code: 'DATABASE_REFUSED', retryable: false });
    await expect(connect('127.0.0.1', `?sslmode=require&sslrootcert=${certificate}`)).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
  });
});
