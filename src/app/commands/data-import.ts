import type { Command } from 'commander';
import { CREATED_BY, shown, STORE_DEFAULT } from './data-frame.ts';
import { again, framed, JSON_OPTION } from '../command-frame.ts';
import { dataSetFacts, dataSetTable } from '../data/data-set-text.ts';
import { importData } from '../data/import-data.ts';
import { planImport } from '../data/import-options.ts';
import type { ImportOptions } from '../data/planned-import.ts';
import { RECORDING_FORMATS } from '../../adapters/files/recordings/recording-format.ts';
import { LAYOUT_OPTIONS } from '../data/layout-options.ts';
import { countText } from '../terminal/number-text.ts';

export function registerImport(data: Command): void {
  const command = data
    .command('import')
    .description('read files (CSV, .gz, .zip, LEAN, recordings) and put their rows into the store')
    .argument('[files...]', 'files that follow each other in time; with --lean the LEAN data folder')
    .requiredOption('--instrument <id>', 'SYMBOL.VENUE')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option(
      '--price-decimals <n>',
      'decimals to store prices with; default as many as the rows have; rows with more are refused, or rounded by --round (CSV, LEAN)',
    )
    .option('--quantity-decimals <n>', 'decimals to store quantities with; likewise')
    .option('--kind <kind>', 'bars, trades, quotes or quote-bars; default by the header; of recordings book-deltas, quotes or trades')
    .option('--every <length>', 'bars: their length, such as 1m, 1h, 1d')
    .option(
      '--lean <path>',
      'SECURITY/MARKET/RESOLUTION/SYMBOL, such as equity/usa/minute/spy; add /quote for bid and ask (forex and cfd are that)',
    )
    .option('--recording <format>', `${RECORDING_FORMATS.join(', ')}: messages as they were recorded; with --symbol and --member`)
    .option('--replace', 'put it in the place of a data set that is there')
    .option('--json', JSON_OPTION)
    .option('--column <field=name>', 'one of --columns, by name or number from 1; given once, all are to be given', again)
    .option('--no-header', '--header false');
  for (const { name, note, of } of LAYOUT_OPTIONS) {
    const whose = of === 'both' ? '' : of === 'csv' ? ' (CSV)' : ' (LEAN)';
    command.option(`${name} <value>`, `${note.description} Such as ${note.example}${whose}`);
  }
  command
    .addHelpText(
      'after',
      `
The options from --bid-file on are the keys of csv: and lean: in a run file, with the same values: docs/guide/data-files.md.

Examples:
  $ quanthybrid data import GOOG.csv --instrument GOOG.NASDAQ
  $ quanthybrid data import btc.csv.gz --instrument BTC-USDT.BINANCE --kind bars --time-format epoch-ms --stamp open --every 1m \\
      --no-header --columns '{ time: 1, open: 2, high: 3, low: 4, close: 5, volume: 6 }'
  $ quanthybrid data import --bid-file bid.csv --ask-file ask.csv --instrument GBP-USD.FXCM
  $ quanthybrid data import ./lean --lean equity/usa/minute/spy --instrument SPY.ARCA --prices adjusted
  $ quanthybrid data import btcusdt.gz --recording binance --kind book-deltas --instrument BTC-USDT.BINANCE`,
    )
    .action((files: readonly string[], options: ImportOptions) => framed(() => runImport(files, options), options));
}

async function runImport(files: readonly string[], options: ImportOptions): Promise<number> {
  const { source, instrument, assumed } = planImport(files, options);
  if (options.json !== true) for (const line of assumed) process.stderr.write(`assumed: ${line}\n`);
  const { replace = false, store: storeRoot } = options;
  return shown(async ({ signal, onProgress }) => {
    const result = await importData({ storeRoot, instrument, source, replace, createdBy: CREATED_BY, signal, onProgress });
    const { dataSet, skipped, filtered, rounded, skippedByCode } = result;
    if (options.json === true) {
      const facts = { ...dataSetFacts(dataSet), assumed, skipped, filtered, rounded, skippedByCode: Object.fromEntries(skippedByCode) };
      return [JSON.stringify(facts)];
    }
    return [
      ...dataSetTable([dataSet]),
      `${countText(dataSet.manifest.rows)} rows stored (${countText(Math.round(result.rowsPerSecond))}/s); ${skipped} left out as defective, ${filtered} filtered, ${rounded} values rounded.`,
      ...[...skippedByCode].map(([code, count]) => `  left out: ${count} × ${code}`),
    ];
  }, options);
}
