import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What {@link Desk.signIn} sets in the place of the first password. */
export const DESK_PASSWORD = 'seven quiet herons at dusk';

/** The one-time password of the first start; no terminal shows it here. */
export function firstPassword(sessionFolder: string): string {
  return readFileSync(path.join(sessionFolder, 'one-time-password-admin.txt'), 'utf8').trim();
}

/** What whoever is signed in needs to ask for something, as plain data. */
export interface DeskAccess {
  readonly url: string;
  readonly cookies: string;
  readonly csrf: string;
}

/** Somebody at the desk, as a browser is: by cookies, with the token that changes need. */
export class Desk {
  access: DeskAccess;

  private constructor(url: string) {
    this.access = { url, cookies: '', csrf: '' };
  }

  /** @param isFirst the password is good once, and another is set */
  static async signIn(url: string, password: string, isFirst = true): Promise<Desk> {
    const desk = new Desk(url);
    await desk.enter('/auth/login', { name: 'admin', password });
    if (isFirst) await desk.enter('/auth/password', { current: password, next: DESK_PASSWORD });
    return desk;
  }

  refresh(): Promise<void> {
    return this.enter('/auth/refresh', undefined);
  }

  /** Whatever the answer is. */
  async send(
    method: string,
    route: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await request(this.access, method, route, body, headers);
    return { status: response.status, body: await response.json() };
  }

  private async enter(route: string, body: unknown): Promise<void> {
    const response = await granted(this.access, route, body);
    const { csrfToken: csrf } = (await response.json()) as { readonly csrfToken: string };
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    this.access = { url: this.access.url, cookies: cookies.join('; '), csrf };
  }
}

/** A ticket for one stream. */
export async function takeTicket(access: DeskAccess): Promise<string> {
  const response = await granted(access, '/auth/ws-ticket', undefined);
  return ((await response.json()) as { readonly ticket: string }).ticket;
}

/** Where too much was asked for at once it waits as long as it is told. @throws Error where it is refused otherwise */
async function granted(access: DeskAccess, route: string, body: unknown): Promise<Response> {
  for (;;) {
    const response = await request(access, 'POST', route, body, {});
    if (response.ok) return response;
    if (response.status !== 429) throw new Error(`POST ${route}: ${response.status} ${await response.text()}`);
    const waitS = Number(response.headers.get('retry-after') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, waitS * 1000));
  }
}

function request(
  { url, cookies, csrf }: DeskAccess,
  method: string,
  route: string,
  body: unknown,
  more: Readonly<Record<string, string>>,
): Promise<Response> {
  const isSent = body !== undefined;
  const headers = {
    ...(isSent ? { 'content-type': 'application/json' } : {}),
    cookie: cookies,
    'x-csrf-token': csrf,
    origin: url,
    ...more,
  };
  return fetch(`${url}/api/v1${route}`, { method, headers, ...(isSent ? { body: JSON.stringify(body) } : {}) });
}
