import type { Command } from 'commander';
import { EXIT, framed, JSON_OPTION } from '../command-frame.ts';
import { registerImport } from './data-import.ts';
import { CREATED_BY, print, shown, STORE_DEFAULT } from './data-frame.ts';
import { decimals, keyOf, minuteOf, optionProblem, storedInstrument, whole } from '../data/command-options.ts';
import { generateData, type GeneratedKind } from '../data/generate-data.ts';
import { infoData, listData, verifyData } from '../data/look-at-data.ts';
import { dataSetFacts, dataSetTable, infoLines } from '../data/data-set-text.ts';
import { countText } from '../terminal/number-text.ts';
import { parseBigDecimal } from '../../base/decimal.ts';
import { GENERATED_PRICE_MAX } from '../../sim/generated/generated-instrument.ts';
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
  $ quanthybrid data list                     what the store holds
  $ quanthybrid data import --help            options and examples of a command`,
    );
  registerImport(data);
  registerGenerate(data);
  registerLooks(data);
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
  readonly json?: boolean;
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
    .option('--json', JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid data generate
  $ quanthybrid data generate --instrument BTC-USD.SIM --seed 7 --from 2024-01-01 --to 2024-01-08 --start-price 42000 --kinds trades,quotes,bars:1m`,
    )
    .action((options: GenerateOptions) => framed(() => runGenerate(options), options));
}

function runGenerate(options: GenerateOptions): Promise<number> {
  const priceDecimals = decimals(options.priceDecimals, 'price-decimals', undefined);
  const quantityDecimals = decimals(options.quantityDecimals, 'quantity-decimals', undefined);
  const instrument = storedInstrument(options.instrument, priceDecimals, quantityDecimals);
  const startPrice = parseBigDecimal(options.startPrice, priceDecimals);
  if (typeof startPrice === 'string' || startPrice < 100n || startPrice > BigInt(GENERATED_PRICE_MAX)) {
    throw optionProblem(
      'start-price',
      options.startPrice,
      `--start-price counts 100 to ${GENERATED_PRICE_MAX} steps of 10^-${priceDecimals}.`,
      'Correct it, or give other --price-decimals.',
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
    if (options.json === true) return [JSON.stringify({ dataSets: result.dataSets.map(dataSetFacts), rows: result.rows })];
    return [
      ...dataSetTable(result.dataSets),
      `${countText(result.rows)} rows made and stored (${countText(Math.round(result.rowsPerSecond))}/s).`,
    ];
  }, options);
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
