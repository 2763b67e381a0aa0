import { type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { valueOf } from '../refusal.ts';
import { NewUser, OneTimePasswordInfo, RoleChange, UserList, UserParams, UserReset } from '../../../contract/api/access.ts';
import { Done } from '../../../contract/api/scalars.ts';

const params = UserParams;

/** Users, for whoever manages them. Each act asks for a confirmation of its own (SEC-06); looking does not. No answer with a password is ever kept. */
export const USER_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/users',
    access: 'users:read',
    cost: COST.read,
    summary: 'Every user, disabled ones included',
    answer: UserList,
    handle: async ({ grant }, { accounts }) => ({ items: valueOf(await accounts.users(grant!)).map((user) => ({ ...user })) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/users',
    access: 'users:manage',
    cost: COST.change,
    summary: 'Make a user, who begins with a one-time password; it is shown here and never again',
    body: NewUser,
    answer: OneTimePasswordInfo,
    status: 201,
    handle: async ({ grant, body: { name, role } }, { accounts }) => ({ ...valueOf(await accounts.createUser(grant!, name, role)) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/users/:user/role',
    access: 'users:manage',
    cost: COST.change,
    summary: 'Give a user another role; what they have open ends',
    params,
    body: RoleChange,
    answer: Done,
    handle: async (call, { accounts }) => {
      valueOf(await accounts.setRole(call.grant!, call.params.user, call.body.role));
      return { done: true };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/users/:user/disable',
    access: 'users:manage',
    cost: COST.change,
    summary: 'Disable a user; what they have open ends',
    params,
    answer: Done,
    handle: async (call, { accounts }) => {
      valueOf(await accounts.disableUser(call.grant!, call.params.user));
      return { done: true };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/users/:user/unlock',
    access: 'users:manage',
    cost: COST.change,
    summary: 'Enable a user again and end their waiting after wrong passwords; what they have open ends',
    params,
    answer: Done,
    handle: async (call, { accounts }) => {
      valueOf(await accounts.unlockUser(call.grant!, call.params.user));
      return { done: true };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/users/:user/reset',
    access: 'users:manage',
    cost: COST.change,
    summary: 'For a lost password: a one-time password, shown here and never again; what the user has open ends',
    params,
    body: UserReset,
    answer: OneTimePasswordInfo,
    handle: async (call, { accounts }) => ({
      ...valueOf(await accounts.resetUser(call.grant!, call.params.user, call.body.dropSecondFactor)),
    }),
  }),
];
