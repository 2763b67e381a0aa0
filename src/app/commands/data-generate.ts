import type { Command } from 'commander';
import { framed, JSON_OPTION } from '../command-frame.ts';
import { CREATED_BY, shown, STORE_DEFAULT } from './data-frame.ts';
import { addAgentOptions, type AgentOptions, agentSettingsOf, startPriceOf } from './agent-options.ts';
import { decimals, minuteOf, optionProblem, storedInstrument, whole } from '../data/command-options.ts';
import { dataSetFacts, dataSetTable } from '../data/data-set-text.ts';
import { generateData, type GeneratedAgents, type GeneratedKind } from '../data/generate-data.ts';
import { countText } from '../terminal/number-text.ts';
import { isWithinEvents } from '../../sim/agents/agent-data.ts';
import { AGENT_EVENTS_MAX, AGENT_PRICE_MAX, AGENT_QUANTITY_MAX } from '../../sim/agents/agent-settings.ts';
import { GENERATED_PRICE_MAX } from '../../sim/generated/generated-instrument.ts';

interface GenerateOptions extends AgentOptions {
  readonly store: string;
  readonly instrument: string;
  readonly seed: string;
  readonly from: string;
  readonly to: string;
  readonly startPrice: string;
  readonly priceDecimals: string;
  readonly quantityDecimals: string;
  readonly kinds: string;
  readonly market: string;
  readonly book: string;
  readonly replace?: boolean;
  readonly json?: boolean;
}

export function registerGenerate(data: Command): void {
  const command = data
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
    .option('--kinds <list>', 'trades, quotes, bars:LENGTH; of agents also book-deltas', 'bars:1m')
    .option('--market <how>', 'paths of prices, or agents that trade on an exchange', 'paths')
    .option('--book <by>', 'of agents: book-deltas by orders or by levels', 'orders');
  addAgentOptions(command, 'of agents: ')
    .option('--replace', 'put it in the place of data sets that are there')
    .option('--json', JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid data generate
  $ quanthybrid data generate --instrument BTC-USD.SIM --seed 7 --from 2024-01-01 --to 2024-01-08 --start-price 42000 --kinds trades,quotes,bars:1m
  $ quanthybrid data generate --market agents --to 2024-01-02 --kinds book-deltas,trades,quotes`,
    )
    .action((options: GenerateOptions) => framed(() => runGenerate(options), options));
}

function runGenerate(options: GenerateOptions): Promise<number> {
  const priceDecimals = decimals(options.priceDecimals, 'price-decimals', undefined);
  const quantityDecimals = decimals(options.quantityDecimals, 'quantity-decimals', undefined);
  const instrument = storedInstrument(options.instrument, priceDecimals, quantityDecimals);
  const isAgents = options.market === 'agents';
  const startPrice = startPriceOf(options.startPrice, priceDecimals, isAgents ? AGENT_PRICE_MAX : GENERATED_PRICE_MAX);
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
      agents: agentsOf(options, startTs, endTs),
      replace: options.replace === true,
      createdBy: CREATED_BY,
      signal,
      onProgress,
      instruments: [
        {
          instrument,
          startPrice,
          quantityTypical: isAgents ? Math.min(AGENT_QUANTITY_MAX, 10 ** quantityDecimals) : 10 ** quantityDecimals,
        },
      ],
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
  if ((kind === 'trades' || kind === 'quotes' || kind === 'book-deltas') && every === undefined) return { kind };
  if (kind === 'bars' && every !== undefined && rest.length === 0) return { kind, every };
  throw optionProblem(
    'kinds',
    text,
    '--kinds lists trades, quotes, book-deltas, and bars with their length.',
    'Write for example --kinds trades,bars:1m.',
  );
}

/** The market of agents that is asked for; undefined for paths. */
function agentsOf(options: GenerateOptions, startTs: number, endTs: number): GeneratedAgents | undefined {
  if (options.market !== 'agents') {
    if (options.market === 'paths') return undefined;
    throw optionProblem('market', options.market, 'A market is made of paths or of agents.', 'Write --market agents.');
  }
  const { book } = options;
  if (book !== 'orders' && book !== 'levels')
    throw optionProblem('book', book, 'A book comes by orders or by levels.', 'Write --book levels.');
  const settings = agentSettingsOf(options);
  if (!isWithinEvents({ ...settings, startTs }, endTs))
    throw optionProblem(
      'events-per-second',
      options.eventsPerSecond,
      `A market of agents has ${AGENT_EVENTS_MAX} events at most.`,
      'Lower it, or take a shorter period.',
    );
  return { book, settings };
}
