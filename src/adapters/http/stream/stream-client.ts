import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { type FrameSink, STREAM_LAG_BYTES_MAX, type Topic } from './fan-out.ts';
import { textFrame } from './frames.ts';
import { STREAM_CLOSE } from '../../../contract/api/stream.ts';
import type { Clock, ClockCall } from '../../../ports/clock.ts';
import type { Caller } from '../../../ports/gatekeeper.ts';

/** Bytes that may wait for a client. Whoever has more waiting is too slow and is closed: nothing is left out for it. */
export const STREAM_BACKLOG_BYTES_MAX = 4_194_304;
/** Messages of a client at once, and a second in the long run. */
export const STREAM_MESSAGES_MAX = 300;
const MESSAGES_PER_SECOND = 20;
/** How long a closing client has to answer; one that reads slowly has longer, or it would never come to the code. */
const CLOSE_WAIT_US = 2e6;
const SLOW_CLOSE_WAIT_US = 30e6;
/** Bytes that are given to the socket at once. What waits beyond them can still be dropped, so that the code of a close does not stand behind it. */
const SOCKET_BYTES = STREAM_LAG_BYTES_MAX;

/** One connection: what it may, what it listens to, how much waits for it. */
export class StreamClient implements FrameSink {
  readonly address: string;
  readonly topics = new Map<string, Topic>();
  caller: Caller | null = null;
  /** It has shown a ticket, which may still be looked at. */
  hasShownTicket = false;
  /** It has answered since it was last asked. */
  isAlive = true;
  private readonly ws: WebSocket;
  private readonly socket: Duplex;
  private readonly clock: Clock;
  private messagesLeft = STREAM_MESSAGES_MAX;
  private tsMessage: number;
  private readonly calls: ClockCall[] = [];
  /** What the socket has no room for, oldest first. */
  private held: Buffer[] = [];
  private heldBytes = 0;
  private readonly onDrain = (): void => {
    const { held, socket } = this;
    let count = 0;
    socket.cork();
    while (count < held.length && socket.writableLength <= SOCKET_BYTES) {
      const chunk = held[count]!;
      socket.write(chunk);
      this.heldBytes -= chunk.length;
      count += 1;
    }
    socket.uncork();
    this.held = held.slice(count);
    if (this.held.length > 0) socket.once('drain', this.onDrain);
  };

  constructor(ws: WebSocket, socket: Duplex, address: string, clock: Clock) {
    this.ws = ws;
    this.socket = socket;
    this.address = address;
    this.clock = clock;
    this.tsMessage = clock.now();
  }

  get isOpen(): boolean {
    return this.ws.readyState === this.ws.OPEN;
  }

  /** Bytes that wait for it. */
  get backlogBytes(): number {
    return this.socket.writableLength + this.heldBytes;
  }

  /** Hot (bench row fanout/ws): several chunks leave in one write. */
  take(chunks: readonly Buffer[]): void {
    if (!this.isOpen) return;
    const { socket } = this;
    if (this.heldBytes > 0 || socket.writableLength > SOCKET_BYTES) {
      this.hold(chunks);
      return;
    }
    if (chunks.length === 1) {
      socket.write(chunks[0]!);
      return;
    }
    socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    socket.uncork();
  }

  say(message: unknown): void {
    this.take([textFrame(JSON.stringify(message))]);
  }

  /** @returns false where it has said too much */
  mayMessage(): boolean {
    const now = this.clock.now();
    const filled = this.messagesLeft + (Math.max(0, now - this.tsMessage) / 1e6) * MESSAGES_PER_SECOND;
    this.messagesLeft = Math.min(STREAM_MESSAGES_MAX, filled) - 1;
    this.tsMessage = now;
    return this.messagesLeft >= 0;
  }

  /** Calls at a time, unless it has gone by then. */
  callAt(ts: number, work: () => void): void {
    this.calls.push(
      this.clock.callAt(ts, () => {
        if (this.isOpen) work();
      }),
    );
  }

  ping(): void {
    if (this.isOpen) this.ws.ping();
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.release();
    this.ws.close(code, reason);
    const waitUs = code === STREAM_CLOSE.SLOW ? SLOW_CLOSE_WAIT_US : CLOSE_WAIT_US;
    this.calls.push(this.clock.callAt(this.clock.now() + waitUs, () => this.ws.terminate()));
  }

  terminate(): void {
    this.ws.terminate();
  }

  /** It has gone. */
  forget(): void {
    this.release();
    for (const call of this.calls) call.cancel();
    for (const topic of this.topics.values()) {
      topic.sinks.delete(this);
      topic.lagging.delete(this);
    }
    this.topics.clear();
  }

  private hold(chunks: readonly Buffer[]): void {
    if (this.held.length === 0) this.socket.once('drain', this.onDrain);
    for (const chunk of chunks) {
      this.held.push(chunk);
      this.heldBytes += chunk.length;
    }
    if (this.backlogBytes > STREAM_BACKLOG_BYTES_MAX) this.close(STREAM_CLOSE.SLOW, 'too slow');
  }

  /** What is held is not for whoever goes. */
  private release(): void {
    this.held = [];
    this.heldBytes = 0;
    this.socket.off('drain', this.onDrain);
  }
}
