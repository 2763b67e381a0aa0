import { fillDeltas, logDelta, marketOf, orderDeltas, portfolioOf, riskDelta, snapshotOf, STREAM_TRADES_MAX } from './channel-data.ts';
import { FanOut, type Topic } from './fan-out.ts';
import type { StreamClient } from './stream-client.ts';
import { positionOf } from '../present/portfolio.ts';
import { strategyInfo } from '../present/risk.ts';
import { CHANNELS, type Channel } from '../../../contract/api/stream.ts';
import type { InstrumentIndex } from '../../../model/instrument.ts';
import type { Right } from '../../../model/rights.ts';
import type { SessionOutput } from '../../../model/session-output.ts';
import type { Clock, ClockCall } from '../../../ports/clock.ts';
import type { SessionView, ViewListener } from '../../../ports/session-view.ts';

/** What a channel asks for. */
export const CHANNEL_RIGHTS: Readonly<Record<Channel, Right>> = {
  market: 'market:read',
  orders: 'account:read',
  fills: 'account:read',
  positions: 'account:read',
  portfolio: 'account:read',
  strategies: 'runs:read',
  risk: 'risk:read',
  log: 'runs:read',
};

/** The market is told of no more often than this. */
const MARKET_EVERY_US = 100_000;

/** Makes messages of what a session does, and hands them to whoever listens. */
export class StreamHub implements ViewListener {
  private readonly view: SessionView;
  private readonly clock: Clock;
  private readonly fanOut: FanOut;
  private readonly topicOf: Readonly<Record<Exclude<Channel, 'market'>, Topic>>;
  private readonly moved = new Set<InstrumentIndex>();
  /** By instrument: the number of the last trade that was told. */
  private readonly tradesTold = new Map<InstrumentIndex, number>();
  private marketCall: ClockCall | null = null;
  private flushing: NodeJS.Immediate | null = null;

  constructor(view: SessionView, clock: Clock) {
    this.view = view;
    this.clock = clock;
    this.fanOut = new FanOut(() => {
      this.flushing ??= setImmediate(() => {
        this.flushing = null;
        this.fanOut.flush();
      });
    });
    const channels = CHANNELS.filter((channel) => channel !== 'market');
    this.topicOf = Object.fromEntries(channels.map((channel) => [channel, this.fanOut.topic(channel, null)])) as StreamHub['topicOf'];
  }

  /** The caller may, and the instrument is known. */
  subscribe(client: StreamClient, channel: Channel, instrument: string | null): void {
    const topic = this.topicFor(channel, instrument);
    const { view } = this;
    if (channel === 'market' && topic.sinks.size === 0) {
      const { index } = view.instrumentOf(instrument!)!;
      this.tradesTold.set(index, this.newestTrade(index));
    }
    client.topics.set(topic.key, topic);
    this.fanOut.join(topic, client, topic.newest ?? (() => snapshotOf(view, channel as Exclude<Channel, 'market'>)));
  }

  unsubscribe(client: StreamClient, channel: Channel, instrument: string | null): void {
    const topic = this.topicFor(channel, instrument);
    client.topics.delete(topic.key);
    this.fanOut.leave(topic, client);
  }

  topicFor(channel: Channel, instrument: string | null): Topic {
    if (channel !== 'market') return this.topicOf[channel];
    const { view } = this;
    return this.fanOut.topic('market', instrument, () => marketOf(view, view.instrumentOf(instrument!)!, 0));
  }

  onOutput(output: SessionOutput): void {
    const { view, topicOf } = this;
    if (topicOf.orders.sinks.size > 0) for (const delta of orderDeltas(view, output)) this.fanOut.publish(topicOf.orders, delta);
    if (topicOf.fills.sinks.size > 0) for (const delta of fillDeltas(view, output)) this.fanOut.publish(topicOf.fills, delta);
    if (topicOf.positions.sinks.size > 0 && output.positions.length > 0) {
      const touched = new Set(output.positions.map(({ instrument }) => instrument));
      this.publishPositions(touched);
    }
    if (topicOf.portfolio.sinks.size > 0 && (output.balances.length > 0 || output.equity.length > 0))
      this.fanOut.publish(topicOf.portfolio, portfolioOf(view));
    for (const { strategy } of output.strategies) this.fanOut.publish(topicOf.strategies, strategyInfo(view, view.strategies()[strategy]!));
    this.publishUnlessNull(topicOf.risk, () => riskDelta(view, output));
    this.publishUnlessNull(topicOf.log, () => logDelta(view, output));
  }

  onMarket(instrument: InstrumentIndex): void {
    this.moved.add(instrument);
    this.marketCall ??= this.clock.callAt(this.clock.now() + MARKET_EVERY_US, () => {
      this.marketCall = null;
      this.publishMarket();
    });
  }

  onPhase(): void {}

  close(): void {
    this.marketCall?.cancel();
    if (this.flushing !== null) clearImmediate(this.flushing);
    this.fanOut.flush();
  }

  /** The newest of every instrument that has moved. */
  private publishMarket(): void {
    const { view } = this;
    const moved = new Set(this.moved);
    this.moved.clear();
    for (const index of moved) {
      const instrument = view.instruments[index]!;
      const topic = this.topicFor('market', instrument.id);
      if (topic.sinks.size === 0) continue;
      this.fanOut.publish(topic, marketOf(view, instrument, this.tradesTold.get(index) ?? 0));
      this.tradesTold.set(index, this.newestTrade(index));
    }
    if (this.topicOf.positions.sinks.size > 0) this.publishPositions(moved, true);
  }

  private publishPositions(instruments: ReadonlySet<InstrumentIndex>, isOpenOnly = false): void {
    const { view } = this;
    const touched = view
      .positions()
      .filter(({ snapshot }) => instruments.has(snapshot.instrument) && (!isOpenOnly || snapshot.quantity !== 0));
    if (touched.length === 0) return;
    this.fanOut.publish(this.topicOf.positions, { positions: touched.map((position) => positionOf(view, position)) });
  }

  private publishUnlessNull(topic: Topic, make: () => unknown): void {
    const data = topic.sinks.size === 0 ? null : make();
    if (data !== null) this.fanOut.publish(topic, data);
  }

  private newestTrade(instrument: InstrumentIndex): number {
    return this.view.trades(instrument, STREAM_TRADES_MAX).at(-1)?.sequence ?? 0;
  }
}
