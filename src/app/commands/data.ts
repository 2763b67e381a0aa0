import type { Command } from 'commander';
import { EXIT, framed, JSON_OPTION } from '../command-frame.ts';
import { registerGenerate } from './data-generate.ts';
import { registerImport } from './data-import.ts';
import { registerLive } from './data-live.ts';
import { registerRecord } from './data-record.ts';
import { print, shown, STORE_DEFAULT } from './data-frame.ts';
import { keyOf, optionProblem } from '../data/command-options.ts';
import { infoData, listData, verifyData } from '../data/look-at-data.ts';
import { dataSetFacts, dataSetTable, infoLines } from '../data/data-set-text.ts';
import { countText } from '../terminal/number-text.ts';
import { describeProblem } from '../../ports/errors.ts';

export function registerData(program: Command): void {
  const data = program
    .command('data')
    .description('bring market data in, look at it, check it, make some up')
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid data generate                 a made-up market into ./data
  $ quanthybrid data live                     a made-up market in real time
  $ quanthybrid data record --symbol BTCUSDT  what Binance sends, live
  $ quanthybrid data list                     what the store holds
  $ quanthybrid data import --help            options and examples of a command`,
    );
  registerImport(data);
  registerGenerate(data);
  registerLive(data);
  registerRecord(data);
  registerLooks(data);
}

function registerLooks(data: Command): void {
  const help = (command: string): string => `\nExample:\n  $ quanthybrid data ${command}`;
  data
    .command('list')
    .description('what the store holds')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option('--json', JSON_OPTION)
    .addHelpText('after', help('list --store ./data'))
    .action((options: { readonly store: string; readonly json?: boolean }) =>
      framed(async () => {
        const { dataSets, problems } = listData({ storeRoot: options.store });
        if (options.json === true) print([JSON.stringify({ dataSets: dataSets.map(dataSetFacts), problems })]);
        else
          print(
            dataSets.length === 0
              ? [`${options.store} holds no data set; bring one in with "quanthybrid data import" or "quanthybrid data generate".`]
              : dataSetTable(dataSets),
          );
        if (options.json !== true) for (const problem of problems) process.stderr.write(`error: ${describeProblem(problem)}\n`);
        return problems.length > 0 ? EXIT.badInput : EXIT.ok;
      }, options),
    );
  data
    .command('info')
    .description('everything that is known of a data set')
    .argument('<instrument>', 'SYMBOL.VENUE')
    .argument('<kind>', 'trades, quotes, bars, quote-bars or book-deltas')
    .argument('[every]', 'of bars: their length')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option('--json', JSON_OPTION)
    .addHelpText('after', help('info GOOG.NASDAQ bars 1d'))
    .action((id: string, kind: string, every: string | undefined, options: { readonly store: string; readonly json?: boolean }) =>
      framed(async () => {
        const dataSet = infoData({ storeRoot: options.store, key: keyOf(id, kind, every) });
        print(options.json === true ? [JSON.stringify({ ...dataSetFacts(dataSet), manifest: dataSet.manifest })] : infoLines(dataSet));
        return EXIT.ok;
      }, options),
    );
  data
    .command('verify')
    .description('read every byte again and compare it with its checksums')
    .argument('[instrument]', 'SYMBOL.VENUE; everything when left out')
    .argument('[kind]', 'trades, quotes, bars, quote-bars or book-deltas')
    .argument('[every]', 'of bars: their length')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option('--json', JSON_OPTION)
    .addHelpText('after', help('verify'))
    .action(
      (
        id: string | undefined,
        kind: string | undefined,
        every: string | undefined,
        options: { readonly store: string; readonly json?: boolean },
      ) => framed(() => runVerify(id, kind, every, options), options),
    );
}

async function runVerify(
  id: string | undefined,
  kind: string | undefined,
  every: string | undefined,
  options: { readonly store: string; readonly json?: boolean },
): Promise<number> {
  if (id !== undefined && kind === undefined)
    throw optionProblem(
      'kind',
      '',
      'A data set is named by instrument and kind.',
      'Write for example data verify GOOG.NASDAQ bars 1d, or leave the instrument out to verify everything.',
    );
  const key = id === undefined || kind === undefined ? null : keyOf(id, kind, every);
  let status: number = EXIT.ok;
  const ended = await shown(async ({ signal, onProgress }) => {
    const result = await verifyData({ storeRoot: options.store, key, signal, onProgress });
    if (result.problems.length > 0) status = EXIT.badInput;
    if (options.json === true)
      return [
        JSON.stringify({
          ok: result.problems.length === 0,
          dataSets: result.dataSets.length,
          rows: result.rows,
          bytes: result.bytes,
          problems: result.problems,
        }),
      ];
    for (const problem of result.problems) process.stderr.write(`error: ${describeProblem(problem)}\n`);
    const verdict =
      result.problems.length === 0
        ? 'everything is as it was written'
        : `${result.problems.length} problem${result.problems.length === 1 ? '' : 's'}`;
    const count = result.dataSets.length;
    return [`${count} data set${count === 1 ? '' : 's'}, ${countText(result.rows)} rows: ${verdict}.`];
  }, options);
  return ended === EXIT.ok ? status : ended;
}
