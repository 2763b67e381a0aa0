import type { Command } from 'commander';
import { EXIT, framed, interruption } from '../command-frame.ts';
import {
  decimals,
  type ImportOptions,
  keyOf,
  minuteOf,
  optionProblem,
  planImport,
  storedInstrument,
  whole,
} from '../data/command-options.ts';
import type { DataProgress } from '../data/data-progress.ts';
import { generateData, type GeneratedKind } from '../data/generate-data.ts';
import { importData } from '../data/import-data.ts';
import { infoData, listData, verifyData } from '../data/look-at-data.ts';
import { dataSetFacts, dataSetTable, infoLines } from '../data/data-set-text.ts';
import { countText } from '../terminal/number-text.ts';
import { dataProgressText, progressView } from '../terminal/progress.ts';
import { VERSION } from '../version.ts';
import { parseBigDecimal } from '../../base/decimal.ts';
import { describeProblem } from '../../ports/errors.ts';

const STORE_DEFAULT = './data';
const CREATED_BY = `quanthybrid ${VERSION}`;

export function registerData(program: Command): void {
  const data = program.command('data').description('bring market data in, look at it, check it, make some up');
  registerImport(data);
  registerGenerate(data);
  registerLooks(data);
}

function registerImport(data: Command): void {
  const again = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
  data
    .command('import')
    .description('read files (CSV, .gz, .zip, LEAN) and put their rows into the store')
    .argument('[files...]', 'files that follow each other in time; with --lean the LEAN data folder')
    .requiredOption('--instrument <id>', 'SYMBOL.VENUE')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option('--price-decimals <n>', 'decimals of prices; default those of the first rows')
    .option('--quantity-decimals <n>', 'decimals of quantities; default those of the first rows')
    .option('--kind <kind>', 'bars, trades, quotes or quote-bars; default by the header')
    .option('--column <field=name>', 'a column by name or number from 1; given once, all are to be given', again)
    .option('--delimiter <character>', 'default a comma')
    .option('--no-header', 'the file has no line of names')
    .option('--skip-lines <n>', 'lines before the header')
    .option('--time-format <format>', 'iso, epoch-s, epoch-ms, epoch-us, epoch-ns, or a pattern such as "yyyyMMdd HH:mm"')
    .option('--zone <zone>', 'zone of times without an offset, such as America/New_York')
    .option('--stamp <end>', 'bars: which end their time names, open or close')
    .option('--every <length>', 'bars: their length, such as 1m, 1h, 1d')
    .option('--member <name>', 'of a zip with several files: which')
    .option('--skip-defects', 'leave defective rows out and count them')
    .option('--lean <path>', 'SECURITY/MARKET/RESOLUTION/SYMBOL, such as equity/usa/minute/spy; add /quote for bid and ask')
    .option('--replace', 'put it in the place of a data set that is there')
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid data import GOOG.csv --instrument GOOG.NASDAQ
  $ quanthybrid data import btc.csv.gz --instrument BTC-USDT.BINANCE --kind bars --time-format epoch-ms --stamp open --every 1m \\
      --no-header --column time=1 --column open=2 --column high=3 --column low=4 --column close=5 --column volume=6 --price-decimals 2 --quantity-decimals 5
  $ quanthybrid data import ./lean --lean equity/usa/minute/spy --instrument SPY.ARCA`,
    )
    .action((files: readonly string[], options: ImportOptions) => framed(() => runImport(files, options)));
}

async function runImport(files: readonly string[], options: ImportOptions): Promise<number> {
  const { source, instrument, assumed } = planImport(files, options);
  for (const line of assumed) process.stderr.write(`assumed: ${line}\n`);
  const { replace = false, store: storeRoot } = options;
  return shown(async ({ signal, onProgress }) => {
    const result = await importData({ storeRoot, instrument, source, replace, createdBy: CREATED_BY, signal, onProgress });
    return [
      ...dataSetTable([result.dataSet]),
      `${countText(result.dataSet.manifest.rows)} rows stored (${countText(Math.round(result.rowsPerSecond))}/s); ${result.skipped} left out as defective, ${result.filtered} filtered.`,
      ...[...result.skippedByCode].map(([code, count]) => `  left out: ${count} × ${code}`),
    ];
  });
}

interface GenerateOptions {
  readonly store: string;
  readonly instrument: string;
  readonly seed: string;
  readonly from: string;
  readonly to: string;
  readonly startPrice: string;
  readonly priceDecimals: string;
  readonly quantityDecimals: string;
  readonly kinds: string;
  readonly replace?: boolean;
}

function registerGenerate(data: Command): void {
  data
    .command('generate')
    .description('make up a market from a seed and put it into the store')
    .option('--instrument <id>', 'SYMBOL.VENUE', 'AAA-USD.SIM')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option('--seed <n>', 'the same seed gives the same market', '1')
    .option('--from <day>', 'first day, UTC', '2024-01-01')
    .option('--to <day>', 'day after the last, UTC', '2024-02-01')
    .option('--start-price <price>', 'where the price starts', '100')
    .option('--price-decimals <n>', 'decimals of prices', '2')
    .option('--quantity-decimals <n>', 'decimals of quantities', '3')
    .option('--kinds <list>', 'trades, quotes, bars:LENGTH', 'bars:1m')
    .option('--replace', 'put it in the place of data sets that are there')
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid data generate
  $ quanthybrid data generate --instrument BTC-USD.SIM --seed 7 --from 2024-01-01 --to 2024-01-08 --start-price 42000 --kinds trades,quotes,bars:1m`,
    )
    .action((options: GenerateOptions) => framed(() => runGenerate(options)));
}

