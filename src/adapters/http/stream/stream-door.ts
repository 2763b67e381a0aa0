import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { StreamClient } from './stream-client.ts';
import { CHANNEL_RIGHTS, StreamHub } from './stream-hub.ts';
import type { TrustedProxies } from '../client-address.ts';
import type { OwnOrigins } from '../own-origins.ts';
import { parseStrictJson } from '../strict-json.ts';
import { CHANNELS, ClientMessage, STREAM_CLOSE } from '../../../contract/api/stream.ts';
import type { Clock, ClockCall } from '../../../ports/clock.ts';
import type { Gatekeeper } from '../../../ports/gatekeeper.ts';
import type { SessionView } from '../../../ports/session-view.ts';

/** Connections at a time. */
export const STREAM_CLIENTS_MAX = 512;
/** Bytes of a message of a client. */
export const STREAM_MESSAGE_BYTES_MAX = 4096;
/** Channels, and instruments of the market, that one client listens to. */
export const STREAM_SUBSCRIPTIONS_MAX = 256;
/** A client shows its ticket within this. */
const TICKET_WAIT_US = 5e6;
/** Accesses are asked about this often: what another process ended takes hold within it (SEC-09: a second). */
const JUDGE_EVERY_US = 0.5e6;
/** Streams that could not be judged for so long, because the store does not answer, are closed. */
export const STREAM_UNJUDGED_US_MAX = 60e6;
/** Whoever has not answered a ping by the next one has gone. */
const PING_EVERY_US = 15e6;

const isClientMessage = TypeCompiler.Compile(ClientMessage);

export interface StreamParts {
  readonly view: SessionView;
  readonly gatekeeper: Gatekeeper;
  readonly clock: Clock;
  readonly origins: OwnOrigins;
  readonly proxies: TrustedProxies;
  readonly report: (error: unknown, correlationId: string) => void;
}

