import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { AccessGrant } from '../../ports/gatekeeper.ts';

/** Names of the cookies. Behind TLS they carry the prefix that a browser takes from this host alone. */
export interface CookieNames {
  readonly access: string;
  readonly refresh: string;
}

export function cookieNames(isSecure: boolean): CookieNames {
  const prefix = isSecure ? '__Host-' : '';
  return { access: `${prefix}quanthybrid-access`, refresh: `${prefix}quanthybrid-refresh` };
}

/** What the plug-in of cookies adds to a reply; the types of its package leave it out. */
interface CookieReply {
  setCookie(name: string, value: string, options: object): unknown;
  clearCookie(name: string, options: object): unknown;
}

/** Gives and takes the cookies of a session. No page can read them, and no page of another site makes a browser send them. */
export class SessionCookies {
  readonly names: CookieNames;
  private readonly isSecure: boolean;

  constructor(isSecure: boolean) {
    this.isSecure = isSecure;
    this.names = cookieNames(isSecure);
  }

  give(reply: FastifyReply, { accessToken, tsAccessEnd, refreshToken, tsEnd }: AccessGrant): void {
    const options = this.options();
    const answer = reply as unknown as CookieReply;
    answer.setCookie(this.names.access, accessToken, { ...options, expires: new Date(tsAccessEnd / 1000) });
    answer.setCookie(this.names.refresh, refreshToken, { ...options, expires: new Date(tsEnd / 1000) });
  }

  take(reply: FastifyReply): void {
    for (const name of [this.names.access, this.names.refresh]) (reply as unknown as CookieReply).clearCookie(name, this.options());
  }

  private options() {
    return { httpOnly: true, secure: this.isSecure, sameSite: 'strict', path: '/' } as const;
  }
}

/** Tokens that only pages of this server can know: each belongs to one session, and dies with the process. */
export class CsrfTokens {
  private readonly key = randomBytes(32);

  tokenOf(accessId: string): string {
    return createHmac('sha256', this.key).update(accessId).digest('base64url');
  }

  isTokenOf(accessId: string, token: string | undefined): boolean {
    const expected = Buffer.from(this.tokenOf(accessId));
    const given = Buffer.from(token ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
