import { WebSocket } from 'ws';
import { type DeskAccess, takeTicket } from '../desk-kit.ts';

/** A channel, with the instrument where it is the market. */
export interface Subscription {
  readonly channel: string;
  readonly instrument?: string;
}

export interface ListenerEvents {
  /** A fill was told; times in microseconds since the epoch. */
  readonly onFill?: (tsInit: number) => void;
  /** The number of a message did not follow the one before. */
  readonly onHole?: () => void;
  readonly onClose: (code: number) => void;
}

const HEAD = /^\{"type":"(snapshot|delta)","channel":"(\w+)"(?:,"instrument":"([^"]+)")?,"sequence":(\d+)/;
const FILL_TIME = /"tsInit":(\d+)/;
/** Longer than the head of any message. */
const HEAD_BYTES = 200;

/** One client of the stream: takes a ticket, subscribes, and looks at the head of everything that comes; bodies are not parsed, two hundred clients share a thread. */
export class StreamListener {
  readonly socket: WebSocket;
  messages = 0;
  bytes = 0;
  private readonly last = new Map<string, number>();
  private readonly events: ListenerEvents;

  private constructor(socket: WebSocket, events: ListenerEvents) {
    this.socket = socket;
    this.events = events;
  }

  static async open(access: DeskAccess, subscriptions: readonly Subscription[], events: ListenerEvents): Promise<StreamListener> {
    const ticket = await takeTicket(access);
    const url = `${access.url.replace(/^http/, 'ws')}/api/v1/stream`;
    const socket = new WebSocket(url, { origin: access.url, perMessageDeflate: false, maxPayload: 64e6 });
    const listener = new StreamListener(socket, events);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => resolve());
    });
    socket.on('error', () => {
      // The code of the close says what it was.
    });
    socket.on('close', (code) => events.onClose(code));
    socket.on('message', (data) => listener.onMessage(data as Buffer));
    socket.send(JSON.stringify({ op: 'authenticate', ticket }));
    for (const subscription of subscriptions) socket.send(JSON.stringify({ op: 'subscribe', ...subscription }));
    return listener;
  }

  private onMessage(data: Buffer): void {
    this.messages += 1;
    this.bytes += data.length;
    const [, type, channel, instrument, sequenceText] = HEAD.exec(data.toString('latin1', 0, HEAD_BYTES)) ?? [];
    if (type === undefined) return;
    const key = `${channel} ${instrument}`;
    const sequence = Number(sequenceText);
    if (type === 'delta' && sequence !== this.last.get(key)! + 1) this.events.onHole?.();
    this.last.set(key, sequence);
    if (type !== 'delta' || channel !== 'fills') return;
    const time = FILL_TIME.exec(data.toString('latin1'));
    if (time !== null) this.events.onFill?.(Number(time[1]));
  }
}
