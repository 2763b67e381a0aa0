import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Clock, ClockCall } from '../../../ports/clock.ts';
import { FaultDice, type Faults, NO_FAULTS } from './fault-plan.ts';
import { KlineMaker, klineLengthMs } from './kline-maker.ts';
import { type DeskAnswer, faultsAnswer, RestDesk } from './rest-desk.ts';
import { ServedBook } from './served-book.ts';
import { ServedClient } from './served-client.ts';
import type { MarketSink, ServedMarket, ServedSnapshot } from './served-market.ts';

/** Nobody but programs of this machine reaches it. */
const HOST = '127.0.0.1';
/** Bytes of a request that changes faults. */
const FAULTS_BYTES_MAX = 65_536;
/** How often candles are looked at whose time may be over. */
const KLINE_LOOK_US = 250_000;

export interface LoopbackOptions {
  readonly market: ServedMarket;
  readonly clock: Clock;
  /** Of the faults. */
  readonly seed: number;
  readonly faults?: Faults;
  /** The market has ended. */
  readonly onEnd?: () => void;
}

/**
 * A server on this machine that speaks as Binance Spot does (public streams and requests) and plays a market, with faults on request: for tests, and for sessions
 * without the internet. docs/guide/live-data.md has its options.
 */
export class LoopbackServer implements MarketSink {
  /** Connections that have been opened. */
  connections = 0;
  readonly desk: RestDesk;
  private readonly market: ServedMarket;
  private readonly clock: Clock;
  private readonly seed: number;
  private readonly onEnd: () => void;
  private readonly http: Server;
  private readonly upgrader = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false, maxPayload: 65_536 });
  private readonly clients = new Set<ServedClient>();
  private readonly books = new Map<string, ServedBook>();
  private readonly klines = new Map<string, KlineMaker>();
  private current: Faults;
  private klineCall: ClockCall | null = null;
  private isClosed = false;

  constructor({ market, clock, seed, faults = NO_FAULTS, onEnd = () => {} }: LoopbackOptions) {
    this.market = market;
    this.clock = clock;
    this.seed = seed;
    this.current = faults;
    this.onEnd = onEnd;
    for (const { symbol } of market.symbols) this.books.set(symbol, new ServedBook());
    this.desk = new RestDesk({ clock, symbols: market.symbols, books: this.books, faults: () => this.current });
    this.http = createServer((request, response) => void this.request(request, response));
    this.http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.upgrade(request, socket, head));
  }

  get faults(): Faults {
    return this.current;
  }

  /** Clients that are connected now. */
  get connected(): number {
    return this.clients.size;
  }

  /**
   * Opens the door and starts the market.
   *
   * @param port 0 for any that is free
   * @returns the port
   * @throws the error of Node where the port is taken
   */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(port, HOST, () => {
        this.http.off('error', reject);
        this.market.start(this);
        resolve((this.http.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.market.stop();
    this.klineCall?.cancel();
    this.disconnect();
    return new Promise((resolve) => {
      this.http.close(() => resolve());
      this.http.closeAllConnections();
    });
  }

  /** Changes what goes wrong from now on; what is not named stays. */
  setFaults(faults: Partial<Faults>): void {
    this.current = { ...this.current, ...faults };
    if (this.current.maintenance) this.disconnect();
  }

  /** Ends all connections, as a network does. */
  disconnect(): void {
    for (const client of this.clients) client.close();
    this.clients.clear();
  }

  /** Says that connections will end, as the venue does before it restarts. */
  announceShutdown(): void {
    for (const client of this.clients) client.shutdown(Math.floor(this.clock.now() / 1000));
  }

  book(symbol: string, snapshot: ServedSnapshot): void {
    this.books.get(symbol)?.replace(snapshot);
  }

  message(symbol: string, suffix: string, data: string): void {
    if (suffix.startsWith('depth')) this.books.get(symbol)?.diff(data);
    this.publish(`${symbol.toLowerCase()}@${suffix}`, data);
    if (suffix !== 'trade' || this.klines.size === 0) return;
    const trade = JSON.parse(data) as Parameters<KlineMaker['trade']>[0];
    for (const [name, maker] of this.klines) {
      if (!name.startsWith(`${symbol.toLowerCase()}@`)) continue;
      this.closeKline(name, maker, trade.T);
      maker.trade(trade);
    }
  }

  ended(): void {
    this.onEnd();
  }

  private publish(name: string, data: string): void {
    for (const client of this.clients) client.data(name, data);
  }

  private closeKline(name: string, maker: KlineMaker, nowMs: number): void {
    for (let data = maker.closeBefore(nowMs); data !== null; data = maker.closeBefore(nowMs)) this.publish(name, data);
  }

  private lookAtKlines(): void {
    const now = this.clock.now();
    for (const [name, maker] of this.klines) this.closeKline(name, maker, Math.floor(now / 1000));
    if (!this.isClosed) this.klineCall = this.clock.callAt(now + KLINE_LOOK_US, () => this.lookAtKlines());
  }

  private subscribed(name: string): void {
    const match = /^([^@]+)@kline_(\w+)$/.exec(name);
    if (match === null || this.klines.has(name) || Number.isNaN(klineLengthMs(match[2]!))) return;
    this.klines.set(name, new KlineMaker(match[1]!.toUpperCase(), match[2]!));
    if (this.klineCall === null) this.lookAtKlines();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', `http://${HOST}`);
    const { maintenance, tooManyS, bannedS } = this.current;
    if (maintenance) return refuse(socket, 503, 'Service Unavailable', 0);
    if (bannedS > 0) return refuse(socket, 418, "I'm a teapot", bannedS);
    if (tooManyS > 0) return refuse(socket, 429, 'Too Many Requests', tooManyS);
    const isCombined = url.pathname === '/stream';
    if (!isCombined && url.pathname !== '/ws' && !url.pathname.startsWith('/ws/')) return refuse(socket, 404, 'Not Found', 0);
    const named = isCombined ? (url.searchParams.get('streams') ?? '') : decodeURIComponent(url.pathname.slice('/ws/'.length));
    this.upgrader.handleUpgrade(request, socket, head, (opened) => {
      this.connections += 1;
      const client = new ServedClient(opened, {
        clock: this.clock,
        dice: new FaultDice(this.seed, this.connections),
        faults: () => this.current,
        isCombined,
        streams: named.split('/').filter((name) => name.includes('@')),
        onSubscribe: (name) => this.subscribed(name),
      });
      this.clients.add(client);
      opened.on('close', () => {
        this.clients.delete(client);
        client.close();
      });
    });
  }

  private async request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${HOST}`);
    const { status, body, headers } = url.pathname === '/loopback/faults' ? await this.changeFaults(request) : this.desk.answer(url);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  }

  private async changeFaults(request: IncomingMessage): Promise<DeskAnswer> {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) {
      body += chunk.toString();
      if (body.length > FAULTS_BYTES_MAX) return { status: 413, body: '{}', headers: {} };
    }
    return faultsAnswer(request.method === 'POST' ? body : '', this.current, (faults) => this.setFaults(faults));
  }
}

function refuse(socket: Duplex, status: number, text: string, retryAfterS: number): void {
  const retry = retryAfterS > 0 ? `Retry-After: ${retryAfterS}\r\n` : '';
  socket.end(`HTTP/1.1 ${status} ${text}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
