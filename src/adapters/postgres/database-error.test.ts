import { describe, expect, it } from 'vitest';
import { WorldError } from '../../ports/errors.ts';
import { databaseError } from './database-error.ts';

const failed = (code: string, message = 'words') => Object.assign(new Error(message), { code });

describe('what a failure of the database means', () => {
  it.each([
    ['57014', 'DATABASE_TIMED_OUT', true],
    ['40001', 'DATABASE_TIMED_OUT', true],
    ['40P01', 'DATABASE_TIMED_OUT', true],
    ['55P03', 'DATABASE_TIMED_OUT', true],
    ['57P01', 'DATABASE_UNREACHABLE', true],
    ['57P03', 'DATABASE_UNREACHABLE', true],
    ['53300', 'DATABASE_UNREACHABLE', true],
    ['08006', 'DATABASE_UNREACHABLE', true],
    ['ECONNREFUSED', 'DATABASE_UNREACHABLE', true],
    ['53100', 'DATABASE_FULL', true],
    ['42P01', 'DATABASE_NOT_MIGRATED', false],
    ['28P01', 'DATABASE_REFUSED', false],
    ['42501', 'DATABASE_REFUSED', false],
    ['23505', 'DATABASE_REFUSED', false],
    ['XX000', 'DATABASE_REFUSED', false],
  ])('%s is %s, retryable %s', (state, code, retryable) => {
    expect(databaseError(failed(state), 'here')).toMatchObject({ code, retryable });
  });

  it('a driver that only has words is understood, and so are several addresses that all refuse', () => {
    expect(databaseError(new Error('Connection terminated unexpectedly'), 'here')).toMatchObject({ retryable: true });
    expect(databaseError(new Error('timeout exceeded when trying to connect'), 'here')).toMatchObject({ retryable: true });
    const all = new AggregateError([failed('ECONNREFUSED'), failed('ECONNREFUSED')]);
    expect(databaseError(all, 'here')).toMatchObject({ code: 'DATABASE_UNREACHABLE', retryable: true });
    expect(databaseError('what is this', 'here')).toMatchObject({ code: 'DATABASE_REFUSED', retryable: false });
  });

  it('one of ours stays what it is', () => {
    const own = new WorldError('DATABASE_NEWER', 'words', { retryable: false });
    expect(databaseError(own, 'here')).toBe(own);
  });
});
