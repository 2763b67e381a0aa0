import type { ClientFigures, FromClients, ToClients } from './client-messages.ts';
import { Delays } from './delays.ts';
import type { DeskAccess } from '../desk-kit.ts';
import { readSlowly } from './slow-reading.ts';
import { StreamListener, type Subscription } from './stream-listener.ts';
import { unreachable } from '../../src/base/assert.ts';

/*
 * clients-child.ts: many clients of the stream in a process of their own, so that neither the session nor those who read slowly stand in the way of those who measure.
 * It is told by messages what to do.
 */

/** Connections that are opened at once. */
const OPENING_MAX = 10;
const REOPEN_MS = 1000;
/** One in so many follows orders too, which are most of what is told. */
const FOLLOWS_ORDERS = 10;

interface Asked {
  access: DeskAccess;
  readonly instruments: readonly string[];
  readonly pace: 'fast' | 'slow';
}

class Clients {
  private readonly asked: Asked;
  private readonly listeners = new Set<StreamListener>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private delays = new Delays();
  private holes = 0;
  private closes: Record<number, number> = {};
  private messagesTold = 0;
  private bytesTold = 0;
  private gone = { messages: 0, bytes: 0 };
  private isEnding = false;

  constructor(asked: Asked) {
    this.asked = asked;
  }

  set access(access: DeskAccess) {
    this.asked.access = access;
  }

  async open(count: number): Promise<void> {
    const places = Array.from({ length: count }, (_, place) => place);
    const openNext = async (): Promise<void> => {
      for (let place = places.shift(); place !== undefined; place = places.shift()) await this.openOne(place);
    };
    await Promise.all(Array.from({ length: OPENING_MAX }, openNext));
  }

  take(): ClientFigures {
    const messages = this.sum('messages');
    const bytes = this.sum('bytes');
    const figures: ClientFigures = {
      delays: this.delays.counts,
      holes: this.holes,
      messages: messages - this.messagesTold,
      bytes: bytes - this.bytesTold,
      closes: this.closes,
      open: this.listeners.size,
    };
    this.messagesTold = messages;
    this.bytesTold = bytes;
    this.delays = new Delays();
    this.holes = 0;
    this.closes = {};
    return figures;
  }

  close(): void {
    this.isEnding = true;
    for (const timer of this.timers) clearTimeout(timer);
    for (const { socket } of this.listeners) socket.terminate();
  }

  private sum(what: 'messages' | 'bytes'): number {
    return [...this.listeners].reduce((sum, listener) => sum + listener[what], this.gone[what]);
  }

  private async openOne(place: number): Promise<void> {
    const { access, pace } = this.asked;
    let stopReading = (): void => {};
    const listener: StreamListener = await StreamListener.open(access, this.subscriptionsOf(place), {
      onFill: (tsInit) => this.delays.add((performance.timeOrigin + performance.now()) * 1000 - tsInit),
      onHole: () => (this.holes += 1),
      onClose: (code) => {
        stopReading();
        this.onClose(listener, place, code);
      },
    });
    this.listeners.add(listener);
    if (pace === 'slow') stopReading = readSlowly(listener, place % 2 === 0);
  }

  private onClose(listener: StreamListener, place: number, code: number): void {
    this.listeners.delete(listener);
    this.gone.messages += listener.messages;
    this.gone.bytes += listener.bytes;
    if (this.isEnding) return;
    this.closes[code] = (this.closes[code] ?? 0) + 1;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.openOne(place).catch(fail);
    }, REOPEN_MS);
    this.timers.add(timer);
  }

  /** As the pages of the dashboard do: most look at an overview and a chart, some at the orders. Those who read slowly ask for everything. */
  private subscriptionsOf(place: number): readonly Subscription[] {
    const { instruments, pace } = this.asked;
    const market = { channel: 'market', instrument: instruments[place % instruments.length]! };
    const overview = [{ channel: 'fills' }, market, { channel: 'portfolio' }, { channel: 'strategies' }, { channel: 'risk' }];
    if (pace === 'fast' && place % FOLLOWS_ORDERS !== 0) return overview;
    return [...overview, { channel: 'orders' }, { channel: 'positions' }, { channel: 'log' }];
  }
}

function say(message: FromClients): void {
  process.send!(message);
}

function fail(error: unknown): void {
  say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
}

let clients: Clients | null = null;

process.on('message', (message: ToClients) => {
  switch (message.kind) {
    case 'open': {
      const { access, instruments, pace, count } = message;
      clients = new Clients({ access, instruments, pace });
      clients.open(count).then(() => say({ kind: 'opened' }), fail);
      return;
    }
    case 'access':
      if (clients !== null) clients.access = message.access;
      return;
    case 'take':
      return say({ kind: 'figures', figures: clients!.take() });
    case 'close':
      clients?.close();
      clients = null;
      return say({ kind: 'closed' });
    default:
      return unreachable(message);
  }
});
process.on('disconnect', () => process.exit());
