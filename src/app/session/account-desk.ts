import { Secret } from '../../base/secret.ts';
import { DAY_US } from '../../model/civil-date.ts';
import type { AccountDesk, OneTimePassword } from '../../ports/account-desk.ts';
import { type Answer, mapped } from '../../ports/answer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Caller, Grant } from '../../ports/gatekeeper.ts';
import type { AuthManager } from '../../security/auth-manager.ts';
import { type Permit, permitOf } from '../../security/authorizer.ts';
import type { OwnAccount } from '../../security/users/own-account.ts';
import type { OneTimePassword as GivenPassword, UserAdministration } from '../../security/users/user-administration.ts';

/** Users, keys and own accounts as the API asks for them, over the manager of authentication. */
export function accountDeskOf(auth: AuthManager, clock: Clock): AccountDesk {
  const managing = <T>(grant: Grant, act: (users: UserAdministration, permit: Permit<'users:manage'>) => Promise<Answer<T>>) =>
    auth.manageUsers((users) => act(users, permitOf(grant, 'users:manage')));
  const own = <T>(caller: Caller, act: (account: OwnAccount) => Promise<Answer<T>>) => auth.manageOwn(caller, act);
  const codes = async (answer: Promise<Answer<readonly Secret[]>>) => mapped(await answer, (list) => list.map((code) => code.reveal()));
  return {
    users: (grant) => auth.manageUsers(async (users) => ({ ok: true, value: await users.list(permitOf(grant, 'users:read')) })),
    createUser: async (grant, name, role) =>
      mapped(await managing(grant, (users, permit) => users.create(permit, name, role)), shownPassword),
    setRole: (grant, name, role) => managing(grant, (users, permit) => users.setRole(permit, name, role)),
    disableUser: (grant, name) => managing(grant, (users, permit) => users.disable(permit, name)),
    unlockUser: (grant, name) => managing(grant, (users, permit) => users.unlock(permit, name)),
    resetUser: async (grant, name, dropSecondFactor) =>
      mapped(await managing(grant, (users, permit) => users.reset(permit, name, { dropSecondFactor })), shownPassword),
    keys: async ({ userId }) => mapped(await auth.listKeys(userId), (keys) => keys.map(({ userId: _, ...key }) => key)),
    createKey: async (grant, { days, ...terms }) => {
      const tsEnd = clock.now() + days * DAY_US;
      const made = await auth.createKey(permitOf(grant, 'keys:add'), { ...terms, tsEnd });
      return mapped(made, ({ keyId, key }) => ({ keyId, key: key.reveal(), tsEnd }));
    },
    revokeKey: (grant, { userId }, keyId) => auth.revokeKey(permitOf(grant, 'keys:revoke'), userId, keyId),
    sessions: (caller) => own(caller, (account) => account.sessions(caller)),
    endSession: (caller, sessionId) => own(caller, (account) => account.endSession(caller, sessionId)),
    secondFactor: (caller) => own(caller, (account) => account.secondFactor(caller)),
    beginSecondFactor: async (caller, password) =>
      mapped(await own(caller, (account) => account.beginSecondFactor(caller, new Secret(password))), (address) => address.reveal()),
    confirmSecondFactor: (caller, code) => codes(own(caller, (account) => account.confirmSecondFactor(caller, new Secret(code)))),
    renewRecoveryCodes: (caller, code) => codes(own(caller, (account) => account.renewRecoveryCodes(caller, new Secret(code)))),
    removeSecondFactor: (caller, code) => own(caller, (account) => account.removeSecondFactor(caller, new Secret(code))),
  };
}

function shownPassword({ name, password, tsEnd }: GivenPassword): OneTimePassword {
  return { name, password: password.reveal(), tsEnd };
}