/** Lets clients onto the stream: from our own pages only, with a ticket, within limits; and out again when their access ends. */
export class StreamDoor {
  private readonly parts: StreamParts;
  private readonly path: string;
  private readonly hub: StreamHub;
  private readonly clients = new Set<StreamClient>();
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: STREAM_MESSAGE_BYTES_MAX,
  });
  private readonly endings: (() => void)[];
  private pinging: ClockCall;
  private judging: ClockCall;
  private tsJudged: number;
  private isClosed = false;

  constructor(http: Server, path: string, parts: StreamParts) {
    this.parts = parts;
    this.path = path;
    this.hub = new StreamHub(parts.view, parts.clock);
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.onUpgrade(request, socket, head));
    this.endings = [
      parts.view.listen(this.hub),
      parts.gatekeeper.onAccessEnd(({ userId, accessId }) => {
        for (const client of this.clients) {
          const { caller } = client;
          const isMeant = caller !== null && caller.userId === userId && (accessId === null || caller.accessId === accessId);
          if (isMeant) client.close(STREAM_CLOSE.ACCESS_ENDED, 'access ended');
        }
      }),
    ];
    this.pinging = this.pingLater();
    this.tsJudged = parts.clock.now();
    this.judging = this.judgeLater();
  }

  get clientCount(): number {
    return this.clients.size;
  }

  close(): void {
    this.isClosed = true;
    for (const end of this.endings) end();
    this.pinging.cancel();
    this.judging.cancel();
    this.hub.close();
    for (const client of this.clients) {
      client.close(STREAM_CLOSE.GOING_AWAY, 'going away');
      client.terminate();
    }
  }

  private onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { origins, proxies } = this.parts;
    const { origin, host } = request.headers;
    if (request.url !== this.path) return refuse(socket, '404 Not Found');
    if (!origins.isOwnHost(host)) return refuse(socket, '421 Misdirected Request');
    // A page of another site could open a socket with the cookies of whoever looks at it.
    if (origin === undefined || !origins.isOwn(origin)) return refuse(socket, '403 Forbidden');
    if (this.clients.size >= STREAM_CLIENTS_MAX) return refuse(socket, '503 Service Unavailable');
    const address = proxies.clientOf(request);
    this.server.handleUpgrade(request, socket, head, (ws) => this.welcome(ws, socket, address));
  }

  private welcome(ws: WebSocket, socket: Duplex, address: string): void {
    const { clock } = this.parts;
    const client = new StreamClient(ws, socket, address, clock);
    this.clients.add(client);
    ws.on('error', () => {
      // The library closes with the code that the protocol has for what was wrong.
    });
    ws.on('pong', () => (client.isAlive = true));
    ws.on('close', () => {
      client.forget();
      this.clients.delete(client);
    });
    // One after the other: what comes while a ticket is redeemed waits.
    let last: Promise<void> = Promise.resolve();
    ws.on('message', (data, isBinary) => {
      if (!client.mayMessage()) return client.close(STREAM_CLOSE.TOO_MUCH, 'too many messages');
      last = last
        .then(() => this.onMessage(client, data, isBinary))
        .catch((error: unknown) => {
          this.parts.report(error, '');
          client.close(1011, 'failed');
        });
    });
    client.callAt(clock.now() + TICKET_WAIT_US, () => {
      if (!client.hasShownTicket) client.close(STREAM_CLOSE.TICKET_LATE, 'no ticket came');
    });
  }

  private async onMessage(client: StreamClient, data: RawData, isBinary: boolean): Promise<void> {
    if (!client.isOpen) return;
    const message = isBinary ? null : readMessage(data);
    if (message === null) return client.close(STREAM_CLOSE.PROTOCOL, 'not a message of this stream');
    if (message.op === 'authenticate') return this.authenticate(client, message.ticket);
    if (client.caller === null) return client.close(STREAM_CLOSE.UNAUTHENTICATED, 'authenticate first');
    if (message.op === 'ping') return client.say({ type: 'pong' });
    return this.onSubscription(client, message);
  }

  private async authenticate(client: StreamClient, ticket: string): Promise<void> {
    if (client.hasShownTicket) return client.close(STREAM_CLOSE.PROTOCOL, 'authenticated already');
    client.hasShownTicket = true;
    const answer = await this.parts.gatekeeper.redeemTicket(ticket, client.address);
    if (!answer.ok) return client.close(STREAM_CLOSE.UNAUTHENTICATED, 'the ticket is not good');
    const caller = answer.value;
    client.caller = caller;
    client.callAt(caller.tsEnd, () => client.close(STREAM_CLOSE.ACCESS_ENDED, 'access ended'));
    const channels = CHANNELS.filter((channel) => caller.rights.has(CHANNEL_RIGHTS[channel]));
    client.say({ type: 'welcome', userName: caller.userName, channels });
  }

  private onSubscription(client: StreamClient, message: Extract<ClientMessage, { op: 'subscribe' | 'unsubscribe' }>): void {
    const { channel, op } = message;
    const instrument = message.instrument ?? null;
    if ((channel === 'market') !== (instrument !== null))
      return client.close(STREAM_CLOSE.PROTOCOL, 'the market is asked for by instrument');
    if (!client.caller!.rights.has(CHANNEL_RIGHTS[channel]))
      return client.say({ type: 'refused', code: 'AUTH_RIGHT_MISSING', message: `This needs the right ${CHANNEL_RIGHTS[channel]}.` });
    if (instrument !== null && this.parts.view.instrumentOf(instrument) === undefined)
      return client.say({ type: 'refused', code: 'INSTRUMENT_UNKNOWN', message: 'There is no such instrument.' });
    if (op === 'unsubscribe') {
      this.hub.unsubscribe(client, channel, instrument);
      return client.say({ type: 'unsubscribed', channel, ...(instrument === null ? {} : { instrument }) });
    }
    const isNew = !client.topics.has(this.hub.topicFor(channel, instrument).key);
    if (isNew && client.topics.size >= STREAM_SUBSCRIPTIONS_MAX) return client.close(STREAM_CLOSE.TOO_MUCH, 'too many subscriptions');
    this.hub.subscribe(client, channel, instrument);
  }

  /** The next look begins a while after this one has ended, so that a slow store is not asked twice at once. */
  private judgeLater(): ClockCall {
    const { clock, report } = this.parts;
    return clock.callAt(clock.now() + JUDGE_EVERY_US, () => {
      this.judge()
        .catch((error: unknown) => report(error, ''))
        .finally(() => {
          if (!this.isClosed) this.judging = this.judgeLater();
        });
    });
  }

  /** Closes what another process has ended: a command beside the server, or another server on the same database. */
  private async judge(): Promise<void> {
    const { clock, gatekeeper } = this.parts;
    const callers = new Map([...this.clients].flatMap(({ caller }) => (caller === null ? [] : [[caller.accessId, caller] as const])));
    const now = clock.now();
    const answer = callers.size === 0 ? null : await gatekeeper.endedOf([...callers.values()]);
    if (answer === null || answer.ok) this.tsJudged = now;
    const isUnjudged = now - this.tsJudged >= STREAM_UNJUDGED_US_MAX;
    for (const client of this.clients) {
      if (client.caller === null) continue;
      const isOver = isUnjudged || (answer?.ok === true && answer.value.has(client.caller.accessId));
      if (isOver) client.close(STREAM_CLOSE.ACCESS_ENDED, 'access ended');
    }
  }

  private pingLater(): ClockCall {
    const { clock } = this.parts;
    return clock.callAt(clock.now() + PING_EVERY_US, () => {
      for (const client of this.clients) {
        // One that is closing has its own time to answer.
        if (!client.isOpen) continue;
        // Gone, or the question stands behind what it has not read: whoever wakes up may still learn why.
        if (client.isAlive) {
          client.isAlive = false;
          client.ping();
        } else client.close(STREAM_CLOSE.SLOW, 'no answer');
      }
      this.pinging = this.pingLater();
    });
  }
}

function readMessage(data: RawData): ClientMessage | null {
  try {
    const message = parseStrictJson((data as Buffer).toString('utf8'));
    return isClientMessage.Check(message) ? (message as ClientMessage) : null;
  } catch {
    return null;
  }
}

/** Before the handshake there is no stream to close with a code. */
function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
