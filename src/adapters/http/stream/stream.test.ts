import { TypeCompiler } from '@sinclair/typebox/compiler';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { STREAM_LAG_BYTES_MAX } from './fan-out.ts';
import { STREAM_BACKLOG_BYTES_MAX, STREAM_MESSAGES_MAX } from './stream-client.ts';
import { STREAM_MESSAGE_BYTES_MAX, STREAM_SUBSCRIPTIONS_MAX, STREAM_UNJUDGED_US_MAX } from './stream-door.ts';
import { ApiWorld, BEGIN } from '../api-world.fixture.ts';
import { valueOf } from '../refusal.ts';
import { DELTA_DATA, SNAPSHOT_DATA } from '../../../contract/api/stream-data.ts';
import { type Channel, CHANNELS, ServerMessage } from '../../../contract/api/stream.ts';
import type { Role } from '../../../model/rights.ts';

let world: ApiWorld;
const open: WebSocket[] = [];
afterEach(async () => {
  for (const ws of open.splice(0)) ws.terminate();
  await world.close();
});

const isServerMessage = TypeCompiler.Compile(ServerMessage);
const snapshotChecks = Object.fromEntries(CHANNELS.map((channel) => [channel, TypeCompiler.Compile(SNAPSHOT_DATA[channel])]));
const deltaChecks = Object.fromEntries(CHANNELS.map((channel) => [channel, TypeCompiler.Compile(DELTA_DATA[channel])]));

/** What a message holds depends on its channel; its schema has been checked. */
type Message = ReturnType<typeof JSON.parse>;

/** A client that holds everything it is told to the contract, and hands it out one by one. */
class Listener {
  readonly ws: WebSocket;
  closed: Promise<number>;
  private readonly got: Message[] = [];
  private readonly asked: ((message: Message) => void)[] = [];

  constructor(ws: WebSocket) {
    this.ws = ws;
    open.push(ws);
    this.closed = new Promise((resolve) => ws.on('close', (code) => resolve(code)));
    ws.on('message', (data) => {
      const message: Message = JSON.parse(String(data));
      const check = { snapshot: snapshotChecks, delta: deltaChecks }[message.type as 'snapshot']?.[message.channel as Channel];
      if (!isServerMessage.Check(message as unknown) || check?.Check(message.data) === false)
        throw new Error(`against the contract: ${check?.Errors(message.data).First()?.path} ${String(data).slice(0, 500)}`);
      const asked = this.asked.shift();
      if (asked === undefined) this.got.push(message);
      else asked(message);
    });
  }

  static async connect(role: Role | null, headers: Record<string, string> = { origin: world.server.url }): Promise<Listener> {
    const ws = new WebSocket(`${world.server.url.replace('http', 'ws')}/api/v1/stream`, { headers });
    const listener = new Listener(ws);
    await new Promise((resolve, reject) => {
      ws.on('open', resolve);
      ws.on('error', reject);
    });
    if (role === null) return listener;
    listener.say({ op: 'authenticate', ticket: await ticketOf(role) });
    await listener.next();
    return listener;
  }

  next(): Promise<Message> {
    const got = this.got.shift();
    return got === undefined ? new Promise((resolve) => this.asked.push(resolve)) : Promise.resolve(got);
  }

  say(message: unknown): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async subscribe(channel: Channel, instrument?: string): Promise<Message> {
    this.say({ op: 'subscribe', channel, ...(instrument === undefined ? {} : { instrument }) });
    return this.next();
  }
}

async function ticketOf(role: Role): Promise<string> {
  return (await world.ask(role, 'POST', '/auth/ws-ticket')).body.ticket;
}

