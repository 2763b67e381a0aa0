import { textFrame } from './frames.ts';

/** Whoever gets frames: one call for everything of a turn. */
export interface FrameSink {
  /** @param chunks whole frames, in order; shared with others, never to be changed */
  take(chunks: readonly Buffer[]): void;
  /** Bytes that wait for it. */
  readonly backlogBytes: number;
}

/** Bytes that may wait for a listener before messages of conflated topics are left out for it. */
export const STREAM_LAG_BYTES_MAX = 262_144;

/** What one may listen to. Its messages are numbered, so that whoever misses one knows. */
export interface Topic {
  readonly key: string;
  readonly channel: string;
  readonly instrument: string | null;
  /** Number of the last message. */
  sequence: number;
  readonly sinks: Set<FrameSink>;
  pending: Buffer[];
  /** Of a conflated topic: everything as it is now. Null where every message counts. */
  readonly newest: (() => unknown) | null;
  /** Listeners that messages were left out for; they get a snapshot once they have caught up. */
  readonly lagging: Set<FrameSink>;
}

/**
 * Hands messages to many listeners: each is written as text once and framed once, and what came in one turn leaves in one write for each listener. The
 * write is what costs, so batching is what counts (bench row fanout/ws).
 */
export class FanOut {
  private readonly topics = new Map<string, Topic>();
  private dirty: Topic[] = [];
  private readonly onDirty: () => void;

  /** @param onDirty called when the first message since the last {@link flush} has come */
  constructor(onDirty: () => void) {
    this.onDirty = onDirty;
  }

  topic(channel: string, instrument: string | null, newest: (() => unknown) | null = null): Topic {
    const key = instrument === null ? channel : `${channel} ${instrument}`;
    const known = this.topics.get(key);
    if (known !== undefined) return known;
    const made: Topic = { key, channel, instrument, sequence: 0, sinks: new Set(), pending: [], newest, lagging: new Set() };
    this.topics.set(key, made);
    return made;
  }

  /** Nothing where nobody listens: whoever comes later begins with a snapshot. */
  publish(topic: Topic, data: unknown): void {
    if (topic.sinks.size === 0) return;
    topic.sequence += 1;
    if (topic.pending.length === 0) {
      this.dirty.push(topic);
      if (this.dirty.length === 1) this.onDirty();
    }
    topic.pending.push(textFrame(messageText('delta', topic, data)));
  }

  /** Everything that waits goes out. Hot (bench row fanout/ws). */
  flush(): void {
    if (this.dirty.length === 0) return;
    const { dirty } = this;
    this.dirty = [];
    const chunksOf = dirty.length === 1 ? null : new Map<FrameSink, Buffer[]>();
    for (const topic of dirty) {
      const whole = takeChunk(topic);
      for (const sink of topic.sinks) {
        const chunks = topic.newest === null ? whole : this.conflated(topic, topic.newest, sink, whole);
        if (chunks === null) continue;
        if (chunksOf === null) sink.take(chunks);
        else chunksOf.set(sink, [...(chunksOf.get(sink) ?? []), ...chunks]);
      }
    }
    if (chunksOf !== null) for (const [sink, chunks] of chunksOf) sink.take(chunks);
  }

  /** What waits goes to those who listen already; then the newcomer gets everything as of the last number, and what comes after. */
  join(topic: Topic, sink: FrameSink, snapshot: () => unknown): void {
    this.flush();
    topic.sinks.add(sink);
    sink.take([textFrame(messageText('snapshot', topic, snapshot()))]);
  }

  leave(topic: Topic, sink: FrameSink): void {
    topic.sinks.delete(sink);
    topic.lagging.delete(sink);
  }

  /** Nothing for a listener that lags, and everything at once when it no longer does. */
  private conflated(topic: Topic, newest: () => unknown, sink: FrameSink, chunks: readonly Buffer[]): readonly Buffer[] | null {
    if (sink.backlogBytes > STREAM_LAG_BYTES_MAX) {
      topic.lagging.add(sink);
      return null;
    }
    return topic.lagging.delete(sink) ? [textFrame(messageText('snapshot', topic, newest()))] : chunks;
  }
}

function takeChunk(topic: Topic): readonly Buffer[] {
  const { pending } = topic;
  topic.pending = [];
  return pending.length === 1 ? pending : [Buffer.concat(pending)];
}

function messageText(type: 'snapshot' | 'delta', { channel, instrument, sequence }: Topic, data: unknown): string {
  const where = instrument === null ? '' : `,"instrument":${JSON.stringify(instrument)}`;
  return `{"type":"${type}","channel":"${channel}"${where},"sequence":${sequence},"data":${JSON.stringify(data)}}`;
}
