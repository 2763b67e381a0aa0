import type { DataStream } from './data-streams.ts';
import { latencyModel } from './latency-model.ts';
import { BlockKind } from '../../model/blocks.ts';
import type { Instrument, InstrumentIndex } from '../../model/instrument.ts';
import type { BlockReader } from '../../ports/block-reader.ts';
import { DEFAULT_DEPTH_RULES, type DepthRules } from '../../sim/depth/depth-rules.ts';
import type { FeedBlock } from '../../sim/depth/venue-feed.ts';
import type { QueueModel } from '../../sim/depth/queue-position.ts';
import type { VenueDepth } from '../../sim/matching/fill-rules.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileBookFills, RunFileFills, RunFileLatency } from '../run-file/schema.ts';
import type { PlainPath } from '../run-file/yaml-source.ts';

/** True where orders of an instrument trade against its recorded book: the run file says so, or says nothing and there is one. */
export function tradesOnBook(fills: RunFileFills, streams: readonly DataStream[]): boolean {
  if (fills.book !== undefined) return true;
  return Object.values(fills).every((value) => value === undefined) && streams.some(({ kind }) => kind === BlockKind.BOOK_DELTAS);
}

/** The rules of an instrument's book, or why they make no sense. */
export function depthRules({ queue, impactHalfLife }: RunFileBookFills): DepthRules | string {
  const model = queue === undefined ? DEFAULT_DEPTH_RULES.queue : queueModel(queue);
  if (typeof model === 'string') return model;
  if (impactHalfLife === 0) return 'impactHalfLife is above 0; leave it out for never.';
  return { queue: model, impactHalfLifeUs: impactHalfLife ?? DEFAULT_DEPTH_RULES.impactHalfLifeUs };
}

function queueModel(queue: NonNullable<RunFileBookFills['queue']>): QueueModel | string {
  if (queue.kind === 'riskAverse') return { kind: 'riskAverse' };
  const { ratio = 'sides', weight = 'power', exponent } = queue;
  if (weight === 'power') return { kind: 'probability', ratio, weight: { kind: weight, exponent: exponent ?? 1 } };
  if (exponent !== undefined) return 'exponent goes with weight: power.';
  if (ratio === 'share')
    return 'ratio: share goes with weight: power: a logarithm of a share would leave a third of all cancels behind whatever is there.';
  return { kind: 'probability', ratio, weight: { kind: weight } };
}

/** What a venue plays, and what was found out about it. */
export interface PlannedDepth {
  readonly depth: VenueDepth;
  /** For people: how far apart the clocks stood. */
  readonly assumed: readonly string[];
}

/**
 * Gets ready what a venue with book fills plays: its instruments' changes of books and trades, read for a second time, by the time of the venue.
 * With a recorded latency the whole recording is read once beforehand, to find how far its clock stood from the venue's.
 *
 * @throws InputError where a book is missing or there are two, or a latency contradicts itself
 */
export function planDepth(
  loaded: LoadedRunFile,
  venue: { readonly name: string; readonly path: PlainPath; readonly latency: RunFileLatency | undefined },
  rules: ReadonlyMap<InstrumentIndex, DepthRules>,
  instruments: readonly Instrument[],
  streams: readonly DataStream[],
): PlannedDepth {
  for (const index of rules.keys()) {
    const books = streams.filter(({ instrument, kind }) => instrument === index && kind === BlockKind.BOOK_DELTAS).length;
    if (books === 1) continue;
    const { id } = instruments.find((instrument) => instrument.index === index)!;
    const rule =
      books === 0 ? `${id} trades against its book and has no book-deltas in this run.` : `${id} has ${books} streams of book-deltas.`;
    const fix = books === 0 ? 'Add a stream of kind book-deltas for it under data, or take book out of its fills.' : 'Leave one.';
    throw loaded.refusal(['instruments', index, 'id'], rule, fix);
  }
  const played = streams.filter(
    ({ instrument, kind }) => rules.has(instrument) && (kind === BlockKind.BOOK_DELTAS || kind === BlockKind.TRADES),
  );
  const { feed = { kind: 'recorded' as const } } = venue.latency ?? {};
  const openAll = (): BlockReader<FeedBlock>[] => played.map((stream) => stream.source.open(-1) as BlockReader<FeedBlock>);
  if (typeof feed !== 'number' && feed.kind === 'recorded') {
    const quickest = played.every(({ source }) => source.isGenerated === true || source.live !== undefined) ? null : quickestRow(openAll());
    const clockAheadUs = (quickest?.leastUs ?? 0) - (feed.least ?? 0);
    return {
      depth: { rules, open: openAll, delay: { kind: 'recorded', clockAheadUs } },
      assumed: quickest === null ? [] : clockSentences(venue.name, quickest, feed.least ?? 0),
    };
  }
  const latency = latencyModel(loaded, feed, [...venue.path, 'latency', 'feed']);
  return { depth: { rules, open: openAll, delay: { kind: 'stated', latency } }, assumed: [] };
}

/** So many messages that took least are kept: where the first of them stands apart from the last, its stamp is wrong. */
const QUICKEST_KEPT = 16;
/** What came sooner than the last of them by more than this was not quick. */
const APART_US = 100_000;

interface QuickestRow {
  /** The least that lies between a row's two times, those left out whose stamps are wrong. */
  readonly leastUs: number;
  /** How far the least of all lies below it; 0 where it is that. */
  readonly apartUs: number;
}

/**
 * Reads a recording for the row that took least. Rows whose two times are the same say nothing: they come from recordings with one clock, or were made
 * when a period began.
 *
 * @returns null where no row has two times
 */
function quickestRow(readers: readonly BlockReader<FeedBlock>[]): QuickestRow | null {
  /** Rising. */
  const least: number[] = [];
  for (const reader of readers) {
    let lastTsInit = Number.NaN;
    try {
      for (let block = reader.next(); block !== null; block = reader.next()) {
        for (let row = 0; row < block.length; row += 1) {
          const tsInit = block.tsInit[row]!;
          const us = tsInit - block.tsEvent[row]!;
          // The rows of one message are looked at once.
          const isSame = tsInit === lastTsInit;
          lastTsInit = tsInit;
          if (isSame || us === 0 || (least.length === QUICKEST_KEPT && us >= least[QUICKEST_KEPT - 1]!)) continue;
          least.push(us);
          least.sort((a, b) => a - b);
          if (least.length > QUICKEST_KEPT) least.pop();
        }
      }
    } finally {
      reader.close();
    }
  }
  if (least.length === 0) return null;
  const last = least.at(-1)!;
  const right = least.length < QUICKEST_KEPT ? 0 : least.findIndex((us) => last - us <= APART_US);
  return { leastUs: least[right]!, apartUs: least[right]! - least[0]! };
}

function clockSentences(venue: string, { leastUs, apartUs }: QuickestRow, statedUs: number): readonly string[] {
  const aheadUs = leastUs - statedUs;
  const apart = `${(Math.abs(aheadUs) / 1000).toFixed(3)} ms ${aheadUs < 0 ? 'behind' : 'ahead of'}`;
  const clock = `${venue}: the clock of the recording stands ${apart} the venue's, if the quickest row took ${statedUs / 1000} ms; latencies of the feed are counted by that.`;
  if (apartUs === 0) return [clock];
  return [
    clock,
    `${venue}: up to ${QUICKEST_KEPT - 1} messages seem to have come ${(apartUs / 1000).toFixed(3)} ms sooner than all others; their stamps are taken for wrong.`,
  ];
}
