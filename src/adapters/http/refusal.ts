import type { Code } from '../../model/codes/catalogue.ts';
import type { Answer } from '../../ports/answer.ts';
import type { ApiError } from '../../contract/api/scalars.ts';

/** Statuses of codes that are not 422: what was asked for is understood and not done. */
const STATUS: Partial<Record<Code, number>> = {
  REQUEST_INVALID: 400,
  IDEMPOTENCY_KEY_INVALID: 400,
  AUTH_NEEDED: 401,
  AUTH_FAILED: 401,
  AUTH_SECOND_FACTOR_NEEDED: 401,
  AUTH_TOKEN_REFUSED: 401,
  AUTH_SESSION_ENDED: 401,
  AUTH_REFRESH_REUSED: 401,
  API_KEY_REFUSED: 401,
  AUTH_PASSWORD_CHANGE_NEEDED: 403,
  AUTH_RIGHT_MISSING: 403,
  AUTH_STEP_UP_NEEDED: 403,
  CSRF_REFUSED: 403,
  ORIGIN_REFUSED: 403,
  RISK_LIMIT_RAISED: 403,
  ROUTE_UNKNOWN: 404,
  INSTRUMENT_UNKNOWN: 404,
  ORDER_UNKNOWN: 404,
  STRATEGY_UNKNOWN: 404,
  RUN_UNKNOWN: 404,
  USER_UNKNOWN: 404,
  SESSION_UNKNOWN: 404,
  METHOD_REFUSED: 405,
  USER_EXISTS: 409,
  USER_CHANGED: 409,
  TOTP_STATE_WRONG: 409,
  ORDER_CLOSED: 409,
  POSITION_FLAT: 409,
  STRATEGY_RUNNING: 409,
  STRATEGY_STOPPED: 409,
  TRADING_STATE_HELD: 409,
  IDEMPOTENCY_CONFLICT: 409,
  IDEMPOTENCY_PENDING: 409,
  REQUEST_TOO_LARGE: 413,
  REQUEST_MEDIA_TYPE: 415,
  HOST_REFUSED: 421,
  AUTH_THROTTLED: 429,
  RATE_LIMITED: 429,
  IDEMPOTENCY_FULL: 429,
  REQUEST_FAILED: 500,
  AUTH_BUSY: 503,
  AUTH_UNAVAILABLE: 503,
  SESSION_STOPPED: 503,
  SESSION_FAILED: 503,
};

/** A no to a request: its status follows from its code. The message is fit for whoever asked. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly code: Code;
  readonly retryAfterUs: number | null;
  readonly details: Readonly<Record<string, unknown>> | null;

  constructor(
    code: Code,
    message: string,
    more: { readonly retryAfterUs?: number; readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.code = code;
    this.retryAfterUs = more.retryAfterUs ?? null;
    this.details = more.details ?? null;
  }

  get status(): number {
    return STATUS[this.code] ?? 422;
  }

  body(correlationId: string): ApiError {
    const { code, message, details } = this;
    return { error: { code, message, correlationId, ...(details === null ? {} : { details }) } };
  }
}

/** The value of an answer. @throws HttpRefusal where it is a no */
export function valueOf<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new HttpRefusal(answer.code, answer.message, answer.retryAfterUs === undefined ? {} : { retryAfterUs: answer.retryAfterUs });
}