describe('what the stream tells', () => {
  it('orders and fills come as a snapshot and then one by one, numbered without a hole', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    await world.place({ orderType: 'LIMIT', limitPrice: '90.00' });
    const listener = await Listener.connect('viewer');
    const orders = await listener.subscribe('orders');
    expect(orders).toMatchObject({ type: 'snapshot', sequence: 0, data: { open: [{ clientOrderId: 'O-1', status: 'ACCEPTED' }] } });
    expect(await listener.subscribe('fills')).toMatchObject({ type: 'snapshot', sequence: 0, data: { newest: [] } });
    await world.place({ quantity: '2' });
    expect(await listener.next()).toMatchObject({
      type: 'delta',
      channel: 'orders',
      sequence: 1,
      data: { order: { clientOrderId: 'O-2', status: 'ACCEPTED' } },
    });
    world.advance(1);
    const told = [await listener.next(), await listener.next()];
    expect(told.find(({ channel }) => channel === 'orders')).toMatchObject({
      sequence: 2,
      data: { order: { status: 'FILLED' }, events: [{ kind: 'OrderFilled', lastPx: '100.02' }] },
    });
    expect(told.find(({ channel }) => channel === 'fills')).toMatchObject({ sequence: 1, data: { clientOrderId: 'O-2', lastQty: '2' } });
  });

  it('every channel has a snapshot and deltas of the form that the contract says', async () => {
    world = await ApiWorld.start({ limits: { everyInstrument: { maxOrderQty: 5 } } });
    world.advance(1);
    const listener = await Listener.connect('trader');
    for (const channel of CHANNELS)
      expect((await listener.subscribe(channel, channel === 'market' ? 'TEST.SIM' : undefined)).type).toBe('snapshot');
    const seen = new Set<string>();
    const watch = async (): Promise<void> => {
      while (seen.size < CHANNELS.length) seen.add((await listener.next()).channel);
    };
    const watching = watch();
    await world.place({ quantity: '2' });
    await world.place({ quantity: '6' });
    await world.ask('trader', 'PUT', '/strategies/sleeper/parameters', { parameters: { size: 2 } });
    world.advance(2);
    await watching;
    expect([...seen].sort()).toEqual([...CHANNELS].sort());
  });

  it('the market is conflated: a second of rows is one message with what is newest, and no trade twice', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const listener = await Listener.connect('viewer');
    const snapshot = await listener.subscribe('market', 'TEST.SIM');
    expect(snapshot).toMatchObject({ sequence: 0, data: { price: { ts: BEGIN + 1_000_000 }, trades: [{ sequence: 1 }] } });
    // Three seconds at once: the rows come before the hand of the clock reaches the next message.
    world.clock.jumpTo(BEGIN + 4_000_000);
    world.advance(0.2);
    const delta = await listener.next();
    expect(delta).toMatchObject({
      type: 'delta',
      instrument: 'TEST.SIM',
      sequence: 1,
      data: { price: { ts: BEGIN + 4_000_000, price: '100.01' } },
    });
    expect(delta.data.trades.map(({ sequence }: { sequence: number }) => sequence)).toEqual([2, 3, 4]);
  });

  it('who joins between a trade and the message about it takes the trade from nobody', async () => {
    world = await ApiWorld.start();
    world.advance(1.2);
    const [first, late] = [await Listener.connect('viewer'), await Listener.connect('viewer')];
    await first.subscribe('market', 'TEST.SIM');
    // The second trade comes at 2 s, the message about it at 2.1 s.
    world.advance(0.85);
    expect((await late.subscribe('market', 'TEST.SIM')).data.trades.map(({ sequence }: Message) => sequence)).toEqual([1, 2]);
    world.advance(0.1);
    expect((await first.next()).data.trades.map(({ sequence }: Message) => sequence)).toEqual([2]);
  });

  it('whoever subscribes again gets a snapshot of the number that deltas have come to', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const [first, second] = [await Listener.connect('viewer'), await Listener.connect('viewer')];
    await first.subscribe('orders');
    await world.place({ orderType: 'LIMIT', limitPrice: '90.00' });
    expect((await first.next()).sequence).toBe(1);
    expect(await second.subscribe('orders')).toMatchObject({ sequence: 1, data: { open: [{ clientOrderId: 'O-1' }] } });
    second.say({ op: 'unsubscribe', channel: 'orders' });
    expect((await second.next()).type).toBe('unsubscribed');
    await world.place({ orderType: 'LIMIT', limitPrice: '90.00' });
    expect((await first.next()).sequence).toBe(2);
    second.say({ op: 'ping' });
    expect((await second.next()).type).toBe('pong');
  });
});

