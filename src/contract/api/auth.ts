import { type Static, Type } from '@sinclair/typebox';
import { exactly, oneOf, Text, Ts } from './scalars.ts';

/** Characters of a password, code or ticket in a request; what is longer is refused unread. */
export const API_SECRET_MAX = 1024;

const SecretText = Type.String({ minLength: 1, maxLength: API_SECRET_MAX });

export const Login = exactly({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  password: SecretText,
  code: Type.Optional(SecretText),
});
export type Login = Static<typeof Login>;

/** Tokens come as cookies and never in a body. `csrfToken` goes back in the header `x-csrf-token` of whatever changes something. */
export const SignedIn = exactly({
  userName: Text,
  mustChangePassword: Type.Boolean(),
  csrfToken: Text,
  tsAccessEnd: Ts,
  tsEnd: Ts,
});
export type SignedIn = Static<typeof SignedIn>;

export const Me = exactly({
  userName: Text,
  kind: oneOf(['SESSION', 'API_KEY']),
  role: oneOf(['viewer', 'trader', 'risk', 'admin']),
  rights: Type.Array(Text),
  mustChangePassword: Type.Boolean(),
  csrfToken: Text,
  tsEnd: Ts,
});
export type Me = Static<typeof Me>;

/** `act` is the right whose use is confirmed; the proof is a code, or the password while there is no second factor. */
export const StepUp = exactly({ act: Type.String({ maxLength: 64 }), proof: SecretText });
export type StepUp = Static<typeof StepUp>;

export const ChangePassword = exactly({ current: SecretText, next: SecretText });
export type ChangePassword = Static<typeof ChangePassword>;

/** Good once, for half a minute, from the same address. */
export const Ticket = exactly({ ticket: Text });
export type Ticket = Static<typeof Ticket>;
