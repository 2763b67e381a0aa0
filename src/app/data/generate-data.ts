import { unreachable } from '../../base/assert.ts';
import { openStore } from '../../adapters/store/store.ts';
import type { StoredDataSet } from '../../adapters/store/store.ts';
import { everyName, isBarSpecificationRefusal, parseBarSpecification } from '../../model/bar-specification.ts';
import { BlockKind } from '../../model/blocks.ts';
import type { MarketBlock } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { InputError } from '../../ports/errors.ts';
import { generatedInstrument } from '../../sim/generated/generated-instrument.ts';
import type { GeneratedInstrument } from '../../sim/generated/generated-instrument.ts';
import { GeneratedMarket } from '../../sim/generated/generated-market.ts';
import { DAY_US } from '../../model/civil-date.ts';
import { Pacer } from './data-progress.ts';
import { rateOf } from '../terminal/pace.ts';
import type { DataProgress } from './data-progress.ts';
import { factsOf, storeRows } from './store-rows.ts';

/** What to make of each instrument. */
export type GeneratedKind = { readonly kind: 'trades' | 'quotes' } | { readonly kind: 'bars'; readonly every: string };

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
  const { seed, startTs, endTs, kinds, instruments, replace = false, createdBy } = options;
  const store = openStore(options.storeRoot);
  const pacer = new Pacer(options.onProgress, options.signal);
  const market = new GeneratedMarket({ seed, startTs, endTs, instruments: instruments.map(behaviorOf) });
  const dataSets: StoredDataSet[] = [];
  const jobs = instruments.flatMap(({ instrument }, position) => kinds.map((kind) => ({ instrument, position, kind })));
  const intervals = kinds.map(intervalOf);
  let rows = 0;
  for (const [at, { instrument, position, kind }] of jobs.entries()) {
    const { reader, blockKind, every } = open(market, position, kind, intervals[at % kinds.length]!);
    const provenance = {
      source: 'generated',
      zone: null,
      stamp: null,
      files: [],
      options: { seed: String(seed), position: String(position), startTs: String(startTs), endTs: String(endTs), ...describe(instruments) },
    };
    const dataSet = await storeRows(
      store,
      reader,
      { instrument: factsOf(instrument), kind: blockKind, every, provenance, createdBy },
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

function open(
  market: GeneratedMarket,
  position: number,
  kind: GeneratedKind,
  everyMicros: number,
): { readonly reader: BlockReader<MarketBlock>; readonly blockKind: BlockKind; readonly every: string | null } {
  switch (kind.kind) {
    case 'trades':
      return { reader: market.trades(position), blockKind: BlockKind.TRADES, every: null };
    case 'quotes':
      return { reader: market.quotes(position), blockKind: BlockKind.QUOTES, every: null };
    case 'bars':
      return { reader: market.bars(position, everyMicros, 0), blockKind: BlockKind.BARS, every: everyName(kind.every) };
    default:
      return unreachable(kind);
  }
}
