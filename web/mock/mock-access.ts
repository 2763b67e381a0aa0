import type { ApiKeyInfo, SessionInfo, UserInfo } from '../../src/contract/api/access.ts';

const HOUR_US = 3600e6;
const DAY_US = 24 * HOUR_US;

/** Users, keys and sessions of the made-up desk: to be looked at. */
export function accessAnswers(now: number): Readonly<Record<string, () => unknown>> {
  const user = (name: string, role: UserInfo['role'], more: Partial<UserInfo> = {}): UserInfo => ({
    ...{ userId: name, name, role, isDisabled: false, hasSecondFactor: true, mustChangePassword: false, tsCreated: now - DAY_US },
    ...more,
  });
  const key = (label: string, scopes: ApiKeyInfo['scopes'], more: Partial<ApiKeyInfo> = {}): ApiKeyInfo => ({
    ...{ keyId: label, label, scopes, addresses: [], tsCreated: now - DAY_US, tsEnd: now + 60 * DAY_US, isRevoked: false },
    ...{ tsUsed: now - HOUR_US, addressUsed: '127.0.0.1', ...more },
  });
  const session = (address: string, isThis: boolean): SessionInfo => ({
    ...{ session: address, address, isThis, tsCreated: now - HOUR_US, tsUsed: now - 60e6, tsEnd: now + 11 * HOUR_US },
  });
  return {
    '/users': () => ({
      items: [
        user('anna', 'admin'),
        user('newcomer', 'trader', { mustChangePassword: true, hasSecondFactor: false }),
        user('rick', 'risk'),
        user('tess', 'trader', { isDisabled: true }),
      ],
    }),
    '/api-keys': () => ({ items: [key('rebalancer', ['read', 'trade']), key('old bot', ['read'], { isRevoked: true, tsUsed: null })] }),
    '/auth/sessions': () => ({ items: [session('127.0.0.1', true), session('192.0.2.17', false)] }),
    '/auth/totp': () => ({ state: 'NONE', recoveryCodesLeft: 0 }),
    '/auth/totp/begin': () => ({
      uri: 'otpauth://totp/QuantHybrid:anna?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=QuantHybrid',
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    }),
  };
}
