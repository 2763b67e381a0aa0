import { z } from 'zod';
import { KEY_SCOPES, ROLES } from '../../model/rights.ts';
import { SECRET_BYTES_MAX } from '../../security/secrets/secret-administration.ts';

const name = z.string().max(64);
const secretName = { owner: name, venue: z.string().max(64), keyId: z.string().max(64) };

/** What the command line can do to users, keys and secrets, and ask of the audit log; as a line of JSON where a session that runs does it for it. */
export const ConsoleAct = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user-list') }),
  z.strictObject({ kind: z.literal('user-add'), name, role: z.enum(ROLES) }),
  z.strictObject({ kind: z.literal('user-disable'), name }),
  z.strictObject({ kind: z.literal('user-role'), name, role: z.enum(ROLES) }),
  z.strictObject({ kind: z.literal('user-reset'), name, dropSecondFactor: z.boolean() }),
  z.strictObject({ kind: z.literal('user-unlock'), name }),
  z.strictObject({ kind: z.literal('user-totp-off'), name }),
  z.strictObject({ kind: z.literal('apikey-list'), owner: name.nullable() }),
  z.strictObject({
    kind: z.literal('apikey-create'),
    owner: name,
    label: z.string().max(200),
    scopes: z.array(z.enum(KEY_SCOPES)).max(10),
    addresses: z.array(z.string().max(64)).max(100),
    days: z.number().int(),
  }),
  z.strictObject({ kind: z.literal('apikey-revoke'), keyId: name }),
  z.strictObject({ kind: z.literal('secret-list') }),
  z.strictObject({ kind: z.literal('secret-set'), ...secretName, secret: z.string().max(SECRET_BYTES_MAX) }),
  z.strictObject({ kind: z.literal('secret-delete'), ...secretName }),
  z.strictObject({ kind: z.literal('secret-rotate') }),
  z.strictObject({
    kind: z.literal('audit-verify'),
    kept: z.strictObject({ sequence: z.number().int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  }),
]);
export type ConsoleAct = z.infer<typeof ConsoleAct>;

export function isAboutSecrets({ kind }: ConsoleAct): boolean {
  return kind.startsWith('secret-');
}
