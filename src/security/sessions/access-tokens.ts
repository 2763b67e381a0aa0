import { randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { Secret } from '../../base/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import { randomId } from '../chance.ts';

/** Microseconds; SEC-07 asks for 15 minutes at most. */
export const ACCESS_LIFE_US_MAX = 10 * 60 * 1e6;
/** Characters of a token; longer ones are not looked at. */
export const TOKEN_CHARACTERS_MAX = 2048;
const KEY_LIFE_US = 24 * 3600 * 1e6;
const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';
const AUDIENCE = 'quanthybrid-api';

interface SigningKey {
  readonly keyId: string;
  readonly bytes: Uint8Array;
  readonly tsMade: number;
}

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * Short-lived signed tokens that name a session. The keys live in this process alone and change daily: a restart makes every access token worthless, and
 * the browser takes a new one with its refresh token.
 */
export class AccessTokens {
  private readonly clock: Clock;
  private readonly issuer: string;
  private current: SigningKey;
  private previous: SigningKey | null = null;

  constructor(clock: Clock, issuer: string) {
    this.clock = clock;
    this.issuer = issuer;
    this.current = makeKey(clock.now());
  }

  async issue({ userId, sessionId }: AccessClaims): Promise<{ readonly token: Secret; readonly tsEnd: number }> {
    const now = this.clock.now();
    if (now - this.current.tsMade >= KEY_LIFE_US) {
      this.previous = this.current;
      this.current = makeKey(now);
    }
    const seconds = Math.floor(now / 1e6);
    const token = await new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: this.current.keyId })
      .setIssuer(this.issuer)
      .setAudience(AUDIENCE)
      .setSubject(userId)
      .setIssuedAt(seconds)
      .setNotBefore(seconds)
      .setExpirationTime(seconds + ACCESS_LIFE_US_MAX / 1e6)
      .sign(this.current.bytes);
    return { token: new Secret(token), tsEnd: seconds * 1e6 + ACCESS_LIFE_US_MAX };
  }

  /** @returns null for whatever is not a token of ours that is good now */
  async verify(token: Secret): Promise<AccessClaims | null> {
    const text = token.reveal();
    if (text.length > TOKEN_CHARACTERS_MAX) return null;
    try {
      const { payload } = await jwtVerify(text, ({ kid }) => this.keyOf(kid), {
        algorithms: [ALGORITHM],
        issuer: this.issuer,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['sub', 'sid', 'iat', 'nbf', 'exp'],
        maxTokenAge: ACCESS_LIFE_US_MAX / 1e6,
        currentDate: new Date(this.clock.now() / 1000),
      });
      const { sub, sid } = payload;
      return typeof sub === 'string' && typeof sid === 'string' ? { userId: sub, sessionId: sid } : null;
    } catch {
      // Whatever is wrong with it, the answer is the same.
      return null;
    }
  }

  private keyOf(keyId: string | undefined): Uint8Array {
    const key = [this.current, this.previous].find((one) => one?.keyId === keyId);
    if (key === undefined || key === null) throw new Error('the key id is not one of ours');
    return key.bytes;
  }
}

function makeKey(tsMade: number): SigningKey {
  return { keyId: randomId(), bytes: randomBytes(32), tsMade };
}
