/** What a person or a program may be permitted to do. A route of the API names one of these, or says that it is open to everybody. */
export const RIGHTS = {
  'market:read': 'see instruments, prices, candles and order books',
  'account:read': 'see orders, fills, positions, balances and performance',
  'risk:read': 'see limits, their usage, denials and the trading state',
  'runs:read': 'see runs, their reports and the state of strategies',
  'orders:place': 'place and modify orders',
  'orders:cancel': 'cancel orders',
  'strategies:control': 'start and stop strategies, change their parameters',
  'runs:start': 'start backtests',
  'kill:throw': 'throw the kill switch, reduce or halt trading',
  'kill:reset': 'release the kill switch, set trading back to active',
  'risk:change': 'tighten limits',
  'risk:raise': 'raise or remove limits',
  'live:enable': 'switch to live trading',
  'secrets:manage': 'add, replace and remove keys of venues, rotate the master key',
  'keys:add': 'create API keys of one’s own',
  'keys:revoke': 'list and revoke API keys of one’s own',
  'users:read': 'see users, their roles and whether they are disabled',
  'users:manage': 'create users, change roles, disable, unlock and reset them',
  'audit:read': 'read the audit log',
  'system:manage': 'change the configuration, make and restore backups, update',
} as const;
export type Right = keyof typeof RIGHTS;

export const ROLES = ['viewer', 'trader', 'risk', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const VIEWER: readonly Right[] = ['market:read', 'account:read', 'risk:read', 'runs:read', 'keys:add', 'keys:revoke'];
const TRADER: readonly Right[] = [...VIEWER, 'orders:place', 'orders:cancel', 'strategies:control', 'runs:start', 'kill:throw'];
/** Whoever sets the limits does not trade under them; stopping is open to both. */
const RISK: readonly Right[] = [...VIEWER, 'orders:cancel', 'kill:throw', 'kill:reset', 'risk:change', 'risk:raise', 'audit:read'];

export const RIGHTS_OF_ROLE: Readonly<Record<Role, ReadonlySet<Right>>> = {
  viewer: new Set(VIEWER),
  trader: new Set(TRADER),
  risk: new Set(RISK),
  admin: new Set(Object.keys(RIGHTS) as Right[]),
};

/** Acts before which the second factor is asked for again (until it is enrolled: the password). API keys cannot do them, for they have neither. */
export const STEP_UP_RIGHTS: ReadonlySet<Right> = new Set<Right>([
  'kill:reset',
  'risk:raise',
  'live:enable',
  'secrets:manage',
  'keys:add',
  'users:manage',
]);

export const KEY_SCOPES = ['read', 'trade', 'admin'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** What a scope lets through of the rights of the key's owner; a key never has more than its owner. */
export const RIGHTS_OF_SCOPE: Readonly<Record<KeyScope, ReadonlySet<Right>>> = {
  read: new Set<Right>(['market:read', 'account:read', 'risk:read', 'runs:read']),
  trade: new Set<Right>(TRADER.filter((right) => !right.startsWith('keys:'))),
  admin: new Set((Object.keys(RIGHTS) as Right[]).filter((right) => !STEP_UP_RIGHTS.has(right))),
};
