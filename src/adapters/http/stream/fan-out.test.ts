import { describe, expect, it } from 'vitest';
import { FanOut, type FrameSink, STREAM_LAG_BYTES_MAX } from './fan-out.ts';

/** Takes frames apart again; they are short here, so the head has two or four bytes. */
class Sink implements FrameSink {
  backlogBytes = 0;
  takes = 0;
  readonly messages: { readonly type: string; readonly channel: string; readonly sequence: number; readonly data: unknown }[] = [];

  take(chunks: readonly Buffer[]): void {
    this.takes += 1;
    const bytes = Buffer.concat(chunks);
    for (let at = 0; at < bytes.length; ) {
      const isLong = bytes[at + 1] === 126;
      const length = isLong ? bytes.readUInt16BE(at + 2) : bytes[at + 1]!;
      const from = at + (isLong ? 4 : 2);
      this.messages.push(JSON.parse(bytes.toString('utf8', from, from + length)));
      at = from + length;
    }
  }

  get told(): readonly string[] {
    return this.messages.map(({ type, channel, sequence }) => `${type} ${channel} ${sequence}`);
  }
}

describe('fan-out', () => {
  it('a newcomer begins behind what was said before, and misses nothing that is said after', () => {
    const fanOut = new FanOut(() => {});
    const topic = fanOut.topic('orders', null);
    const [first, second] = [new Sink(), new Sink()];
    fanOut.join(topic, first, () => 'all');
    fanOut.publish(topic, 1);
    // In the same turn: what waits has been counted in the snapshot.
    fanOut.join(topic, second, () => 'all of 1');
    fanOut.publish(topic, 2);
    fanOut.flush();
    expect(first.told).toEqual(['snapshot orders 0', 'delta orders 1', 'delta orders 2']);
    expect(second.told).toEqual(['snapshot orders 1', 'delta orders 2']);
  });

  it('everything of a turn leaves in one write for each listener, whatever the topics', () => {
    let calls = 0;
    const fanOut = new FanOut(() => (calls += 1));
    const [orders, fills] = [fanOut.topic('orders', null), fanOut.topic('fills', null)];
    const [both, one] = [new Sink(), new Sink()];
    for (const topic of [orders, fills]) fanOut.join(topic, both, () => null);
    fanOut.join(fills, one, () => null);
    const before = [both.takes, one.takes];
    for (const value of [1, 2, 3]) {
      fanOut.publish(orders, value);
      fanOut.publish(fills, value);
    }
    expect(calls).toBe(1);
    fanOut.flush();
    expect([both.takes, one.takes]).toEqual(before.map((takes) => takes + 1));
    expect(both.messages.filter(({ channel, type }) => channel === 'orders' && type === 'delta').map(({ data }) => data)).toEqual([
      1, 2, 3,
    ]);
    expect(one.told.slice(1)).toEqual(['delta fills 1', 'delta fills 2', 'delta fills 3']);
  });

  it('where nobody listens nothing is numbered', () => {
    const fanOut = new FanOut(() => {});
    const topic = fanOut.topic('log', null);
    fanOut.publish(topic, 1);
    const sink = new Sink();
    fanOut.join(topic, sink, () => null);
    fanOut.leave(topic, sink);
    fanOut.publish(topic, 2);
    expect([topic.sequence, sink.told]).toEqual([0, ['snapshot log 0']]);
  });

  it('a conflated topic leaves out who lags, and tells everything when they have caught up; other topics leave nothing out', () => {
    const fanOut = new FanOut(() => {});
    const market = fanOut.topic('market', 'A.SIM', () => 'newest');
    const orders = fanOut.topic('orders', null);
    const sink = new Sink();
    fanOut.join(market, sink, () => 'all');
    fanOut.join(orders, sink, () => 'all');
    sink.backlogBytes = STREAM_LAG_BYTES_MAX + 1;
    fanOut.publish(market, 1);
    fanOut.publish(orders, 1);
    fanOut.flush();
    sink.backlogBytes = 0;
    fanOut.publish(market, 2);
    fanOut.flush();
    fanOut.publish(market, 3);
    fanOut.flush();
    expect(sink.told.slice(2)).toEqual(['delta orders 1', 'snapshot market 2', 'delta market 3']);
    expect(sink.messages.find(({ sequence, channel }) => channel === 'market' && sequence === 2)!.data).toBe('newest');
  });
});
