import { bigint, boolean, index, integer, jsonb, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { KeyScope, Role } from '../../model/rights.ts';
import type { UserRecord } from '../../ports/user-store.ts';
import { SCHEMA } from './trading-tables.ts';

/*
 * Who may do what, and who did what: in no journal, so never deleted by a rebuild, and worth a backup. Nothing in here lets anybody in: passwords, tokens
 * and keys are hashes, secrets are sealed before they come.
 */

const whole = (name: string) => bigint(name, { mode: 'number' });

export const USERS = SCHEMA.table(
  'users',
  {
    userId: text('user_id').primaryKey(),
    name: text('name').notNull(),
    role: text('role').$type<Role>().notNull(),
    isDisabled: boolean('is_disabled').notNull(),
    passwordHash: text('password_hash').notNull(),
    oneTimeUntil: whole('one_time_until'),
    totp: text('totp').$type<UserRecord['totp']>().notNull(),
    totpStepUsed: whole('totp_step_used').notNull(),
    recoveryHashes: text('recovery_hashes').array().notNull(),
    knownAddresses: text('known_addresses').array().notNull(),
    tsCreated: whole('ts_created').notNull(),
    accessEpoch: integer('access_epoch').notNull(),
    revision: integer('revision').notNull(),
  },
  (table) => [uniqueIndex('users_by_name').on(table.name)],
);

/** Sign-ins, one per device. */
export const SESSIONS = SCHEMA.table(
  'sessions',
  {
    sessionId: text('session_id').primaryKey(),
    userId: text('user_id').notNull(),
    accessEpoch: integer('access_epoch').notNull(),
    address: text('address').notNull(),
    tsCreated: whole('ts_created').notNull(),
    tsUsed: whole('ts_used').notNull(),
    tsEnd: whole('ts_end').notNull(),
    endReason: text('end_reason'),
  },
  (table) => [index('sessions_by_user').on(table.userId, table.tsCreated), index('sessions_by_time').on(table.tsCreated)],
);

export const REFRESH_TOKENS = SCHEMA.table(
  'refresh_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    sessionId: text('session_id').notNull(),
    isSpent: boolean('is_spent').notNull(),
  },
  (table) => [index('refresh_tokens_by_session').on(table.sessionId)],
);

export const API_KEYS = SCHEMA.table(
  'api_keys',
  {
    keyId: text('key_id').primaryKey(),
    userId: text('user_id').notNull(),
    label: text('label').notNull(),
    secretHash: text('secret_hash').notNull(),
    scopes: text('scopes').array().$type<KeyScope[]>().notNull(),
    addresses: text('addresses').array().notNull(),
    tsCreated: whole('ts_created').notNull(),
    tsEnd: whole('ts_end').notNull(),
    isRevoked: boolean('is_revoked').notNull(),
    tsUsed: whole('ts_used'),
    addressUsed: text('address_used'),
  },
  (table) => [index('api_keys_by_user').on(table.userId, table.tsCreated)],
);

export const SECRETS = SCHEMA.table(
  'secrets',
  {
    userId: text('user_id').notNull(),
    venue: text('venue').notNull(),
    keyId: text('key_id').notNull(),
    masterVersion: integer('master_version').notNull(),
    wrappedKey: text('wrapped_key').notNull(),
    body: text('body').notNull(),
    revision: integer('revision').notNull(),
  },
  (table) => [
    primaryKey({ name: 'secrets_pkey', columns: [table.userId, table.venue, table.keyId] }),
    index('secrets_by_master_version').on(table.masterVersion),
  ],
);

/** One row, of number 1. */
export const MASTER_KEY = SCHEMA.table('master_key', {
  number: integer('number').primaryKey(),
  version: integer('version').notNull(),
  checks: jsonb('checks').notNull(),
  rotatingFrom: integer('rotating_from'),
  revision: integer('revision').notNull(),
});

export const IDEMPOTENCY = SCHEMA.table(
  'idempotency',
  {
    owner: text('owner').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    tsCreated: whole('ts_created').notNull(),
    outcome: text('outcome'),
  },
  (table) => [
    primaryKey({ name: 'idempotency_pkey', columns: [table.owner, table.key] }),
    index('idempotency_by_time').on(table.tsCreated),
  ],
);

/** Each record carries the hash of the one before; a trigger refuses to change or delete any. `before` and `after` are text: the hash covers their letters. */
export const AUDIT = SCHEMA.table(
  'audit',
  {
    sequence: whole('sequence').primaryKey(),
    ts: whole('ts').notNull(),
    actor: text('actor').notNull(),
    address: text('address').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    before: text('before').notNull(),
    after: text('after').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [
    index('audit_by_actor').on(table.actor, table.sequence),
    index('audit_by_action').on(table.action, table.sequence),
    index('audit_by_time').on(table.ts, table.sequence),
  ],
);

/** The end of the audit log, one row of number 1: it moves on by one record at a time, so that the newest cannot be left out unseen. */
export const AUDIT_HEAD = SCHEMA.table('audit_head', {
  number: integer('number').primaryKey(),
  sequence: whole('sequence').notNull(),
  hash: text('hash').notNull(),
});
