import { type Static, Type } from '@sinclair/typebox';
import { API_SECRET_MAX } from './auth.ts';
import { Count, exactly, oneOf, orNull, Text, Ts } from './scalars.ts';

const SecretText = Type.String({ minLength: 1, maxLength: API_SECRET_MAX });
const RoleName = oneOf(['viewer', 'trader', 'risk', 'admin']);
const ScopeName = oneOf(['read', 'trade', 'admin']);

export const UserName = Type.String({ pattern: '^[a-z][a-z0-9._-]{0,63}$', maxLength: 64, description: 'name of a user' });
const KeyId = Type.String({ pattern: '^[0-9a-f]{32}$', maxLength: 32, description: 'id of an API key' });
const SessionId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', maxLength: 64, description: 'id of a session; it opens nothing' });

export const UserParams = exactly({ user: UserName });
export const KeyParams = exactly({ key: KeyId });
export const SessionParams = exactly({ session: SessionId });

export const UserInfo = exactly({
  userId: Text,
  name: Text,
  role: RoleName,
  isDisabled: Type.Boolean(),
  hasSecondFactor: Type.Boolean(),
  mustChangePassword: Type.Boolean(),
  tsCreated: Ts,
});
export type UserInfo = Static<typeof UserInfo>;
export const UserList = exactly({ items: Type.Array(UserInfo) });
export type UserList = Static<typeof UserList>;

export const NewUser = exactly({ name: UserName, role: RoleName });
export type NewUser = Static<typeof NewUser>;

export const RoleChange = exactly({ role: RoleName });
export const UserReset = exactly({ dropSecondFactor: Type.Boolean() });

/** Shown once, to whoever asked; good for setting another. */
export const OneTimePasswordInfo = exactly({ name: Text, password: Text, tsEnd: Ts });
export type OneTimePasswordInfo = Static<typeof OneTimePasswordInfo>;

export const ApiKeyInfo = exactly({
  keyId: Text,
  label: Text,
  scopes: Type.Array(ScopeName),
  addresses: Type.Array(Text),
  tsCreated: Ts,
  tsEnd: Ts,
  isRevoked: Type.Boolean(),
  tsUsed: orNull(Ts),
  addressUsed: orNull(Text),
});
export type ApiKeyInfo = Static<typeof ApiKeyInfo>;
export const ApiKeyList = exactly({ items: Type.Array(ApiKeyInfo) });
export type ApiKeyList = Static<typeof ApiKeyList>;

export const NewApiKey = exactly({
  label: Type.String({ minLength: 1, maxLength: 64 }),
  scopes: Type.Array(ScopeName, { minItems: 1, maxItems: 3 }),
  addresses: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 32 }),
  days: Type.Integer({ minimum: 1, maximum: 366 }),
});
export type NewApiKey = Static<typeof NewApiKey>;

/** The key itself is shown here and never again. */
export const MadeApiKey = exactly({ keyId: Text, key: Text, tsEnd: Ts });
export type MadeApiKey = Static<typeof MadeApiKey>;

export const SessionInfo = exactly({
  session: Text,
  address: Text,
  tsCreated: Ts,
  tsUsed: Ts,
  tsEnd: Ts,
  isThis: Type.Boolean(),
});
export type SessionInfo = Static<typeof SessionInfo>;
export const SessionList = exactly({ items: Type.Array(SessionInfo) });
export type SessionList = Static<typeof SessionList>;

export const SecondFactorInfo = exactly({ state: oneOf(['NONE', 'PENDING', 'ACTIVE']), recoveryCodesLeft: Count });
export type SecondFactorInfo = Static<typeof SecondFactorInfo>;

export const BeginSecondFactor = exactly({ password: SecretText });
/** What an authenticator app reads, as an address for a picture and as a text to type. */
export const SecondFactorBegun = exactly({ uri: Text, secret: Text });
export type SecondFactorBegun = Static<typeof SecondFactorBegun>;

export const CodeProof = exactly({ code: SecretText });
/** Each good once, in the place of a code; shown once. */
export const RecoveryCodes = exactly({ codes: Type.Array(Text) });
export type RecoveryCodes = Static<typeof RecoveryCodes>;
