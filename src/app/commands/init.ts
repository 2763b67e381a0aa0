import path from 'node:path';
import type { Command } from 'commander';
import { EXIT, framed } from '../command-frame.ts';
import { initFolder } from '../init/init-folder.ts';

export function registerInit(program: Command): void {
  program
    .command('init')
    .description('make a folder with a strategy, a run file and data that run at once')
    .argument('<folder>', 'the folder; it is made where it does not exist')
    .option('--force', 'write into a folder that has files, over those of the same names')
    .addHelpText(
      'after',
      `
Example:
  $ quanthybrid init my-strategies
  $ cd my-strategies
  $ npm install
  $ npx quanthybrid backtest run.yaml`,
    )
    .action((folder: string, options: { readonly force?: boolean }) =>
      framed(async () => {
        const files = initFolder(folder, { force: options.force === true });
        const lines = [
          `${path.resolve(folder)}:`,
          ...files.map((file) => `  ${file}`),
          '',
          'Next:',
          `  cd ${quoted(folder)}`,
          '  npm install',
          '  npx quanthybrid backtest run.yaml',
        ];
        process.stdout.write(`${lines.join('\n')}\n`);
        return EXIT.ok;
      }),
    );
}

/** As a shell takes it whole. */
function quoted(folder: string): string {
  return /^[\w./~:\\-]+$/.test(folder) ? folder : `"${folder}"`;
}
