const PASSWORD = 'seven quiet herons at dusk';

/** What a client needs to take tickets. */
export interface DeskAccess {
  readonly url: string;
  readonly cookies: string;
  readonly csrf: string;
}

/** Somebody at the desk, as a browser is: by cookies, with the token that changes need. */
export class DeskUser {
  private readonly url: string;
  private cookies = '';
  private csrf = '';

  private constructor(url: string) {
    this.url = url;
  }

  /** @param password of the first sign-in: it is good once, and another is set */
  static async signIn(url: string, password: string): Promise<DeskUser> {
    const user = new DeskUser(url);
    await user.enter('/auth/login', { name: 'admin', password });
    await user.enter('/auth/password', { current: password, next: PASSWORD });
    return user;
  }

  get access(): DeskAccess {
    return { url: this.url, cookies: this.cookies, csrf: this.csrf };
  }

  refresh(): Promise<void> {
    return this.enter('/auth/refresh', undefined);
  }

  async get(route: string): Promise<unknown> {
    const response = await request(this.access, 'GET', route, undefined);
    return response.json();
  }

  private async enter(route: string, body: unknown): Promise<void> {
    const response = await request(this.access, 'POST', route, body);
    const { csrfToken } = (await response.json()) as { readonly csrfToken: string };
    this.cookies = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
    this.csrf = csrfToken;
  }
}

/** A ticket for one stream. Where too many were asked for at once it waits as long as it is told. */
export async function takeTicket(access: DeskAccess): Promise<string> {
  const response = await request(access, 'POST', '/auth/ws-ticket', undefined);
  return ((await response.json()) as { readonly ticket: string }).ticket;
}

async function request({ url, cookies, csrf }: DeskAccess, method: string, route: string, body: unknown): Promise<Response> {
  const isSent = body !== undefined;
  const headers = { ...(isSent ? { 'content-type': 'application/json' } : {}), cookie: cookies, 'x-csrf-token': csrf, origin: url };
  for (;;) {
    const response = await fetch(`${url}/api/v1${route}`, { method, headers, ...(isSent ? { body: JSON.stringify(body) } : {}) });
    if (response.ok) return response;
    if (response.status !== 429) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    const waitS = Number(response.headers.get('retry-after') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, waitS * 1000));
  }
}
