import type { Code } from '../../model/codes/catalogue.ts';
import { WorldError } from '../../ports/errors.ts';

interface Judgement {
  readonly code: Code;
  readonly retryable: boolean;
}

const UNREACHABLE: Judgement = { code: 'DATABASE_UNREACHABLE', retryable: true };
const TIMED_OUT: Judgement = { code: 'DATABASE_TIMED_OUT', retryable: true };
const FULL: Judgement = { code: 'DATABASE_FULL', retryable: true };
const REFUSED: Judgement = { code: 'DATABASE_REFUSED', retryable: false };
const NOT_MIGRATED: Judgement = { code: 'DATABASE_NOT_MIGRATED', retryable: false };

/** What PostgreSQL says by SQLSTATE. Source: PostgreSQL documentation, appendix A. */
const BY_STATE: Readonly<Record<string, Judgement>> = {
  // query_canceled: the statement timeout; lock_not_available; deadlock; serialization failure.
  57014: TIMED_OUT,
  '55P03': TIMED_OUT,
  '40P01': TIMED_OUT,
  40001: TIMED_OUT,
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections, idle session timeouts.
  '57P01': UNREACHABLE,
  '57P02': UNREACHABLE,
  '57P03': UNREACHABLE,
  53300: UNREACHABLE,
  '25P03': UNREACHABLE,
  '57P05': UNREACHABLE,
  53100: FULL,
  // undefined_table, invalid_schema_name.
  '42P01': NOT_MIGRATED,
  '3F000': NOT_MIGRATED,
};

/** What the operating system, or the driver, says of the way there. */
const BY_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
const UNREACHABLE_TEXT =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|read timeout/i;

/** A failure of a driver as one of ours. The statement and its values stay out of the message: they may be secret. */
export function databaseError(cause: unknown, place: string): WorldError {
  if (cause instanceof WorldError) return cause;
  const { code, retryable } = judge(cause);
  const said = cause instanceof Error && cause.message !== '' ? cause.message : String(codeOf(cause) ?? cause);
  return new WorldError(code, `The database ${place} says: ${said}`, { retryable, cause });
}

function judge(cause: unknown): Judgement {
  const state = codeOf(cause);
  if (state !== null) {
    if (BY_SYSTEM.has(state) || state.startsWith('08')) return UNREACHABLE;
    const known = BY_STATE[state];
    if (known !== undefined) return known;
  }
  if (cause instanceof AggregateError && cause.errors.some((each) => BY_SYSTEM.has(codeOf(each) ?? ''))) return UNREACHABLE;
  if (cause instanceof Error && UNREACHABLE_TEXT.test(cause.message)) return UNREACHABLE;
  return REFUSED;
}

function codeOf(cause: unknown): string | null {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null;
  return typeof cause.code === 'string' ? cause.code : null;
}
