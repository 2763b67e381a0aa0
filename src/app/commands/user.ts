import type { Command } from 'commander';
import { instantText } from '../../model/instant.ts';
import { type Role, ROLES } from '../../model/rights.ts';
import { InputError } from '../../ports/errors.ts';
import type { UserLine } from '../../ports/account-desk.ts';
import { ACCESS_HELP, type AccessCommandOptions, runAct, withAccessOptions } from './access-frame.ts';

export function registerUser(program: Command): void {
  const user = program
    .command('user')
    .description('users of a session or a database: list, add, disable, roles, lost passwords')
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid user list
  $ quanthybrid user add ada --role trader       prints a password that is good once, for setting one of her own
  $ quanthybrid user role ada risk               ends what she has open
  $ quanthybrid user reset ada                   a lost password
  $ quanthybrid user totp-off ada                a lost authenticator app
  $ quanthybrid user unlock ada                  enable again, or end the waiting after wrong passwords
  $ quanthybrid user disable ada                 nothing of hers opens any more; what she did stays in the audit log
${ACCESS_HELP}`,
    );
  withAccessOptions(user.command('list'))
    .description('every user, with role and state')
    .action((options: AccessCommandOptions) =>
      runAct(
        options,
        () => ({ kind: 'user-list' }),
        'users',
        ({ users }) => userLines(users),
      ),
    );
  withAccessOptions(user.command('add'))
    .description('make a user, who begins with a one-time password')
    .argument('<name>', 'lower-case letters, digits, dots, hyphens, underscores')
    .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
    .action((name: string, options: AccessCommandOptions & { readonly role: string }) =>
      runAct(
        options,
        () => ({ kind: 'user-add', name, role: roleOf(options.role, '--role') }),
        'password',
        ({ tsEnd }) => [goodUntil(tsEnd)],
      ),
    );
  withAccessOptions(user.command('disable'))
    .alias('remove')
    .description('disable a user: nothing of theirs opens any more; records of what they did stay')
    .argument('<name>')
    .action((name: string, options: AccessCommandOptions) =>
      runAct(
        options,
        () => ({ kind: 'user-disable', name }),
        'done',
        () => [`${name} is disabled; what was open is closed.`],
      ),
    );
  withAccessOptions(user.command('role'))
    .description('give a user another role; what they have open ends')
    .argument('<name>')
    .argument('<role>', `one of ${ROLES.join(', ')}`)
    .action((name: string, role: string, options: AccessCommandOptions) =>
      runAct(
        options,
        () => ({ kind: 'user-role', name, role: roleOf(role, 'role') }),
        'done',
        () => [`${name} is ${role} now.`],
      ),
    );
  registerWaysBackIn(user);
}

/** For who cannot sign in any more. */
function registerWaysBackIn(user: Command): void {
  withAccessOptions(user.command('reset'))
    .description('a lost password: a one-time password, every session ended, no waiting left')
    .argument('<name>')
    .option('--totp-off', 'drop the second factor as well')
    .action((name: string, options: AccessCommandOptions & { readonly totpOff?: boolean }) =>
      runAct(
        options,
        () => ({ kind: 'user-reset', name, dropSecondFactor: options.totpOff === true }),
        'password',
        ({ tsEnd }) => [goodUntil(tsEnd)],
      ),
    );
  withAccessOptions(user.command('unlock'))
    .description('enable a user again and end their waiting after wrong passwords')
    .argument('<name>')
    .action((name: string, options: AccessCommandOptions) =>
      runAct(
        options,
        () => ({ kind: 'user-unlock', name }),
        'done',
        () => [`${name} may sign in; what was open is closed.`],
      ),
    );
  withAccessOptions(user.command('totp-off'))
    .description('a lost authenticator app: the password is enough until a second factor is enrolled again')
    .argument('<name>')
    .action((name: string, options: AccessCommandOptions) =>
      runAct(
        options,
        () => ({ kind: 'user-totp-off', name }),
        'done',
        () => [`${name} has no second factor now; what was open is closed.`],
      ),
    );
}

function roleOf(text: string, column: string): Role {
  const role = ROLES.find((each) => each === text);
  if (role !== undefined) return role;
  const rule = `A role is one of ${ROLES.join(', ')}.`;
  throw new InputError([{ code: 'OPTION_INVALID', column, value: text, rule, fix: 'Write one of them.' }]);
}

function goodUntil(tsEnd: number): string {
  return `It is good until ${instantText(tsEnd)}, once, for setting another.`;
}

function userLines(users: readonly UserLine[]): readonly string[] {
  if (users.length === 0) return ['no users'];
  return [
    'name  role  state  second factor',
    ...users.map(({ name, role, isDisabled, hasSecondFactor, mustChangePassword }) =>
      [name, role, isDisabled ? 'disabled' : mustChangePassword ? 'one-time password' : 'active', hasSecondFactor ? 'yes' : 'no'].join(
        '  ',
      ),
    ),
  ];
}
