import { describe, expect, it } from 'vitest';
import { KEY_SCOPES, RIGHTS, RIGHTS_OF_ROLE, RIGHTS_OF_SCOPE, ROLES, STEP_UP_RIGHTS, type Right } from './rights.ts';

describe('roles and rights', () => {
  it('an admin holds every right, and every right is held by a role', () => {
    expect([...RIGHTS_OF_ROLE.admin].sort()).toEqual(Object.keys(RIGHTS).sort());
    for (const role of ROLES) for (const right of RIGHTS_OF_ROLE[role]) expect(RIGHTS_OF_ROLE.admin.has(right)).toBe(true);
  });

  it('a viewer changes nothing but keys of their own, a trader sets no limit, and who sets limits places no order', () => {
    const has = (role: 'viewer' | 'trader' | 'risk', ...rights: Right[]) => rights.filter((right) => RIGHTS_OF_ROLE[role].has(right));
    const changing = Object.keys(RIGHTS).filter((right) => !right.endsWith(':read') && !right.startsWith('keys:')) as Right[];
    expect(has('viewer', ...changing)).toEqual([]);
    expect(has('trader', 'risk:change', 'risk:raise', 'kill:reset', 'live:enable', 'users:manage', 'secrets:manage', 'audit:read')).toEqual(
      [],
    );
    expect(has('risk', 'orders:place', 'strategies:control', 'live:enable', 'users:manage', 'secrets:manage')).toEqual([]);
  });

  it('everybody who may trade or watch risk may stop it', () => {
    for (const role of ['trader', 'risk', 'admin'] as const)
      for (const right of ['kill:throw', 'orders:cancel'] as const) expect(RIGHTS_OF_ROLE[role].has(right)).toBe(true);
  });

  it('SEC-06: no scope of an API key has a right that asks for the second factor', () => {
    for (const scope of KEY_SCOPES) for (const right of RIGHTS_OF_SCOPE[scope]) expect(STEP_UP_RIGHTS.has(right)).toBe(false);
    for (const right of ['live:enable', 'risk:raise', 'keys:add', 'secrets:manage', 'kill:reset'] as const)
      expect(STEP_UP_RIGHTS.has(right)).toBe(true);
  });
});
