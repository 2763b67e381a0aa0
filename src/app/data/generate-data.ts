import { unreachable } from '../../base/assert.ts';
import { openStore } from '../../adapters/store/store.ts';
import type { StoredDataSet } from '../../adapters/store/store.ts';
import { everyName, isBarSpecificationRefusal, parseBarSpecification } from '../../model/bar-specification.ts';
import { BLOCK_KIND_OF } from '../../model/blocks.ts';
import type { MarketBlock } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { InputError } from '../../ports/errors.ts';
import { AgentMarketData } from '../../sim/agents/agent-data.ts';
import { type AgentMarketSettings, agentMarketSettings } from '../../sim/agents/agent-settings.ts';
import { generatedInstrument } from '../../sim/generated/generated-instrument.ts';
import type { GeneratedInstrument } from '../../sim/generated/generated-instrument.ts';
import { GeneratedMarket } from '../../sim/generated/generated-market.ts';
import { DAY_US } from '../../model/civil-date.ts';
import { Pacer } from './data-progress.ts';
import { rateOf } from '../terminal/pace.ts';
import type { DataProgress } from './data-progress.ts';
import { factsOf, storeRows } from './store-rows.ts';

/** A market in which agents trade, in place of paths of prices; what is left out is that of a lively, liquid instrument. */
export interface GeneratedAgents {
  /** How changes of the book come: order by order, or by levels. */
  readonly book: 'orders' | 'levels';
  readonly settings: Partial<Omit<AgentMarketSettings, 'seed' | 'position' | 'startTs' | 'startPrice' | 'quantityTypical'>>;
}

/** What to make of each instrument; changes of the book come of agents only. */
export type GeneratedKind = { readonly kind: 'trades' | 'quotes' | 'book-deltas' } | { readonly kind: 'bars'; readonly every: string };

/** An instrument and how its market behaves; what is left out is that of a lively, liquid instrument. */
interface GenerateInstrument {
  readonly instrument: Instrument;
  /** Count of 10^-priceDecimals, rounded to the increment. */
  readonly startPrice: number;
  /** Count of 10^-quantityDecimals. */
  readonly quantityTypical: number;
  readonly behavior?: Partial<
    Pick<GeneratedInstrument, 'annualVolatility' | 'tradesPerMinute' | 'spreadIncrements' | 'marketShare' | 'pairedWith'>
  >;
}

interface GenerateDataOptions {
  readonly storeRoot: string;
  readonly seed: number;
  /** Whole minutes, microseconds since the epoch: start included, end not. */
  readonly startTs: number;
  readonly endTs: number;
  readonly instruments: readonly GenerateInstrument[];
  readonly kinds: readonly GeneratedKind[];
  readonly agents?: GeneratedAgents | undefined;
  readonly replace?: boolean;
  readonly createdBy: string;
  readonly onProgress?: (progress: DataProgress) => void;
  readonly signal?: AbortSignal;
}

