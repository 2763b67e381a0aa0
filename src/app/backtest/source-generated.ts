import { type DataSource, everyUsOf, type RunSpan, type SourceContext } from './data-source.ts';
import { BLOCK_KIND_OF, BlockKind } from '../../model/blocks.ts';
import type { Instrument } from '../../model/instrument.ts';
import { DAY_US, MINUTE_US } from '../../model/civil-date.ts';
import { InputError } from '../../ports/errors.ts';
import {
  GENERATED_PRICE_MAX,
  GENERATED_QUANTITY_MAX,
  generatedInstrument,
  type GeneratedInstrument,
} from '../../sim/generated/generated-instrument.ts';
import { GeneratedMarket } from '../../sim/generated/generated-market.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import { AGENTS_ONLY, generatedCount, refuseDifferences, refuseKeys } from './generated-settings.ts';
import { agentSource } from './source-agents.ts';

/** An instrument of a seed, with the position of the entry under `data` that describes it. */
interface Member {
  readonly member: Instrument;
  readonly position: number;
}

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
    if (data.generated!.market === 'agents') return agentSource(context, this.instruments, { fromTs, toTs });
    refuseKeys(context, AGENTS_ONLY, 'agents');
    refuseDifferences(context, this.instruments);
    const kind = BLOCK_KIND_OF[data.kind ?? 'bars'];
    if (kind === BlockKind.BOOK_DELTAS)
      throw this.refused([...path, 'kind'], 'Paths of prices have no order book.', 'Write generated: { market: agents, … }.');
    const every = kind === BlockKind.BARS ? (data.every ?? '1m') : null;
    if (kind === BlockKind.QUOTE_BARS)
      throw this.refused([...path, 'kind'], 'Bars of quotes are not generated.', 'Take quotes, trades or bars.');
    const everyUs = every === null ? 0 : everyUsOf(every);
    if (every !== null && (everyUs > DAY_US || everyUs < 1_000_000))
      throw this.refused([...path, 'every'], 'Generated bars are of a second to a day.', 'Write every: 1m.');
    const { seed } = data.generated!;
    const members = this.members(seed);
    const behaviors = members.map(({ member, position }) => this.behavior(member, position, members));
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
  private members(seed: number): readonly Member[] {
    const found: Member[] = [];
    this.loaded.run.data.forEach((data, position) => {
      if (data.generated?.seed !== seed || data.generated.market === 'agents') return;
      const member =
        data.instrument === undefined ? this.instruments[0] : this.instruments.find((instrument) => instrument.id === data.instrument);
      if (member !== undefined && !found.some((each) => each.member === member)) found.push({ member, position });
    });
    return found;
  }

  private behavior(instrument: Instrument, entry: number, members: readonly Member[]): GeneratedInstrument {
    const { run } = this.loaded;
    const settings = run.data[entry]!.generated!;
    const path = ['data', entry, 'generated'] as const;
    const { id, priceIncrement, lotSize } = instrument;
    const startPrice =
      Math.round(generatedCount(this.loaded, entry, instrument, 'startPrice', GENERATED_PRICE_MAX) / priceIncrement) * priceIncrement;
    if (startPrice < 100 * priceIncrement)
      throw this.refused(
        [...path, 'startPrice'],
        'The price starts at 100 increments or more.',
        'Raise it, or make the tick size smaller.',
      );
    const quantityTypical =
      settings.typicalQuantity === undefined
        ? lotSize * 10
        : Math.max(lotSize, generatedCount(this.loaded, entry, instrument, 'typicalQuantity', GENERATED_QUANTITY_MAX));
    if (quantityTypical > GENERATED_QUANTITY_MAX)
      throw this.refused(
        ['instruments', instrument.index, 'lotSize'],
        `A generated market trades lots of ${id} that count ${GENERATED_QUANTITY_MAX / 10} of its smallest units at most.`,
        'Give a smaller lotSize, or fewer quantityDecimals.',
      );
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
    const leader = follows === undefined ? -1 : members.findIndex(({ member }) => member.id === follows.instrument);
    if (
      follows !== undefined &&
      (leader < 0 || members[leader]!.member === instrument || !(follows.deviation > 0 && follows.deviation <= 1))
    ) {
      throw this.refused(
        [...path, 'follows'],
        'It follows another generated instrument of the same seed, with a deviation above 0 and up to 1.',
        'Correct instrument or deviation.',
      );
    }
    const leaderFollows = leader < 0 ? undefined : run.data[members[leader]!.position]!.generated!.follows;
    if (leaderFollows !== undefined)
      throw this.refused(
        [...path, 'follows', 'instrument'],
        `${follows!.instrument} follows ${leaderFollows.instrument} itself: who is followed follows nobody.`,
        `Follow ${leaderFollows.instrument}, or another instrument that follows none.`,
      );
    const { annualVolatility, tradesPerMinute, spreadTicks, marketShare } = settings;
    return generatedInstrument({
      instrument: instrument.index,
      startPrice,
      priceIncrement,
      lotSize,
      quantityTypical,
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
