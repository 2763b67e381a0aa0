import type { Channel, ServerMessage } from '../../../src/contract/api/stream.ts';

/** What came of one channel, in order. */
export interface ChannelMessage {
  readonly type: 'snapshot' | 'delta';
  readonly channel: Channel;
  readonly instrument: string | undefined;
  readonly sequence: number;
  readonly data: unknown;
}

export type Taken = 'applied' | 'gap' | 'early';

/** A message of the server; null for what is none. */
export function parseMessage(text: unknown): ServerMessage | null {
  if (typeof text !== 'string') return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'type' in parsed ? (parsed as ServerMessage) : null;
  } catch {
    return null;
  }
}

export function channelKey(channel: Channel, instrument: string | undefined): string {
  return instrument === undefined ? channel : `${channel} ${instrument}`;
}

/**
 * Follows the numbers of each channel. A snapshot begins anew; each delta after it has the next number. Whoever misses one asks again, and takes nothing
 * until the snapshot has come.
 */
export class SequenceKeeper {
  private readonly last = new Map<string, number>();

  take({ type, channel, instrument, sequence }: ChannelMessage): Taken {
    const key = channelKey(channel, instrument);
    if (type === 'snapshot') {
      this.last.set(key, sequence);
      return 'applied';
    }
    const before = this.last.get(key);
    if (before === undefined) return 'early';
    if (sequence !== before + 1) {
      this.last.delete(key);
      return 'gap';
    }
    this.last.set(key, sequence);
    return 'applied';
  }

  has(key: string): boolean {
    return this.last.has(key);
  }

  forget(): void {
    this.last.clear();
  }
}
