import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../ports/errors.ts';
import { choicesOf, databaseOf, type SessionCommandOptions } from './session-options.ts';

const GIVEN: SessionCommandOptions = { speed: '1', port: '8321', onStop: 'keep' };

function refusalOf(options: Partial<SessionCommandOptions>): string {
  try {
    choicesOf({ ...GIVEN, ...options });
  } catch (error) {
    if (error instanceof InputError) return `${error.problems[0]!.code} ${error.problems[0]!.column}: ${error.problems[0]!.rule}`;
    throw error;
  }
  return 'none';
}

afterEach(() => vi.unstubAllEnvs());

describe('the options of a session', () => {
  it('are what they say, and without end where no minutes are given', () => {
    expect(choicesOf({ ...GIVEN, speed: '0.5', minutes: '0.25', onStop: 'cancel', port: '0' })).toEqual({
      speed: 0.5,
      port: 0,
      stopPolicy: 'cancel',
      minutes: 0.25,
    });
    expect(choicesOf(GIVEN).minutes).toBeNull();
  });

  it('an empty DATABASE_URL is none: the database lies in the folder of the session', () => {
    const embedded = { kind: 'EMBEDDED', folder: path.resolve('sessions/a/db') };
    vi.stubEnv('DATABASE_URL', '');
    expect(databaseOf(GIVEN, 'sessions/a')).toEqual(embedded);
    expect(databaseOf({ ...GIVEN, databaseUrl: '' }, 'sessions/a')).toEqual(embedded);
    vi.stubEnv('DATABASE_URL', 'postgres://localhost/a');
    expect(databaseOf(GIVEN, 'sessions/a')).toMatchObject({ kind: 'SERVER' });
    expect(databaseOf({ ...GIVEN, databaseFolder: 'x' }, 'sessions/a')).toEqual({ kind: 'EMBEDDED', folder: path.resolve('x') });
  });

  it.each([
    [{ minutes: '0' }, '--minutes: --minutes takes a number above 0, to 1000000.'],
    [{ minutes: 'soon' }, '--minutes: --minutes takes a number above 0, to 1000000.'],
    [{ minutes: '1000001' }, '--minutes: --minutes takes a number above 0, to 1000000.'],
    [{ onStop: 'flatten' }, '--on-stop: --on-stop takes keep or cancel.'],
    [{ port: '65536' }, '--port: --port takes a whole number from 0 to 65535.'],
    [{ port: '80.5' }, '--port: --port takes a whole number from 0 to 65535.'],
    [{ speed: '0' }, '--speed: --speed takes a number above 0, to 1000000.'],
    [{ speed: 'Infinity' }, '--speed: --speed takes a number above 0, to 1000000.'],
  ])('refuses %j', (options, refusal) => {
    expect(refusalOf(options)).toBe(`OPTION_INVALID ${refusal}`);
  });
});
