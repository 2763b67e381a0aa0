import type { Command } from 'commander';
import { readSecretText } from '../access/secret-text.ts';
import type { SecretView } from '../../security/secrets/secret-administration.ts';
import { ACCESS_HELP, type AccessCommandOptions, runAct, withAccessOptions } from './access-frame.ts';

/** Whose secrets they are unless an option says otherwise: the user that the first start makes. */
const OWNER_DEFAULT = 'admin';

interface SecretOptions extends AccessCommandOptions {
  readonly user: string;
  readonly fromFile?: string;
}

export function registerSecret(program: Command): void {
  const secret = program
    .command('secret')
    .description('keys of venues, sealed under the master key: list, set, delete, rotate')
    .addHelpText(
      'after',
      `
A secret is typed where the terminal does not show it, piped, or read from a file; never an argument, which every user of the machine can see.

Examples:
  $ quanthybrid secret set BINANCE trading-1                       asks for it
  $ quanthybrid secret set BINANCE trading-1 --from-file key.txt
  $ pass binance/trading | quanthybrid secret set BINANCE trading-1
  $ quanthybrid secret list
  $ quanthybrid secret rotate                                      a new master key; also ends a rotation that was cut short
${ACCESS_HELP}`,
    );
  withAccessOptions(secret.command('list'))
    .description('which secrets are sealed; what they hold is shown to nobody')
    .action((options: AccessCommandOptions) =>
      runAct(
        options,
        () => ({ kind: 'secret-list' }),
        'secrets',
        ({ secrets }) => secretLines(secrets),
      ),
    );
  withOwner(withAccessOptions(secret.command('set')))
    .description('seal a secret, in the place of one of the same name')
    .option('--from-file <file>', 'read it from this file')
    .action((venue: string, keyId: string, options: SecretOptions) =>
      runAct(
        options,
        () => setAct(venue, keyId, options),
        'done',
        () => [`${venue} ${keyId} of ${options.user} is sealed.`],
      ),
    );
  withOwner(withAccessOptions(secret.command('delete')))
    .description('forget a secret')
    .action((venue: string, keyId: string, options: SecretOptions) =>
      runAct(
        options,
        () => ({ kind: 'secret-delete', owner: options.user, venue, keyId }),
        'done',
        () => [`${venue} ${keyId} of ${options.user} is deleted.`],
      ),
    );
  withAccessOptions(secret.command('rotate'))
    .description('make a new master key and put every secret under it; secrets stay in use meanwhile')
    .action((options: AccessCommandOptions) =>
      runAct(
        options,
        () => ({ kind: 'secret-rotate' }),
        'rotation',
        ({ version, rewrapped, wasResumed }) => [
          `Version ${version} of the master key is in force; ${rewrapped} secrets were put under it.`,
          ...(wasResumed ? ['That ended a rotation that had been cut short; no further key was made.'] : []),
          'Keep a copy of the key apart from backups of the data.',
        ],
      ),
    );
}

function withOwner(command: Command): Command {
  return command
    .argument('<venue>', 'such as BINANCE')
    .argument('<key-id>', 'a name for it, such as trading-1')
    .option('--user <name>', 'whose it is', OWNER_DEFAULT);
}

async function setAct(venue: string, keyId: string, { user, fromFile }: SecretOptions) {
  const secret = await readSecretText(`Secret for ${venue} ${keyId}`, fromFile, { input: process.stdin, output: process.stderr });
  return { kind: 'secret-set' as const, owner: user, venue, keyId, secret: secret.reveal() };
}

function secretLines(secrets: readonly SecretView[]): readonly string[] {
  if (secrets.length === 0) return ['no secrets'];
  return [
    'owner  venue  key id  master key  changes',
    ...secrets.map(({ owner, venue, keyId, masterVersion, revision }) =>
      [owner, venue, keyId, `version ${masterVersion}`, String(revision)].join('  '),
    ),
  ];
}
