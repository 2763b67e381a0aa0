import type { Command } from 'commander';
import type { OwnedKey } from '../access/carry-out-act.ts';
import { again } from '../command-frame.ts';
import { instantText } from '../../model/instant.ts';
import { KEY_SCOPES, type KeyScope } from '../../model/rights.ts';
import { InputError } from '../../ports/errors.ts';
import { ACCESS_HELP, type AccessCommandOptions, runAct, withAccessOptions } from './access-frame.ts';

/** Days that a key lives unless an option says otherwise. */
const DAYS_DEFAULT = '90';

interface CreateOptions extends AccessCommandOptions {
  readonly label: string;
  readonly scope: readonly string[];
  readonly address?: readonly string[];
  readonly days: string;
}

export function registerApiKey(program: Command): void {
  const keys = program
    .command('apikey')
    .description('API keys, by which programs sign in: list, create, revoke')
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid apikey list
  $ quanthybrid apikey create ada --label bot --scope read --scope trade --days 30
  $ quanthybrid apikey create ada --label grafana --scope read --address 10.0.0.0/8
  $ quanthybrid apikey revoke 3f2a…
${ACCESS_HELP}`,
    );
  withAccessOptions(keys.command('list'))
    .description('keys of a user, or of all: everything but the keys themselves, which nobody can be shown again')
    .argument('[user]')
    .action((owner: string | undefined, options: AccessCommandOptions) =>
      runAct(
        options,
        () => ({ kind: 'apikey-list', owner: owner ?? null }),
        'keys',
        ({ keys: found }) => keyLines(found, Date.now() * 1000),
      ),
    );
  withAccessOptions(keys.command('create'))
    .description('make a key for a user; it has never more rights than its owner')
    .argument('<user>', 'whose key it is')
    .requiredOption('--label <text>', 'what it is for')
    .requiredOption('--scope <scope>', `one of ${KEY_SCOPES.join(', ')}; may be given again`, again)
    .option('--address <address>', 'an address or subnet from which it is good (default: anywhere); may be given again', again)
    .option('--days <n>', 'how long it is good, at most 366', DAYS_DEFAULT)
    .action((owner: string, options: CreateOptions) =>
      runAct(
        options,
        () => createAct(owner, options),
        'key',
        ({ tsEnd }) => [goodUntil(tsEnd)],
      ),
    );
  withAccessOptions(keys.command('revoke'))
    .description('end a key at once')
    .argument('<key-id>', 'as the list shows it')
    .action((keyId: string, options: AccessCommandOptions) =>
      runAct(
        options,
        () => ({ kind: 'apikey-revoke', keyId }),
        'done',
        () => [`Key ${keyId} is revoked.`],
      ),
    );
}

function createAct(owner: string, { label, scope, address = [], days }: CreateOptions) {
  const scopes = scope.map((text): KeyScope => {
    const found = KEY_SCOPES.find((each) => each === text);
    if (found === undefined) throw invalid('--scope', text, `A scope is one of ${KEY_SCOPES.join(', ')}.`);
    return found;
  });
  if (!/^[0-9]{1,3}$/.test(days)) throw invalid('--days', days, '--days takes a whole number from 1 to 366.');
  return { kind: 'apikey-create' as const, owner, label, scopes, addresses: [...address], days: Number(days) };
}

function invalid(column: string, value: string, rule: string): InputError {
  return new InputError([{ code: 'OPTION_INVALID', column, value, rule, fix: 'See quanthybrid apikey create --help.' }]);
}

function goodUntil(tsEnd: number): string {
  return `It is good until ${instantText(tsEnd)}. Send it as "authorization: Bearer KEY".`;
}

function keyLines(keys: readonly OwnedKey[], now: number): readonly string[] {
  if (keys.length === 0) return ['no keys'];
  return [
    'key id  owner  label  scopes  state  last used',
    ...keys.map(({ keyId, owner, label, scopes, isRevoked, tsEnd, tsUsed, addressUsed }) => {
      const state = isRevoked ? 'revoked' : tsEnd <= now ? 'ended' : `good until ${instantText(tsEnd)}`;
      const used = tsUsed === null ? 'never' : `${instantText(tsUsed)} from ${addressUsed}`;
      return [keyId, owner, label, scopes.join('+'), state, used].join('  ');
    }),
  ];
}
