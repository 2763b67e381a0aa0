import type { Command } from 'commander';
import { EXIT, framed, JSON_OPTION } from '../command-frame.ts';
import { examine } from '../doctor/examine.ts';
import { STORE_DEFAULT } from './data-frame.ts';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look whether this machine has what the program needs')
    .option('--store <folder>', 'the store of market data to look at', STORE_DEFAULT)
    .option('--json', JSON_OPTION)
    .addHelpText(
      'after',
      `
Example:
  $ quanthybrid doctor

Exit status: 0 all is well or only warnings, 1 something fails.`,
    )
    .action((options: { readonly store: string; readonly json?: boolean }) =>
      framed(async () => {
        const findings = await examine({ storeRoot: options.store, cwd: process.cwd() });
        const lines = findings.map(
          ({ name, verdict, found, fix }) => `${verdict.padEnd(4)}  ${name.padEnd(12)} ${found}${fix === null ? '' : `. ${fix}`}`,
        );
        process.stdout.write(`${options.json === true ? JSON.stringify({ findings }) : lines.join('\n')}\n`);
        return findings.some(({ verdict }) => verdict === 'fail') ? EXIT.failed : EXIT.ok;
      }, options),
    );
}