function runGenerate(options: GenerateOptions): Promise<number> {
  const priceDecimals = decimals(options.priceDecimals, 'price-decimals', undefined);
  const quantityDecimals = decimals(options.quantityDecimals, 'quantity-decimals', undefined);
  const instrument = storedInstrument(options.instrument, priceDecimals, quantityDecimals);
  const startPrice = parseBigDecimal(options.startPrice, priceDecimals);
  if (typeof startPrice === 'string' || startPrice < 100n || startPrice > 10n ** 13n) {
    throw optionProblem(
      'start-price',
      options.startPrice,
      `--start-price is a decimal of at least 100 steps of 10^-${priceDecimals}.`,
      'Correct it, or give more --price-decimals.',
    );
  }
  const startTs = minuteOf('from', options.from);
  const endTs = minuteOf('to', options.to);
  if (endTs <= startTs) throw optionProblem('to', options.to, 'The market ends before it starts.', 'Give a --to after --from.');
  const kinds = options.kinds.split(',').map(kindOf);
  return shown(async ({ signal, onProgress }) => {
    const result = await generateData({
      storeRoot: options.store,
      seed: whole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER),
      startTs,
      endTs,
      kinds,
      replace: options.replace === true,
      createdBy: CREATED_BY,
      signal,
      onProgress,
      instruments: [{ instrument, startPrice: Number(startPrice), quantityTypical: 10 ** quantityDecimals }],
    });
    return [
      ...dataSetTable(result.dataSets),
      `${countText(result.rows)} rows made and stored (${countText(Math.round(result.rowsPerSecond))}/s).`,
    ];
  });
}

function kindOf(text: string): GeneratedKind {
  const [kind, every, ...rest] = text.trim().split(':');
  if ((kind === 'trades' || kind === 'quotes') && every === undefined) return { kind };
  if (kind === 'bars' && every !== undefined && rest.length === 0) return { kind, every };
  throw optionProblem(
    'kinds',
    text,
    '--kinds lists trades, quotes, and bars with their length.',
    'Write for example --kinds trades,bars:1m.',
  );
}

function registerLooks(data: Command): void {
  const help = (command: string): string => `\nExample:\n  $ quanthybrid data ${command}`;
  data
    .command('list')
    .description('what the store holds')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option('--json', 'print JSON and nothing else')
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
      }),
    );
  data
    .command('info')
    .description('everything that is known of a data set')
    .argument('<instrument>', 'SYMBOL.VENUE')
    .argument('<kind>', 'trades, quotes, bars or quote-bars')
    .argument('[every]', 'of bars: their length')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option('--json', 'print JSON and nothing else')
    .addHelpText('after', help('info GOOG.NASDAQ bars 1d'))
    .action((id: string, kind: string, every: string | undefined, options: { readonly store: string; readonly json?: boolean }) =>
      framed(async () => {
        const dataSet = infoData({ storeRoot: options.store, key: keyOf(id, kind, every) });
        print(options.json === true ? [JSON.stringify({ ...dataSetFacts(dataSet), manifest: dataSet.manifest })] : infoLines(dataSet));
        return EXIT.ok;
      }),
    );
  data
    .command('verify')
    .description('read every byte again and compare it with its checksums')
    .argument('[instrument]', 'SYMBOL.VENUE; everything when left out')
    .argument('[kind]', 'trades, quotes, bars or quote-bars')
    .argument('[every]', 'of bars: their length')
    .option('--store <folder>', 'the store', STORE_DEFAULT)
    .option('--json', 'print JSON and nothing else')
    .addHelpText('after', help('verify'))
    .action(
      (
        id: string | undefined,
        kind: string | undefined,
        every: string | undefined,
        options: { readonly store: string; readonly json?: boolean },
      ) => framed(() => runVerify(id, kind, every, options)),
    );
}

async function runVerify(
  id: string | undefined,
  kind: string | undefined,
  every: string | undefined,
  options: { readonly store: string; readonly json?: boolean },
): Promise<number> {
  if (id !== undefined && kind === undefined)
    throw optionProblem('kind', '', 'A data set is named by instrument and kind.', 'Write for example: data verify GOOG.NASDAQ bars 1d');
  const key = id === undefined || kind === undefined ? null : keyOf(id, kind, every);
  let status: number = EXIT.ok;
  await shown(async ({ signal, onProgress }) => {
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
    const verdict = result.problems.length === 0 ? 'everything is as it was written' : `${result.problems.length} problems`;
    return [`${result.dataSets.length} data sets, ${countText(result.rows)} rows: ${verdict}.`];
  });
  return status;
}

/** Runs with progress and Ctrl-C, then prints what came of it. */
async function shown(
  work: (given: { readonly signal: AbortSignal; readonly onProgress: (progress: DataProgress) => void }) => Promise<readonly string[]>,
): Promise<number> {
  const view = progressView(process.stderr, dataProgressText);
  const { signal, release } = interruption();
  try {
    const lines = await work({ signal, onProgress: view.show });
    view.end();
    print(lines);
    return EXIT.ok;
  } catch (error) {
    view.end();
    if (!signal.aborted) throw error;
    process.stderr.write('stopped: nothing incomplete was kept.\n');
    return EXIT.interrupted;
  } finally {
    release();
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
