import type { WebSocket } from 'ws';
import type { Clock, ClockCall } from '../../../ports/clock.ts';
import { Fate, type FaultDice, type Faults } from './fault-plan.ts';

/** Between two pings of the server, as the venue's. */
const PING_US = 20_000_000;
/** No pong for so long ends a connection, as at the venue. */
const PONG_US_MAX = 60_000_000;
/** Messages that a client may send within a second, pings and pongs counted. */
const MESSAGES_PER_SECOND_MAX = 5;
/** Bytes that may wait for a slow client; it is cut off where more would. */
export const SERVED_BYTES_WAITING_MAX = 16_777_216;
/** Streams that one client may have, as at the venue. */
const STREAMS_MAX = 1024;

interface ControlRequest {
  readonly method?: unknown;
  readonly params?: unknown;
  readonly id?: unknown;
}

/** One connection to the loopback server: its subscriptions, its faults, its pings. */
export class ServedClient {
  readonly streams = new Set<string>();
  private readonly socket: WebSocket;
  private readonly clock: Clock;
  private readonly dice: FaultDice;
  private readonly faults: () => Faults;
  private readonly onSubscribe: (name: string) => void;
  private isCombined: boolean;
  private held: string[] = [];
  private readonly timers = new Set<ClockCall>();
  private pongTs: number;
  private second = Number.NaN;
  private messagesInSecond = 0;

  constructor(
    socket: WebSocket,
    options: {
      readonly clock: Clock;
      readonly dice: FaultDice;
      readonly faults: () => Faults;
      readonly isCombined: boolean;
      readonly streams: readonly string[];
      readonly onSubscribe: (name: string) => void;
    },
  ) {
    this.socket = socket;
    this.clock = options.clock;
    this.dice = options.dice;
    this.faults = options.faults;
    this.isCombined = options.isCombined;
    this.onSubscribe = options.onSubscribe;
    this.pongTs = this.clock.now();
    for (const name of options.streams) this.add(name);
    socket.on('message', (data: Buffer) => this.request(data.toString()));
    socket.on('pong', () => {
      this.pongTs = this.clock.now();
      this.count();
    });
    // The socket answers no ping by itself (autoPong is off), so that it can be half-open.
    socket.on('ping', (data: Buffer) => {
      this.count();
      if (!this.faults().halfOpen) socket.pong(data);
    });
    socket.on('error', () => socket.terminate());
    this.after(PING_US, () => this.ping());
  }

  /** @param data the payload, JSON */
  data(name: string, data: string): void {
    if (!this.streams.has(name)) return;
    const text = this.isCombined ? `{"stream":"${name}","data":${data}}` : data;
    switch (this.dice.next(this.faults())) {
      case Fate.DROP:
        return;
      case Fate.LATER:
        this.held.push(text);
        return;
      case Fate.TWICE:
        this.put(text);
        this.put(text);
        break;
      default:
        this.put(text);
    }
    for (const late of this.held.splice(0)) this.put(late);
  }

  shutdown(nowMs: number): void {
    const data = JSON.stringify({ e: 'serverShutdown', E: nowMs });
    this.put(this.isCombined ? `{"stream":"!serverShutdown","data":${data}}` : data);
  }

  close(): void {
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    this.socket.terminate();
  }

  private put(text: string): void {
    const { delayMs } = this.faults();
    if (delayMs > 0) this.after(delayMs * 1000, () => this.write(text));
    else this.write(text);
  }

  private write(text: string): void {
    if (this.faults().halfOpen || this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > SERVED_BYTES_WAITING_MAX) this.close();
    else this.socket.send(text);
  }

  private ping(): void {
    const now = this.clock.now();
    if (now - this.pongTs >= PONG_US_MAX) return this.close();
    if (!this.faults().halfOpen) this.socket.ping(String(Math.floor(now / 1000)));
    this.after(PING_US, () => this.ping());
  }

  /** The venue ends connections that send too much. */
  private count(): void {
    const second = Math.floor(this.clock.now() / 1_000_000);
    this.messagesInSecond = second === this.second ? this.messagesInSecond + 1 : 1;
    this.second = second;
    if (this.messagesInSecond > MESSAGES_PER_SECOND_MAX) this.close();
  }

  private request(text: string): void {
    this.count();
    let asked: ControlRequest;
    try {
      asked = JSON.parse(text) as ControlRequest;
    } catch {
      return this.write(JSON.stringify({ code: 3, msg: 'Invalid JSON' }));
    }
    const id = asked?.id ?? null;
    const names = Array.isArray(asked?.params) ? asked.params.filter((each): each is string => typeof each === 'string') : [];
    switch (asked?.method) {
      case 'SUBSCRIBE':
        if (this.streams.size + names.length > STREAMS_MAX) return this.write(JSON.stringify({ code: 2, msg: 'Too many streams', id }));
        for (const name of names) this.add(name);
        return this.write(JSON.stringify({ result: null, id }));
      case 'UNSUBSCRIBE':
        for (const name of names) this.streams.delete(name);
        return this.write(JSON.stringify({ result: null, id }));
      case 'LIST_SUBSCRIPTIONS':
        return this.write(JSON.stringify({ result: [...this.streams], id }));
      case 'SET_PROPERTY':
        this.isCombined = Array.isArray(asked.params) && asked.params[1] === true;
        return this.write(JSON.stringify({ result: null, id }));
      default:
        return this.write(JSON.stringify({ code: 2, msg: 'Invalid request: unknown method', id }));
    }
  }

  private add(name: string): void {
    this.streams.add(name);
    this.onSubscribe(name);
  }

  private after(us: number, work: () => void): void {
    const call = this.clock.callAt(this.clock.now() + us, () => {
      this.timers.delete(call);
      work();
    });
    this.timers.add(call);
  }
}