describe('who may listen', () => {
  it.each([
    ['foreign', { origin: 'https://evil.example' }],
    ['missing', {}],
  ])('SEC-13: a handshake whose origin is %s is refused', async (_, headers) => {
    world = await ApiWorld.start();
    await expect(Listener.connect(null, headers as Record<string, string>)).rejects.toThrow('403');
  });

  it('SEC-14: a ticket opens one stream, within half a minute, and the address carries none', async () => {
    world = await ApiWorld.start();
    const ticket = await ticketOf('viewer');
    const [first, second] = [await Listener.connect(null), await Listener.connect(null)];
    first.say({ op: 'authenticate', ticket });
    expect((await first.next()).type).toBe('welcome');
    second.say({ op: 'authenticate', ticket });
    expect(await second.closed).toBe(4401);
    const late = await ticketOf('viewer');
    world.advance(31);
    const third = await Listener.connect(null);
    third.say({ op: 'authenticate', ticket: late });
    expect(await third.closed).toBe(4401);
    const ws = new WebSocket(`${world.server.url.replace('http', 'ws')}/api/v1/stream?ticket=x`, { origin: world.server.url });
    await expect(new Promise((resolve, reject) => ws.on('open', resolve).on('error', reject))).rejects.toThrow('404');
  });

  it('SEC-14: nothing is told before a ticket has come, and whoever brings none is closed', async () => {
    world = await ApiWorld.start();
    const [hasty, silent] = [await Listener.connect(null), await Listener.connect(null)];
    hasty.say({ op: 'subscribe', channel: 'orders' });
    expect(await hasty.closed).toBe(4401);
    world.advance(6);
    expect(await silent.closed).toBe(4408);
  });

  it('SEC-14: a ticket that has come in time may be looked at for longer', async () => {
    world = await ApiWorld.start();
    const { gatekeeper } = world;
    const redeem = gatekeeper.redeemTicket.bind(gatekeeper);
    let look = (): void => {};
    const asked = new Promise<void>((resolve) => {
      gatekeeper.redeemTicket = async (ticket) => {
        const looked = new Promise<void>((done) => (look = done));
        resolve();
        await looked;
        return redeem(ticket);
      };
    });
    const listener = await Listener.connect(null);
    listener.say({ op: 'authenticate', ticket: await ticketOf('viewer') });
    await asked;
    world.advance(6);
    look();
    expect((await listener.next()).type).toBe('welcome');
  });

  it('SEC-16: a channel is told by right', async () => {
    world = await ApiWorld.start();
    const listener = await Listener.connect('viewer');
    const viewer = valueOf(await world.gatekeeper.authenticateKey('key-of-viewer'));
    const ticket = valueOf(await world.gatekeeper.issueTicket({ ...viewer, rights: new Set(['market:read']) }));
    const narrow = await Listener.connect(null);
    narrow.say({ op: 'authenticate', ticket });
    expect((await narrow.next()).channels).toEqual(['market']);
    expect(await narrow.subscribe('orders')).toMatchObject({ type: 'refused', code: 'AUTH_RIGHT_MISSING' });
    expect((await listener.subscribe('orders')).type).toBe('snapshot');
  });

  it('SEC-09, SEC-16: when an access ends its streams are closed in the same turn, others stay', async () => {
    world = await ApiWorld.start();
    const [viewer, trader] = [await Listener.connect('viewer'), await Listener.connect('trader')];
    await viewer.subscribe('orders');
    world.gatekeeper.end({ userId: 'viewer', accessId: null });
    expect(await viewer.closed).toBe(4410);
    expect((await trader.subscribe('orders')).type).toBe('snapshot');
    world.clock.jumpTo(world.clock.now() + 3601e6);
    expect(await trader.closed).toBe(4410);
  });
});

