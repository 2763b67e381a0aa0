import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { InputError } from '../../ports/errors.ts';

/** Where the embedded database lies unless told otherwise: within the working folder. */
const EMBEDDED_FOLDER = path.join('data', 'db');
/** Milliseconds that a statement may take unless told otherwise. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** The longest that it may be told. */
export const DATABASE_STATEMENT_MS_MAX = 600_000;

export interface ServerSettings {
  readonly kind: 'SERVER';
  /** Without what TLS says in it: `tls` says it. */
  readonly url: string;
  /** For people: no password. */
  readonly place: string;
  readonly statementTimeoutMs: number;
  readonly tls: ConnectionOptions | null;
}

interface EmbeddedSettings {
  readonly kind: 'EMBEDDED';
  readonly folder: string;
}

export type DatabaseSettings = ServerSettings | EmbeddedSettings;

/** What options of a command say; the environment fills in what they leave out. */
export interface DatabaseOptions {
  readonly databaseUrl?: string | undefined;
  readonly databaseFolder?: string | undefined;
}

/**
 * Which database is meant: the server of the option or of DATABASE_URL, else the embedded one in its folder.
 *
 * TLS by `sslmode` in the address: `disable`; `require` and `verify-full` both check the server's certificate and name (with the authorities of
 * `sslrootcert`, a file, where given). Without it a server on this machine is spoken to in the clear, any other with TLS.
 *
 * @throws InputError DATABASE_URL_INVALID
 */
export function databaseSettings(options: DatabaseOptions, environment: Readonly<Record<string, string | undefined>>): DatabaseSettings {
  const { databaseFolder } = options;
  const address = serverAddress(options, environment);
  if (address === null) return { kind: 'EMBEDDED', folder: path.resolve(databaseFolder ?? EMBEDDED_FOLDER) };
  if (databaseFolder !== undefined)
    throw invalid('', 'An address and a folder were both given: a database is either on a server or embedded.');
  return serverSettings(address, statementTimeout(environment['DATABASE_STATEMENT_TIMEOUT_MS']));
}

/** The address of the server that is meant, by the option or by DATABASE_URL; an empty one is none. @returns null where the database is embedded */
export function serverAddress(
  { databaseUrl, databaseFolder }: DatabaseOptions,
  environment: Readonly<Record<string, string | undefined>>,
): string | null {
  if (databaseUrl !== undefined && databaseUrl !== '') return databaseUrl;
  // A folder that was asked for by hand wins over an address that lies in the environment.
  const found = databaseFolder === undefined ? environment['DATABASE_URL'] : undefined;
  return found === undefined || found === '' ? null : found;
}

function serverSettings(text: string, statementTimeoutMs: number): ServerSettings {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid('', 'It is not an address.');
  }
  // Without `//` everything is a path, a password too.
  if (!text.includes('//')) throw invalid('', 'It is not an address.');
  const place = `${url.hostname}${url.port === '' ? '' : `:${url.port}`}${url.pathname}`;
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw invalid('', 'It does not begin with postgres:// or postgresql://.');
  if (url.pathname.length < 2) throw invalid(place, 'It names no database.');
  const tls = tlsOf(url, place);
  for (const name of ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'ssl']) url.searchParams.delete(name);
  return { kind: 'SERVER', url: url.href, place, statementTimeoutMs, tls };
}

const LOCAL_HOSTS = new Set(['', 'localhost', '127.0.0.1', '[::1]']);

function tlsOf(url: URL, place: string): ConnectionOptions | null {
  const host = url.searchParams.get('host') ?? url.hostname;
  const isLocal = LOCAL_HOSTS.has(host) || host.startsWith('/');
  const mode = url.searchParams.get('sslmode') ?? (isLocal ? 'disable' : 'verify-full');
  if (mode === 'disable') {
    if (!isLocal) throw invalid(place, 'It turns TLS off for a server on another machine.');
    return null;
  }
  if (mode !== 'require' && mode !== 'verify-full')
    throw invalid(place, `sslmode=${mode} does not check who answers: write require or verify-full.`);
  const authorities = url.searchParams.get('sslrootcert');
  // The name is checked against `host`; an address may not be told to the server as a name (RFC 6066, section 3).
  const named = isIP(host) === 0 ? { host, servername: host } : { host };
  const base: ConnectionOptions = { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...named };
  return authorities === null ? base : { ...base, ca: readAuthorities(authorities, place) };
}

function readAuthorities(file: string, place: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw invalid(place, `The file of sslrootcert cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
}

function statementTimeout(text: string | undefined): number {
  if (text === undefined || text === '') return STATEMENT_TIMEOUT_MS;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= DATABASE_STATEMENT_MS_MAX) return value;
  throw new InputError([
    {
      code: 'OPTION_INVALID',
      rule: `DATABASE_STATEMENT_TIMEOUT_MS is a whole number of milliseconds from 1 to ${DATABASE_STATEMENT_MS_MAX}.`,
      fix: 'Correct it, or leave it out.',
      value: text,
    },
  ]);
}

/** The address itself may hold a password, so it is not repeated. */
function invalid(place: string, rule: string): InputError {
  return new InputError([
    {
      code: 'DATABASE_URL_INVALID',
      rule,
      fix: 'Write postgres://USER:PASSWORD@HOST:PORT/NAME.',
      ...(place === '' ? {} : { value: place }),
    },
  ]);
}
