const BASE = '/api/v1';
const TIMEOUT_MS = 15_000;

/** What the server says of something that it will not do. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly correlationId: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false; readonly status: number } & Refusal);

interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  /** Makes a repeated request harmless: the server does it once. */
  readonly idempotencyKey?: string;
}

/** From the answer to a sign-in; a page that was loaded anew asks for it. */
let csrfToken = '';
let onSignedOut: () => void = () => undefined;
let refreshing: Promise<boolean> | null = null;

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** A text of 128 random bits. */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function refusalOf(status: number, body: unknown): Answer<never> {
  const error = (typeof body === 'object' && body !== null && 'error' in body ? body.error : body) as Record<string, unknown> | null;
  const text = (key: string) => (typeof error?.[key] === 'string' ? error[key] : '');
  return {
    ok: false,
    status,
    code: text('code') || `HTTP_${status}`,
    message: text('message') || 'The server gave no reason.',
    correlationId: text('correlationId'),
    details: (error?.['details'] ?? {}) as Readonly<Record<string, unknown>>,
  };
}

async function once<T>(path: string, { method = 'GET', body, idempotencyKey }: CallOptions): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET') headers['x-csrf-token'] = csrfToken;
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  let response: Response;
  try {
    response = await fetch(`${BASE}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    const message =
      method === 'GET'
        ? 'The server does not answer.'
        : 'The server does not answer. Whether it was done is not known: look before you ask again.';
    return { ok: false, status: 0, code: 'NO_ANSWER', message, correlationId: '', details: {} };
  }
  let parsed: unknown = null;
  try {
    parsed = response.status === 204 ? null : await response.json();
  } catch {
    if (response.ok)
      return { ok: false, status: response.status, code: 'NO_JSON', message: 'The answer is not JSON.', correlationId: '', details: {} };
  }
  return response.ok ? { ok: true, value: parsed as T } : refusalOf(response.status, parsed);
}

/** One refresh at a time: a refresh token that comes twice ends the session. */
function refreshed(): Promise<boolean> {
  refreshing ??= once<{ csrfToken?: string }>('/auth/refresh', { method: 'POST' }).then((answer) => {
    refreshing = null;
    if (answer.ok && answer.value?.csrfToken !== undefined) csrfToken = answer.value.csrfToken;
    return answer.ok;
  });
  return refreshing;
}

/** Asks the API. An access that has run out is renewed once; where that fails, the page is told that nobody is signed in. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const answer = await once<T>(path, options);
  // A proof that is wrong is no access that has run out: asked again, it would count twice.
  if (answer.ok || answer.status !== 401 || path === '/auth/login' || answer.code === 'AUTH_FAILED') return answer;
  if (await refreshed()) return once<T>(path, options);
  onSignedOut();
  return answer;
}