interface GenerateDataResult {
  readonly dataSets: readonly StoredDataSet[];
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

/**
 * Makes up a market and stores it (`quanthybrid data generate`): every kind of every instrument, one data set each, in the order given.
 * Those that are complete stay when a later one fails or the command is canceled.
 */
export async function generateData(options: GenerateDataOptions): Promise<GenerateDataResult> {
  const { seed, startTs, endTs, kinds, instruments, replace = false, createdBy, agents } = options;
  const store = openStore(options.storeRoot);
  const pacer = new Pacer(options.onProgress, options.signal);
  const open = agents === undefined ? pathOpener(options) : agentOpener(options, agents);
  const dataSets: StoredDataSet[] = [];
  const jobs = instruments.flatMap(({ instrument }, position) => kinds.map((kind) => ({ instrument, position, kind })));
  const intervals = kinds.map(intervalOf);
  let rows = 0;
  for (const [at, { instrument, position, kind }] of jobs.entries()) {
    const reader = open(position, kind, intervals[at % kinds.length]!);
    const every = kind.kind === 'bars' ? everyName(kind.every) : null;
    const made = agents === undefined ? describe(instruments) : { agents: JSON.stringify(agents), ...describe(instruments) };
    const provenance = {
      source: 'generated',
      zone: null,
      stamp: null,
      files: [],
      options: { seed: String(seed), position: String(position), startTs: String(startTs), endTs: String(endTs), ...made },
    };
    const dataSet = await storeRows(
      store,
      reader,
      { instrument: factsOf(instrument), kind: BLOCK_KIND_OF[kind.kind], every, provenance, createdBy },
      {
        replace,
        pacer,
        rowsBefore: rows,
        fractionAt: (block) => (at + (block.tsInit[block.length - 1]! - startTs) / (endTs - startTs)) / jobs.length,
      },
    );
    dataSets.push(dataSet);
    rows += dataSet.manifest.rows;
    pacer.report(rows, dataSet.bytes, (at + 1) / jobs.length);
  }
  return { dataSets, rows, seconds: pacer.secondsElapsed, rowsPerSecond: rateOf(rows, pacer.secondsElapsed) };
}

function behaviorOf({ instrument, startPrice, quantityTypical, behavior }: GenerateInstrument): GeneratedInstrument {
  const { index, priceIncrement, lotSize } = instrument;
  return generatedInstrument({
    instrument: index,
    priceIncrement,
    lotSize,
    startPrice: Math.round(startPrice / priceIncrement) * priceIncrement,
    quantityTypical: Math.max(lotSize, quantityTypical),
    ...behavior,
  });
}

/** Every behavior, since instruments share factors: with the seed it makes the market again. */
function describe(instruments: readonly GenerateInstrument[]): Record<string, string> {
  return { instruments: JSON.stringify(instruments.map((each) => ({ id: each.instrument.id, ...behaviorOf(each) }))) };
}

/** Microseconds of a bar's interval; 0 for ticks. */
function intervalOf(kind: GeneratedKind): number {
  if (kind.kind !== 'bars') return 0;
  const specification = parseBarSpecification(kind.every);
  if (!isBarSpecificationRefusal(specification) && specification.unit === 'time' && specification.step <= DAY_US) return specification.step;
  const rule = 'Generated bars are time bars of a second to a day.';
  throw new InputError([
    { code: 'OPTION_INVALID', file: '--kinds', rule, fix: 'Write for example bars:1m or bars:1h.', value: kind.every },
  ]);
}

type Opener = (position: number, kind: GeneratedKind, everyUs: number) => BlockReader<MarketBlock>;

function pathOpener({ seed, startTs, endTs, instruments }: GenerateDataOptions): Opener {
  const market = new GeneratedMarket({ seed, startTs, endTs, instruments: instruments.map(behaviorOf) });
  return (position, kind, everyUs) => {
    switch (kind.kind) {
      case 'trades':
        return market.trades(position);
      case 'quotes':
        return market.quotes(position);
      case 'bars':
        return market.bars(position, everyUs, 0);
      case 'book-deltas':
        throw new InputError([
          {
            code: 'OPTION_INVALID',
            file: '--kinds',
            rule: 'Paths of prices have no order book.',
            fix: 'Add --market agents.',
            value: kind.kind,
          },
        ]);
      default:
        return unreachable(kind);
    }
  };
}

function agentOpener({ seed, startTs, endTs, instruments }: GenerateDataOptions, { book, settings }: GeneratedAgents): Opener {
  const markets = instruments.map(({ instrument, startPrice, quantityTypical }, position) => {
    const { index, priceIncrement, lotSize } = instrument;
    const scaled = {
      startPrice: Math.round(startPrice / priceIncrement),
      quantityTypical: Math.max(1, Math.round(quantityTypical / lotSize)),
    };
    const made = agentMarketSettings({ seed, position, startTs, ...scaled, ...settings });
    return new AgentMarketData(made, endTs, { instrument: index, priceIncrement, lotSize });
  });
  return (position, kind, everyUs) => {
    const market = markets[position]!;
    switch (kind.kind) {
      case 'trades':
        return market.trades();
      case 'quotes':
        return market.quotes();
      case 'bars':
        return market.bars(everyUs, 0);
      case 'book-deltas':
        return market.deltas(book);
      default:
        return unreachable(kind);
    }
  };
}
