import { makeQuoteBlock, makeTradeBlock, BlockKind } from '../../model/blocks.ts';
import type { FeedCode } from '../../model/codes/feed.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Clock } from '../../ports/clock.ts';
import { type FeedCounters, FeedState, type FeedSubscription, type MarketFeed, type MarketFeedListener } from '../../ports/market-feed.ts';

/** Market data that a test says: the streams are quotes and trades of the first instrument, then of the second, unless said. */
export class SaidFeed implements MarketFeed {
  readonly subscriptions: readonly FeedSubscription[];
  readonly counters: FeedCounters = {
    messages: 0,
    rows: 0,
    duplicates: 0,
    gaps: 0,
    connections: 0,
    snapshots: 0,
    refused: new Map(),
  };
  readonly clockOffsetUs = 0;
  state: FeedState = FeedState.DOWN;
  isStopped = false;
  private readonly clock: Clock;
  private listener: MarketFeedListener | null = null;

  /** @param kinds the streams of each instrument, in this order */
  constructor(
    clock: Clock,
    instruments: readonly Instrument[],
    kinds: readonly FeedSubscription['kind'][] = [BlockKind.QUOTES, BlockKind.TRADES],
  ) {
    this.clock = clock;
    this.subscriptions = instruments.flatMap((instrument) =>
      kinds.map((kind) => ({ instrument, symbol: instrument.id, kind, every: null, series: 0 })),
    );
  }

  start(listener: MarketFeedListener): void {
    this.listener = listener;
  }

  stop(): void {
    this.isStopped = true;
    this.listener = null;
  }

  quote(bidPrice: number, askPrice: number, instrument = 0): void {
    const block = makeQuoteBlock(instrument, 1);
    block.length = 1;
    block.tsInit[0] = this.clock.now();
    block.tsEvent[0] = block.tsInit[0];
    block.bidPrice[0] = bidPrice;
    block.askPrice[0] = askPrice;
    block.bidSize[0] = 1000;
    block.askSize[0] = 1000;
    this.listener?.onRows(instrument * 2, block);
    // It is borrowed: whoever keeps it has something else afterwards.
    block.bidPrice[0] = 1;
  }

  trade(price: number, instrument = 0): void {
    const block = makeTradeBlock(instrument, 1);
    block.length = 1;
    block.tsInit[0] = this.clock.now();
    block.tsEvent[0] = block.tsInit[0];
    block.price[0] = price;
    block.quantity[0] = 10;
    block.aggressorSide[0] = 1;
    this.listener?.onRows(instrument * 2 + 1, block);
  }

  is(state: FeedState, code: FeedCode): void {
    this.state = state;
    this.listener?.onState({ state, code, detail: '', ts: this.clock.now() });
  }

  instrument(instrument: number, isTrading: boolean, code: FeedCode): void {
    this.listener?.onInstrument({ instrument, isTrading, code, ts: this.clock.now() });
  }

  gap(stream: number, tsFrom: number, code: FeedCode): void {
    this.listener?.onGap({ stream, tsFrom, tsTo: this.clock.now(), code });
  }
}
