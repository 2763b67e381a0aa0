import { describe, expect, it } from 'vitest';
import { type ChannelMessage, parseMessage, SequenceKeeper } from './stream-messages.ts';

function message(
  type: 'snapshot' | 'delta',
  sequence: number,
  channel: ChannelMessage['channel'] = 'orders',
  instrument?: string,
): ChannelMessage {
  return { type, channel, instrument, sequence, data: null };
}

describe('numbers of the stream', () => {
  it('a delta before the snapshot is early, and those after it count on', () => {
    const keeper = new SequenceKeeper();
    const taken = [message('delta', 8), message('snapshot', 8), message('delta', 9), message('delta', 10)].map((each) => keeper.take(each));
    expect(taken).toEqual(['early', 'applied', 'applied', 'applied']);
  });

  it('after a gap nothing is taken until the next snapshot', () => {
    const keeper = new SequenceKeeper();
    const taken = [message('snapshot', 3), message('delta', 5), message('delta', 6), message('snapshot', 6), message('delta', 7)].map(
      (each) => keeper.take(each),
    );
    expect(taken).toEqual(['applied', 'gap', 'early', 'applied', 'applied']);
  });

  it('a delta that comes twice is a gap: what was applied is not applied again', () => {
    const keeper = new SequenceKeeper();
    keeper.take(message('snapshot', 3));
    keeper.take(message('delta', 4));
    expect(keeper.take(message('delta', 4))).toBe('gap');
  });

  it('channels and instruments count apart', () => {
    const keeper = new SequenceKeeper();
    keeper.take(message('snapshot', 1, 'market', 'A.X'));
    keeper.take(message('snapshot', 7, 'market', 'B.X'));
    expect([
      keeper.take(message('delta', 2, 'market', 'A.X')),
      keeper.take(message('delta', 8, 'market', 'B.X')),
      keeper.take(message('delta', 2, 'fills')),
    ]).toEqual(['applied', 'applied', 'early']);
  });

  it('what is no message is nothing', () => {
    expect(['', '[', '3', 'null', '{"channel":"orders"}', 7].map(parseMessage)).toEqual([null, null, null, null, null, null]);
  });
});