describe('what another process has ended', () => {
  it('SEC-09: closes its streams within a second, others stay', async () => {
    world = await ApiWorld.start();
    const [viewer, trader] = [await Listener.connect('viewer'), await Listener.connect('trader')];
    await viewer.subscribe('orders');
    world.clock.advanceTo(world.clock.now() + 0.9e6);
    expect((await viewer.subscribe('fills')).type).toBe('snapshot');
    world.gatekeeper.endedElsewhere.add('viewer');
    world.clock.advanceTo(world.clock.now() + 1e6);
    expect(await viewer.closed).toBe(4410);
    expect((await trader.subscribe('orders')).type).toBe('snapshot');
  });

  it('SEC-48: where nobody can judge for a minute all streams are closed, and not before', async () => {
    world = await ApiWorld.start();
    const viewer = await Listener.connect('viewer');
    world.gatekeeper.isBroken = true;
    const look = async (us: number) => {
      world.clock.jumpTo(world.clock.now() + us);
      // The answer of a round trip comes after what the look has done.
      viewer.say({ op: 'ping' });
      return Promise.race([viewer.closed, viewer.next().then(({ type }) => type as string)]);
    };
    expect(await look(30e6)).toBe('pong');
    expect(await look(STREAM_UNJUDGED_US_MAX - 31e6)).toBe('pong');
    expect(await look(2e6)).toBe(4410);
  });
});

describe('what the stream bears', () => {
  it.each([
    ['no JSON', 'hello', 4400],
    ['an unknown field', '{"op":"ping","x":1}', 4400],
    ['__proto__', '{"op":"ping","__proto__":{}}', 4400],
    ['a market without an instrument', '{"op":"subscribe","channel":"market"}', 4400],
    ['a message that is too long', JSON.stringify({ op: 'x'.repeat(STREAM_MESSAGE_BYTES_MAX) }), 1009],
  ])('SEC-15: %s closes with a code', async (_, text, code) => {
    world = await ApiWorld.start();
    const listener = await Listener.connect('viewer');
    listener.say(text);
    expect(await listener.closed).toBe(code);
  });

  it('SEC-15: more subscriptions than the most close with a code', async () => {
    world = await ApiWorld.start();
    const listener = await Listener.connect('viewer');
    const [instrument] = world.mirror.instruments;
    world.mirror.instrumentOf = () => instrument;
    for (let count = 0; count < STREAM_SUBSCRIPTIONS_MAX; count += 1)
      expect((await listener.subscribe('market', `I${count}`)).type).toBe('snapshot');
    // One that is there already is none more.
    expect((await listener.subscribe('market', 'I0')).type).toBe('snapshot');
    listener.say({ op: 'subscribe', channel: 'market', instrument: 'ONE-MORE' });
    expect(await listener.closed).toBe(4429);
  });

  it('SEC-15: a binary message, and too many messages, close with a code', async () => {
    world = await ApiWorld.start();
    const binary = await Listener.connect('viewer');
    binary.ws.send(Buffer.from('{"op":"ping"}'));
    expect(await binary.closed).toBe(4400);
    const loud = await Listener.connect('viewer');
    for (let count = 0; count < STREAM_MESSAGES_MAX; count += 1) loud.say({ op: 'ping' });
    expect(await loud.closed).toBe(4429);
  });

  it('SEC-15: whoever does not answer pings is dropped', async () => {
    world = await ApiWorld.start();
    const [alive, dead] = [await Listener.connect('viewer'), await Listener.connect('viewer')];
    dead.ws.pong = () => {};
    const pinged = new Promise((resolve) => alive.ws.once('ping', resolve));
    dead.ws.pause();
    world.advance(15);
    await pinged;
    await alive.subscribe('log');
    world.advance(15);
    expect((await alive.subscribe('orders')).type).toBe('snapshot');
    dead.ws.resume();
    expect(await dead.closed).toBe(4409);
  });

  it('a client that does not read is closed as too slow, and the others get everything', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const [slow, quick] = [await Listener.connect('viewer'), await Listener.connect('viewer')];
    await slow.subscribe('log');
    await quick.subscribe('log');
    slow.ws.pause();
    // The bound, and what the kernel may hold besides: Linux keeps 10 MB at most for the two ends of a connection unless told otherwise.
    const count = Math.ceil((STREAM_BACKLOG_BYTES_MAX + 20_000_000) / LINE.length);
    for (let sequence = 1; sequence <= count; sequence += 1) {
      tellLine(sequence);
      expect((await quick.next()).sequence).toBe(sequence);
    }
    // What it was too slow for is let go at once, so that it comes to the code in time where it reads again.
    expect(Math.max(...backlogs())).toBeLessThan(STREAM_LAG_BYTES_MAX + 2 * LINE.length);
    world.advance(28);
    slow.ws.resume();
    expect(await slow.closed).toBe(4409);
    expect((await quick.subscribe('fills')).type).toBe('snapshot');
  });

  it('a client that does not answer a ping behind what it has not read is slow, not gone', async () => {
    world = await ApiWorld.start();
    const asleep = await Listener.connect('viewer');
    await asleep.subscribe('log');
    asleep.ws.pause();
    for (let line = 1; backlogs()[0]! === 0; line += 1) {
      tellLine(line);
      await new Promise((resolve) => setImmediate(resolve));
    }
    world.advance(30);
    asleep.ws.resume();
    expect(await asleep.closed).toBe(4409);
  });

  it('a client that falls behind and reads again gets everything, in order', async () => {
    world = await ApiWorld.start();
    world.advance(1);
    const [behind, quick] = [await Listener.connect('viewer'), await Listener.connect('viewer')];
    await behind.subscribe('log');
    await quick.subscribe('log');
    behind.ws.pause();
    let lines = 0;
    while (backlogs().every((bytes) => bytes <= STREAM_BACKLOG_BYTES_MAX / 2)) {
      tellLine((lines += 1));
      expect((await quick.next()).sequence).toBe(lines);
    }
    behind.ws.resume();
    for (let line = 1; line <= lines; line += 1) expect((await behind.next()).sequence).toBe(line);
    tellLine(lines + 1);
    expect((await behind.next()).sequence).toBe(lines + 1);
    expect(backlogs()).toEqual([0, 0]);
  });
});

