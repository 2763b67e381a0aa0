import { describe, expect, it } from 'vitest';
import path from 'node:path';
import { InputError } from '../../ports/errors.ts';
import { DATABASE_STATEMENT_MS_MAX, databaseSettings } from './database-settings.ts';

const url = (text: string, environment = {}) => databaseSettings({ databaseUrl: text }, environment);

describe('which database is meant', () => {
  it('the option before the environment, a folder by hand before an address in the environment, else ./data/db', () => {
    const environment = { DATABASE_URL: 'postgres://a@localhost/env' };
    expect(databaseSettings({}, environment)).toMatchObject({ kind: 'SERVER', place: 'localhost/env' });
    expect(databaseSettings({ databaseUrl: 'postgres://a@localhost/option' }, environment)).toMatchObject({ place: 'localhost/option' });
    expect(databaseSettings({ databaseFolder: 'x' }, environment)).toEqual({ kind: 'EMBEDDED', folder: path.resolve('x') });
    expect(databaseSettings({}, {})).toEqual({ kind: 'EMBEDDED', folder: path.resolve('data/db') });
    expect(databaseSettings({}, { DATABASE_URL: '' })).toMatchObject({ kind: 'EMBEDDED' });
    expect(databaseSettings({ databaseUrl: '' }, environment)).toMatchObject({ kind: 'SERVER', place: 'localhost/env' });
    expect(databaseSettings({ databaseUrl: '', databaseFolder: 'x' }, {})).toMatchObject({ kind: 'EMBEDDED' });
    expect(() => databaseSettings({ databaseUrl: 'postgres://localhost/a', databaseFolder: 'x' }, {})).toThrow(InputError);
  });

  it('a server on this machine is spoken to in the clear unless asked otherwise, any other with a checked certificate', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) expect(url(`postgres://${host}/a`)).toMatchObject({ tls: null });
    expect(url('postgres://u@%2Fvar%2Frun/a?host=/var/run/postgresql')).toMatchObject({ tls: null });
    const checked = { rejectUnauthorized: true, minVersion: 'TLSv1.2', host: 'db.example.org', servername: 'db.example.org' };
    for (const mode of ['', '?sslmode=require', '?sslmode=verify-full'])
      expect(url(`postgres://db.example.org/a${mode}`)).toMatchObject({ tls: checked });
    expect(url('postgres://localhost/a?sslmode=require')).toMatchObject({ tls: { rejectUnauthorized: true } });
    for (const mode of ['disable', 'allow', 'prefer', 'no-verify', 'verify-ca', ''])
      expect(() => url(`postgres://db.example.org/a?sslmode=${mode}`), mode).toThrow('DATABASE_URL_INVALID');
  });

  it('the certificate of its authority comes from the file that is named', () => {
    expect(() => url('postgres://db.example.org/a?sslrootcert=/nowhere/at/all.pem')).toThrow('The file of sslrootcert cannot be read');
    expect(url(`postgres://db.example.org/a?sslrootcert=${import.meta.filename}`)).toMatchObject({
      tls: { ca: expect.stringContaining('import') },
    });
  });

  it('what is no address of a database is refused, and a password is never repeated', () => {
    for (const text of [
      'nothing',
      'mysql://u:hunter2@h/a',
      'postgres://u:hunter2@h',
      'postgres://u:hunter2@h/',
      'postgres://u:hunter2@h/a?sslmode=no',
    ]) {
      let message = '';
      try {
        url(text);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message, text).toContain('DATABASE_URL_INVALID');
      expect(message).not.toContain('hunter2');
    }
    expect(url('postgres://u:hunter2@localhost:1/a')).toMatchObject({ place: 'localhost:1/a' });
  });

  it('the time of a statement is a whole number within its bound', () => {
    const local = 'postgres://localhost/a';
    expect(url(local)).toMatchObject({ statementTimeoutMs: 15_000 });
    expect(url(local, { DATABASE_STATEMENT_TIMEOUT_MS: '250' })).toMatchObject({ statementTimeoutMs: 250 });
    for (const text of ['0', '-1', '1.5', 'soon', String(DATABASE_STATEMENT_MS_MAX + 1)])
      expect(() => url(local, { DATABASE_STATEMENT_TIMEOUT_MS: text }), text).toThrow('OPTION_INVALID');
  });
});
