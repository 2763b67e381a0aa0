import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Channel, CHANNELS, type ClientMessage } from '../../src/contract/api/stream.ts';
import { MockDesk } from './mock-desk.ts';
import { makeMarket, type MockInstrument } from './mock-market.ts';
import { answerCall, MockRefusal } from './mock-routes.ts';

const STEP_MS = 120;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

interface MockOptions {
  readonly port: number;
  /** Folder of the built dashboard. */
  readonly webFolder: string;
}

/** The API's contract over a desk that trades by chance: for building and for pictures. Never shipped. */
export class MockServer {
  readonly desk: MockDesk;
  readonly market: readonly MockInstrument[];
  readonly http: Server;
  private readonly streams = new WebSocketServer({ noServer: true });
  private readonly listeners = new Map<WebSocket, Set<string>>();
  private readonly sequences = new Map<string, number>();
  private readonly webFolder: string;
  private readonly sessions = new Set<string>();
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor({ webFolder }: MockOptions) {
    this.webFolder = webFolder;
    const now = Date.now() * 1000;
    this.market = makeMarket(2026, now);
    this.desk = new MockDesk(this.market, now);
    this.desk.tell((channel, data) => this.publish(channel, undefined, data));
    this.http = createServer((request, response) => void this.onRequest(request, response));
    this.http.on('upgrade', (request, socket, head) =>
      this.streams.handleUpgrade(request, socket, head, (stream) => this.onStream(stream)),
    );
  }

  static async start(options: MockOptions): Promise<MockServer> {
    const server = new MockServer(options);
    await new Promise<void>((resolve) => server.http.listen(options.port, '127.0.0.1', resolve));
    server.timer = setInterval(() => server.step(), STEP_MS);
    return server;
  }

  get port(): number {
    const address = this.http.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    for (const stream of this.listeners.keys()) stream.terminate();
    this.http.closeAllConnections();
    return new Promise((resolve) => this.http.close(() => resolve()));
  }

  private step(): void {
    const now = Date.now() * 1000;
    for (const [at, instrument] of this.market.entries()) {
      if (Math.floor(now / 120_000) % (at + 1) !== 0) continue;
      instrument.step(now);
      this.publish('market', instrument.info.instrument, () => instrument.data(false));
    }
    this.desk.step(now);
    const positions = this.desk.positions();
    this.publish('positions', undefined, { positions });
  }

  private publish(channel: Channel, instrument: string | undefined, data: unknown): void {
    const key = instrument === undefined ? channel : `${channel} ${instrument}`;
    const streams = [...this.listeners].filter(([, keys]) => keys.has(key));
    if (streams.length === 0) return;
    const sequence = (this.sequences.get(key) ?? 0) + 1;
    this.sequences.set(key, sequence);
    const text = JSON.stringify({
      type: 'delta',
      channel,
      ...(instrument === undefined ? {} : { instrument }),
      sequence,
      data: typeof data === 'function' ? data() : data,
    });
    for (const [stream] of streams) stream.send(text);
  }

  private onStream(stream: WebSocket): void {
    stream.on('message', (bytes) => {
      const message = JSON.parse(String(bytes)) as ClientMessage;
      if (message.op === 'ping') stream.send('{"type":"pong"}');
      if (message.op === 'authenticate') {
        this.listeners.set(stream, new Set());
        stream.send(JSON.stringify({ type: 'welcome', userName: 'anna', channels: CHANNELS }));
      }
      if (message.op !== 'subscribe') return;
      const { channel, instrument } = message;
      const key = instrument === undefined ? channel : `${channel} ${instrument}`;
      this.listeners.get(stream)?.add(key);
      const data = channel === 'market' ? this.desk.instrument(instrument!)!.data(true) : this.snapshot(channel);
      stream.send(
        JSON.stringify({
          type: 'snapshot',
          channel,
          ...(instrument === undefined ? {} : { instrument }),
          sequence: this.sequences.get(key) ?? 0,
          data,
        }),
      );
    });
    stream.on('close', () => this.listeners.delete(stream));
  }

  private snapshot(channel: Channel): unknown {
    const { desk } = this;
    switch (channel) {
      case 'orders':
        return { open: desk.open() };
      case 'fills':
        return { newest: desk.fills.slice(0, 100) };
      case 'positions':
        return { positions: desk.positions() };
      case 'portfolio':
        return { accounts: [desk.account(Date.now() * 1000)], balances: desk.balances() };
      case 'strategies':
        return { strategies: desk.strategies };
      case 'risk':
        return { tradingState: desk.tradingState(), limits: desk.limits(), denials: desk.denials.slice(0, 20), alerts: desk.alerts };
      default:
        return { newest: desk.log.slice(0, 100) };
    }
  }

  private async onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/v1/')) {
      this.sendFile(url.pathname, response);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const session = /mock-session=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    const isSignedIn = session !== undefined && this.sessions.has(session);
    try {
      const asked = {
        method: request.method ?? 'GET',
        path: url.pathname.slice('/api/v1'.length),
        query: url.searchParams,
        body: JSON.parse(text === '' ? '{}' : text) as never,
        isSignedIn,
      };
      const answer = answerCall(this.desk, asked);
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (asked.path === '/auth/login') {
        const id = randomBytes(16).toString('hex');
        this.sessions.add(id);
        headers['set-cookie'] = `mock-session=${id}; HttpOnly; SameSite=Strict; Path=/`;
      }
      response.writeHead(request.method === 'POST' && asked.path === '/orders' ? 201 : 200, headers).end(JSON.stringify(answer));
    } catch (error) {
      const refusal = error instanceof MockRefusal ? error : new MockRefusal(500, 'REQUEST_FAILED', String(error));
      const body = { error: { code: refusal.code, message: refusal.message, correlationId: 'mock', details: refusal.details } };
      response.writeHead(refusal.status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
  }

  private sendFile(pathname: string, response: ServerResponse): void {
    const file = path.join(this.webFolder, path.normalize(pathname === '/' ? '/index.html' : pathname));
    try {
      const bytes = readFileSync(file);
      response
        .writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', 'content-security-policy': POLICY })
        .end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }
}
