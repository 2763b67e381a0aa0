import { ApiWorld, type WorldOptions } from '../../src/adapters/http/api-world.fixture.ts';
import { accountDeskOf } from '../../src/app/session/account-desk.ts';
import { gatekeeperOf } from '../../src/app/session/desk-access.ts';
import type { Gatekeeper } from '../../src/ports/gatekeeper.ts';
import { authWorld, type World } from '../../src/security/auth-world.fixture.ts';

/** Cookies are for browsers, whose clock is another than the world's. */
const COOKIES_END_TS = Date.UTC(2200, 0) * 1000;

export interface AccessWorld {
  readonly api: ApiWorld;
  readonly access: World;
}

/** The real manager of authentication behind the real server, both in memory. */
export async function startAccessWorld(options: WorldOptions = {}): Promise<AccessWorld> {
  const access = await authWorld();
  const { auth, clock } = access;
  const gatekeeper = lasting(gatekeeperOf(auth));
  const api = await ApiWorld.start({ ...options, access: { gatekeeper, accounts: accountDeskOf(auth, clock) } });
  return { api, access };
}

function lasting(gatekeeper: Gatekeeper): Gatekeeper {
  const ends = { tsAccessEnd: COOKIES_END_TS, tsEnd: COOKIES_END_TS };
  return {
    ...gatekeeper,
    signIn: async (asked) => {
      const answer = await gatekeeper.signIn(asked);
      return answer.ok ? { ok: true, value: { ...answer.value, ...ends } } : answer;
    },
    changePassword: async (caller, current, next) => {
      const answer = await gatekeeper.changePassword(caller, current, next);
      return answer.ok ? { ok: true, value: { ...answer.value, ...ends } } : answer;
    },
  };
}

/** Somebody signed in, as a browser is. */
export class Visitor {
  private readonly api: ApiWorld;
  private cookie = '';
  private csrf = '';

  constructor(api: ApiWorld) {
    this.api = api;
  }

  async signIn(name: string, password: string, code?: string): Promise<Awaited<ReturnType<ApiWorld['send']>>> {
    const reply = await this.api.send('POST', '/auth/login', { name, password, ...(code === undefined ? {} : { code }) });
    if (reply.status === 200) this.remember(reply);
    return reply;
  }

  async changePassword(current: string, next: string): Promise<Awaited<ReturnType<ApiWorld['send']>>> {
    const reply = await this.send('POST', '/auth/password', { current, next });
    if (reply.status === 200) this.remember(reply);
    return reply;
  }

  send(method: string, path: string, body?: unknown): ReturnType<ApiWorld['send']> {
    return this.api.send(method, path, body, { cookie: this.cookie, 'x-csrf-token': this.csrf });
  }

  /** Confirms the act, then does it. */
  async confirmed(act: string, proof: string, method: string, path: string, body?: unknown): ReturnType<ApiWorld['send']> {
    await this.send('POST', '/auth/step-up', { act, proof });
    return this.send(method, path, body);
  }

  private remember({ headers, body }: Awaited<ReturnType<ApiWorld['send']>>): void {
    this.cookie = headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    this.csrf = body.csrfToken;
  }
}
