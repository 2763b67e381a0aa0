import type { SourceContext } from './data-source.ts';
import { parseBigDecimal } from '../../base/decimal.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { InputError } from '../../ports/errors.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileData } from '../run-file/schema.ts';

export type GeneratedSettings = NonNullable<RunFileData['generated']>;

/** Keys of `generated:` that mean something for one of its two markets only. */
export const AGENTS_ONLY = ['eventsPerSecond', 'book', 'jumps', 'halts', 'gaps'] as const;
export const PATHS_ONLY = ['tradesPerMinute', 'marketShare', 'follows'] as const;

/** Keys of `generated:` that are a stream's own. */
const NOT_SHARED: readonly string[] = ['market', 'book'];
const REQUIRED: readonly string[] = ['seed', 'startPrice'];

/** @throws InputError where a stream has a key of the other market */
export function refuseKeys({ data, loaded, path }: SourceContext, names: readonly (keyof GeneratedSettings)[], market: string): void {
  for (const key of names) {
    if (data.generated![key] === undefined) continue;
    const rule = `${key} belongs to market: ${market}.`;
    throw loaded.refusal([...path, 'generated', key], rule, `Take ${key} out, or change market.`);
  }
}

/** The position under `data` of the first stream that shows the same instrument in the same kind of market, whose keys count. */
function firstOf({ loaded, data, instrument }: SourceContext, instruments: readonly Instrument[]): number {
  return loaded.run.data.findIndex(
    ({ generated, instrument: id }) =>
      generated !== undefined &&
      (generated.market === 'agents') === (data.generated!.market === 'agents') &&
      (id ?? instruments[0]!.id) === instrument.id,
  );
}

/**
 * Streams of an instrument show one market, that of the first of them. What is stated again must be the same: it would not count.
 *
 * @throws InputError where a key differs from that of the first
 */
export function refuseDifferences(context: SourceContext, instruments: readonly Instrument[]): void {
  const { loaded, data, path, instrument } = context;
  const first = firstOf(context, instruments);
  const wanted = loaded.run.data[first]!.generated!;
  if (data.generated === wanted) return;
  for (const [key, value] of Object.entries(data.generated!)) {
    if (value === undefined || NOT_SHARED.includes(key)) continue;
    const other = wanted[key as keyof GeneratedSettings];
    if (JSON.stringify(value) === JSON.stringify(other)) continue;
    const rule =
      other === undefined
        ? `The market of ${instrument.id} is that of its first stream, data[${first}], which states no ${key}.`
        : `The market of ${instrument.id} is that of its first stream, data[${first}], where ${key} is another.`;
    throw loaded.refusal(
      [...path, 'generated', key],
      rule,
      REQUIRED.includes(key) ? `Write the same ${key} in both.` : `Write the same ${key} in both, or take it out here.`,
    );
  }
}

/**
 * A decimal of the settings under `data[entry].generated` as a count of the instrument's smallest units.
 *
 * @throws InputError where it has too many decimals, or counts more than `max`
 */
export function generatedCount(
  loaded: LoadedRunFile,
  entry: number,
  instrument: Instrument,
  key: 'startPrice' | 'typicalQuantity',
  max: number,
): number {
  const { id } = instrument;
  const [decimals, name] =
    key === 'startPrice' ? [instrument.priceDecimals, 'priceDecimals'] : [instrument.quantityDecimals, 'quantityDecimals'];
  const count = parseBigDecimal(loaded.run.data[entry]!.generated![key]!, decimals);
  const refused = (rule: string, fix: string): InputError => loaded.refusal(['data', entry, 'generated', key], rule, fix);
  if (count === 'TOO_MANY_DECIMALS' || count === 'NOT_A_NUMBER')
    throw refused(`${key} has more decimals than ${id} counts in (${decimals}).`, `Round it, or raise ${name} of ${id}.`);
  if (typeof count === 'bigint' && count <= BigInt(max)) return Number(count);
  throw refused(
    `In ${decimals} decimals it counts more than ${max} of the smallest units of ${id}, the most that a generated market counts exactly.`,
    `Give ${id} fewer ${name}, or a smaller ${key}.`,
  );
}
