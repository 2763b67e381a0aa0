import { type DataSource, everyUsOf, type RunSpan, type SourceContext } from './data-source.ts';
import { parseDecimal } from '../../base/decimal.ts';
import { BLOCK_KIND_OF, BlockKind } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import { DAY_US, MINUTE_US } from '../../model/civil-date.ts';
import { InputError } from '../../ports/errors.ts';
import { generatedInstrument, type GeneratedInstrument } from '../../sim/generated-instrument.ts';
import { GeneratedMarket } from '../../sim/generated-market.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';

/** Made-up markets: the streams of one seed share a market, so that quotes, trades and bars of an instrument tell the same story. */
export class GeneratedSources {
  private readonly loaded: LoadedRunFile;
  private readonly instruments: readonly Instrument[];
  private readonly span: RunSpan;

  constructor(loaded: LoadedRunFile, instruments: readonly Instrument[], span: RunSpan) {
    this.loaded = loaded;
    this.instruments = instruments;
    this.span = span;
  }

  source(context: SourceContext): DataSource {
    const { data, path, instrument } = context;
    const { fromTs, toTs } = this.span;
    if (fromTs === null || toTs === null || fromTs % MINUTE_US !== 0 || toTs % MINUTE_US !== 0 || fromTs >= toTs || fromTs < 0) {
      throw this.refused(
        path,
        'A generated market needs a period of whole minutes from 1970 on.',
        'State period: { from: 2024-01-01, to: 2024-03-01 }.',
      );
    }
    const kind = BLOCK_KIND_OF[data.kind ?? 'bars'];
    const every = kind === BlockKind.BARS ? (data.every ?? '1m') : null;
    if (kind === BlockKind.QUOTE_BARS)
      throw this.refused([...path, 'kind'], 'Bars of quotes are not generated.', 'Take quotes, trades or bars.');
    const everyUs = every === null ? 0 : everyUsOf(every);
    if (every !== null && (everyUs > DAY_US || everyUs < 1_000_000))
      throw this.refused([...path, 'every'], 'Generated bars are of a second to a day.', 'Write every: 1m.');
    const { seed } = data.generated!;
    const members = this.members(seed);
    const behaviors = members.map(({ member, position }) =>
      this.behavior(
        member,
        position,
        members.map((each) => each.member),
      ),
    );
    const position = members.findIndex(({ member }) => member.index === instrument.index);
    const market = new GeneratedMarket({ seed, startTs: fromTs, endTs: toTs, instruments: behaviors });
    return {
      kind,
      every,
      assumed: [],
      open: (series) =>
        kind === BlockKind.BARS
          ? market.bars(position, everyUs, Math.max(series, 0))
          : kind === BlockKind.TRADES
            ? market.trades(position)
            : market.quotes(position),
      identity: () => `generated ${JSON.stringify({ seed, fromTs, toTs, kind, every, position, behaviors })}`,
      accountEvents: () => [],
    };
  }

  /** Instruments of a seed in order of first mention, each with the entry that describes it. */
  private members(seed: number): readonly { readonly member: Instrument; readonly position: number }[] {
    const found: { member: Instrument; position: number }[] = [];
    this.loaded.run.data.forEach((data, position) => {
      if (data.generated?.seed !== seed) return;
      const member =
        data.instrument === undefined ? this.instruments[0] : this.instruments.find((instrument) => instrument.id === data.instrument);
      if (member !== undefined && !found.some((each) => each.member === member)) found.push({ member, position });
    });
    return found;
  }

  private behavior(instrument: Instrument, entry: number, members: readonly Instrument[]): GeneratedInstrument {
    const { run } = this.loaded;
    const settings = run.data[entry]!.generated!;
    const path = ['data', entry, 'generated'] as const;
    const count = (text: string, decimals: number, key: string): number => {
      const parsed = parseDecimal(text, decimals);
      if (typeof parsed === 'number') return parsed;
      throw this.refused(
        [...path, key],
        `${key} has more decimals than ${instrument.id} counts in (${decimals}).`,
        'Round it, or raise the decimals of the instrument.',
      );
    };
    const { priceIncrement, lotSize, priceDecimals, quantityDecimals } = instrument;
    const startPrice = Math.round(count(settings.startPrice, priceDecimals, 'startPrice') / priceIncrement) * priceIncrement;
    if (startPrice < 100 * priceIncrement)
      throw this.refused(
        [...path, 'startPrice'],
        'The price starts at 100 increments or more.',
        'Raise it, or make the tick size smaller.',
      );
    const typical =
      settings.typicalQuantity === undefined ? lotSize * 10 : count(settings.typicalQuantity, quantityDecimals, 'typicalQuantity');
    const checks: readonly (readonly [string, number | undefined, number, number])[] = [
      ['annualVolatility', settings.annualVolatility, 0.0001, 5],
      ['tradesPerMinute', settings.tradesPerMinute, 0, 6000],
      ['marketShare', settings.marketShare, 0, 1],
    ];
    for (const [key, value, min, max] of checks) {
      if (value !== undefined && !(value >= min && value <= max))
        throw this.refused([...path, key], `${key} is out of range.`, `Give a value from ${min} to ${max}.`);
    }
    const follows = settings.follows;
    const leader = follows === undefined ? -1 : members.findIndex((member) => member.id === follows.instrument);
    if (follows !== undefined && (leader < 0 || members[leader] === instrument || !(follows.deviation > 0 && follows.deviation <= 1))) {
      throw this.refused(
        [...path, 'follows'],
        'It follows another generated instrument of the same seed, with a deviation above 0 and up to 1.',
        'Correct instrument or deviation.',
      );
    }
    const { annualVolatility, tradesPerMinute, spreadTicks, marketShare } = settings;
    return generatedInstrument({
      instrument: instrument.index,
      startPrice,
      priceIncrement,
      lotSize,
      quantityTypical: Math.max(lotSize, typical),
      ...(annualVolatility === undefined ? {} : { annualVolatility }),
      ...(tradesPerMinute === undefined ? {} : { tradesPerMinute }),
      ...(spreadTicks === undefined ? {} : { spreadIncrements: spreadTicks }),
      ...(marketShare === undefined ? {} : { marketShare }),
      pairedWith: follows === undefined ? null : { position: leader, spreadDeviation: follows.deviation },
    });
  }

  private refused(path: readonly (string | number)[], rule: string, fix: string): InputError {
    return new InputError([this.loaded.problem('RUN_FILE_INVALID', path, rule, fix)]);
  }
}
