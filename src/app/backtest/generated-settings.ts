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

/** @throws InputError where a stream has a key of the other market */
export function refuseKeys({ data, loaded, path }: SourceContext, names: readonly (keyof GeneratedSettings)[], market: string): void {
  for (const key of names) {
    if (data.generated![key] === undefined) continue;
    const rule = `${key} belongs to market: ${market}.`;
    throw loaded.refusal([...path, 'generated', key], rule, `Take ${key} out, or change market.`);
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
