import type { Command } from 'commander';
import { InputError } from '../../ports/errors.ts';
import type { AuditHead } from '../../ports/audit-store.ts';
import { SESSIONS_FOLDER } from '../session/session-folder.ts';
import { type AccessCommandOptions, runAct, withAccessOptions } from './access-frame.ts';

export function registerDbAudit(db: Command): void {
  withAccessOptions(db.command('audit'))
    .description('verify the audit log: whether a record was altered, removed or moved')
    .option('--kept <head>', 'a head that an earlier run printed, SEQUENCE:HASH; the log must still hold it')
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid db audit
  $ quanthybrid db audit --kept 412:9f2c…        a head of last week, kept on another machine

It reads the log of the one session in ${SESSIONS_FOLDER}/, or of what --folder, --database-folder or --database-url name; a session that runs reads its own.
Exit status: 0 whole, 1 where it is not or cannot be read, 2 a wrong command line.`,
    )
    .action((options: AccessCommandOptions & { readonly kept?: string }) =>
      runAct(
        options,
        () => ({ kind: 'audit-verify', kept: options.kept === undefined ? null : headOf(options.kept) }),
        'audit',
        ({ head }) =>
          head === null ? ['The audit log is empty.'] : [`${head.sequence} records, whole.`, `head  ${head.sequence}:${head.hash}`],
      ),
    );
}

/** @throws InputError OPTION_INVALID */
function headOf(text: string): AuditHead {
  const found = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text);
  if (found !== null) return { sequence: Number(found[1]), hash: found[2]! };
  const rule = 'A head is the number of a record, a colon and 64 hexadecimal digits.';
  throw new InputError([{ code: 'OPTION_INVALID', column: '--kept', value: text, rule, fix: 'Copy what "head" said.' }]);
}
