import type { Command } from 'commander';
import type { DatabaseStatus } from '../../adapters/postgres/database-manager.ts';
import type { DatabaseOptions } from '../../adapters/postgres/database-settings.ts';
import { instantText } from '../../model/instant.ts';
import type { OpenSessionReplay } from '../../ports/session-replay.ts';
import { rebuildProjection } from '../../runtime/rebuild-projection.ts';
import { EXIT, framed, JSON_OPTION } from '../command-frame.ts';
import { assertThere, withDatabase, withDatabaseOptions } from '../database/database-options.ts';
import { print } from './data-frame.ts';
import { registerDbAudit } from './db-audit.ts';

interface JsonOption {
  readonly json?: boolean;
}

export function registerInitDb(program: Command): void {
  withDatabaseOptions(program.command('init-db'))
    .description('create the tables of the database, or bring them to what this version needs')
    .option('--app-role <role>', 'on a server: give this role what the running program needs, and no more')
    .option('--json', JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid init-db
  $ DATABASE_URL=postgres://owner@localhost/trading quanthybrid init-db --app-role quanthybrid_app`,
    )
    .action((options: DatabaseOptions & JsonOption & { readonly appRole?: string }) =>
      framed(
        () =>
          withDatabase(options, async (database) => {
            const applied = await database.migrate();
            if (options.appRole !== undefined) await database.grant(options.appRole);
            const { place } = database.connection;
            if (options.json === true) print([JSON.stringify({ place, applied })]);
            else
              print([
                applied.length === 0 ? `The database ${place} is up to date.` : `The database ${place} is ready: ${applied.join(', ')}.`,
              ]);
            return EXIT.ok;
          }),
        options,
      ),
    );
}

/** @param openReplay plays a session's journal again; without it there is nothing to rebuild from, and no such command */
export function registerDb(program: Command, openReplay: OpenSessionReplay | null = null): void {
  const db = program.command('db').description('look at the database, or build it again');
  withDatabaseOptions(db.command('status'))
    .description('where the database is, how far its tables are and what runs it holds')
    .option('--json', JSON_OPTION)
    .action((options: DatabaseOptions & JsonOption) =>
      framed(async () => {
        assertThere(options);
        return withDatabase(options, async (database) => {
          const status = await database.status();
          print(options.json === true ? [JSON.stringify(status)] : statusLines(status));
          return status.migrations.applied === status.migrations.known ? EXIT.ok : EXIT.failed;
        });
      }, options),
    );
  registerDbAudit(db);
  if (openReplay === null) return;
  withDatabaseOptions(db.command('rebuild'))
    .description('forget what the database holds of a session and build it again from the journal')
    .argument('<journal>', 'the folder of the journal')
    .option('--json', JSON_OPTION)
    .action((journal: string, options: DatabaseOptions & JsonOption) =>
      framed(async () => {
        const replay = await openReplay(journal);
        try {
          return await withDatabase(options, async (database) => {
            await database.migrate();
            const sequence = await rebuildProjection(replay, await database.sessions.open(replay.facts));
            const { sessionId } = replay.facts;
            if (options.json === true) print([JSON.stringify({ sessionId, sequence, place: database.connection.place })]);
            else print([`The database ${database.connection.place} holds session ${sessionId} up to input ${sequence}.`]);
            return EXIT.ok;
          });
        } finally {
          await replay.close();
        }
      }, options),
    );
}

function statusLines({ kind, place, serverVersion, migrations, runs }: DatabaseStatus): readonly string[] {
  const { applied, known } = migrations;
  const state = applied === known ? 'up to date' : `${applied} of ${known} migrations; run "quanthybrid init-db"`;
  return [
    `${kind === 'EMBEDDED' ? 'embedded database' : 'server'}  ${place}`,
    `PostgreSQL  ${serverVersion}`,
    `tables  ${state}`,
    ...(runs.length === 0 ? ['no runs'] : ['', 'run  kind  status  stored up to']),
    ...runs.map(({ runId, kind: what, status, sequence, ts }) =>
      [runId, what, status, sequence === null ? '–' : `input ${sequence} of ${instantText(ts ?? 0)}`].join('  '),
    ),
  ];
}