describe('a client that lags', () => {
  it('is left out of the market, stays, and gets a snapshot when it has caught up', async () => {
    world = await ApiWorld.start();
    world.advance(1.2);
    const [lagging, quick] = [await Listener.connect('viewer'), await Listener.connect('viewer')];
    await lagging.subscribe('log');
    await lagging.subscribe('market', 'TEST.SIM');
    await quick.subscribe('market', 'TEST.SIM');
    lagging.ws.pause();
    // More than the kernel holds, less than what closes a client once it is counted: the backlog grows by what is not taken.
    let lines = 0;
    while (backlogs().every((bytes) => bytes <= STREAM_LAG_BYTES_MAX)) {
      tellLine((lines += 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
    world.advance(1.2);
    expect((await quick.next()).data.trades.map(({ sequence }: Message) => sequence)).toEqual([2]);
    lagging.ws.resume();
    for (let line = 1; line <= lines; line += 1) expect((await lagging.next()).channel).toBe('log');
    world.advance(1);
    expect(await lagging.next()).toMatchObject({ type: 'snapshot', channel: 'market', data: { price: { ts: BEGIN + 3_000_000 } } });
    expect((await quick.next()).type).toBe('delta');
  });
});

/** Bytes that wait for each client. */
function backlogs(): readonly number[] {
  const { clients } = world.server.stream as unknown as { clients: Set<{ backlogBytes: number }> };
  return [...clients].map(({ backlogBytes }) => backlogBytes);
}

const LINE = 'x'.repeat(50_000);

/** As if the strategy had written a long line; between the outputs of the session, which go on. */
function tellLine(number: number): void {
  const { ts, sequence } = world.mirror;
  const line = { kind: 'LogLine', strategy: 0, level: 'info', message: `${number} ${LINE}`, tsInit: ts } as const;
  world.mirror.onOutputs([
    { sequence: sequence + 2 ** -20, ts, records: [line], orders: [], positions: [], balances: [], equity: [], strategies: [] },
  ]);
}
