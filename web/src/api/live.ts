import type { Ticket } from '../../../src/contract/api/auth.ts';
import { type Channel, CHANNELS, type ClientMessage, STREAM_CLOSE } from '../../../src/contract/api/stream.ts';
import { desk } from '../state/desk.ts';
import { machineNow } from '../state/now.ts';
import { applyMessage } from './apply.ts';
import { call, whenSignedOut } from './http.ts';
import { loadDesk, loadHealth, loadMissedOrders, loadPrice, loadSlowFigures } from './load.ts';
import { PATHS } from './paths.ts';
import { channelKey, parseMessage, SequenceKeeper } from './stream-messages.ts';

/** Waiting times between attempts: the first, and the longest. */
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 15_000;
const PING_MS = 2000;
/** Without a word for so long, what is shown is called stale. */
const SILENCE_US = 6e6;
/** Without a word for so long, the connection is given up. */
const SILENCE_MAX_US = 20e6;
const HEALTH_MS = 5000;

/** Instruments whose book and trades are followed besides the one that is looked at; of the rest the price is asked for in turn. */
const MARKETS_FOLLOWED_MAX = 12;
const PRICES_PER_TURN = 10;

/** Channels that are asked for without an instrument. */
const ACCOUNT_CHANNELS = CHANNELS.filter((channel) => channel !== 'market');

/** Stands among the channels that are awaited. */
const MISSED_ORDERS = 'missed orders';

let socket: WebSocket | null = null;
let isWanted = false;
let attempts = 0;
let retryTimer: ReturnType<typeof setTimeout> | null = null;
let pingTimer: ReturnType<typeof setInterval> | null = null;
let healthTimer: ReturnType<typeof setInterval> | null = null;
const keeper = new SequenceKeeper();
/** Keys of channels that were asked for and have not sent a snapshot. */
const awaited = new Set<string>();
let watched = '';
let permitted: readonly Channel[] = [];

function setLink(state: ReturnType<typeof desk.link.get>['state'], retryTs: number | null = null): void {
  desk.link.update((link) => ({ ...link, state, retryTs }));
}

function send(message: ClientMessage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function ask(channel: Channel, instrument?: string): void {
  if (!permitted.includes(channel)) return;
  awaited.add(channelKey(channel, instrument));
  send({ op: 'subscribe', channel, ...(instrument === undefined ? {} : { instrument }) });
}

function heard(): void {
  desk.link.set({ state: awaited.size > 0 ? 'resyncing' : 'live', heardTs: machineNow(), retryTs: null });
}

/** What is shown is not called live before the orders that ended unseen are there too. */
function catchUp(): void {
  awaited.add(MISSED_ORDERS);
  void loadMissedOrders().then(() => {
    awaited.delete(MISSED_ORDERS);
    if (socket !== null) heard();
  });
}

function onMessage(text: unknown): void {
  const message = parseMessage(text);
  if (message === null) return;
  switch (message.type) {
    case 'welcome':
      permitted = message.channels;
      attempts = 0;
      for (const channel of ACCOUNT_CHANNELS) ask(channel);
      for (const instrument of [...desk.instruments.map.keys()].slice(0, MARKETS_FOLLOWED_MAX)) ask('market', instrument);
      if (watched !== '') ask('market', watched);
      break;
    case 'snapshot':
    case 'delta': {
      const { type, channel, instrument, sequence, data } = message;
      const taken = keeper.take({ type, channel, instrument, sequence, data });
      if (taken === 'gap') ask(channel, instrument);
      if (taken !== 'applied') break;
      awaited.delete(channelKey(channel, instrument));
      applyMessage({ type, channel, instrument, sequence, data }, watched);
      if (type === 'snapshot' && channel === 'orders') catchUp();
      break;
    }
    case 'refused':
      // What is refused will not come: waiting for it would keep everything else from being called live.
      awaited.clear();
      break;
    default:
      break;
  }
  heard();
}

function onClose(code: number): void {
  if (pingTimer !== null) clearInterval(pingTimer);
  pingTimer = null;
  socket = null;
  keeper.forget();
  awaited.clear();
  if (!isWanted) return;
  // Everything but "too busy" is worth an attempt soon; the wait doubles, with a third of chance so that many clients do not come at once.
  const base = code === STREAM_CLOSE.TOO_MUCH ? RETRY_MAX_MS : Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** attempts);
  const wait = base * (0.85 + Math.random() * 0.3);
  attempts += 1;
  setLink('offline', machineNow() + wait * 1000);
  retryTimer = setTimeout(() => void connect(), wait);
}

function watchSilence(): void {
  send({ op: 'ping' });
  const silence = machineNow() - desk.link.get().heardTs;
  if (silence > SILENCE_MAX_US) socket?.close();
  else if (silence > SILENCE_US) setLink('stale');
}

async function connect(): Promise<void> {
  if (retryTimer !== null) clearTimeout(retryTimer);
  retryTimer = null;
  if (!isWanted || socket !== null) return;
  desk.link.update((link) => ({ ...link, state: link.heardTs === 0 ? 'connecting' : 'offline', retryTs: null }));
  const ticket = await call<Ticket>(PATHS.ticket, { method: 'POST' });
  if (!isWanted || socket !== null) return;
  if (!ticket.ok || !(await loadDesk())) {
    if (isWanted && socket === null) onClose(0);
    return;
  }
  if (!isWanted || socket !== null) return;
  const address = new URL(`/api/v1${PATHS.stream}`, location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  const made = new WebSocket(address);
  socket = made;
  made.addEventListener('open', () => send({ op: 'authenticate', ticket: ticket.value.ticket }));
  made.addEventListener('message', (event) => onMessage(event.data));
  made.addEventListener('close', (event) => {
    if (socket === made) onClose(event.code);
  });
  pingTimer = setInterval(watchSilence, PING_MS);
}

let priceTurn = 0;

function loadOtherPrices(): void {
  const others = [...desk.instruments.map.keys()].slice(MARKETS_FOLLOWED_MAX).filter((instrument) => instrument !== watched);
  for (let turn = 0; turn < Math.min(PRICES_PER_TURN, others.length); turn += 1) {
    void loadPrice(others[priceTurn % others.length]!);
    priceTurn += 1;
  }
}

/** Keeps everything on the desk up to date until it is stopped. */
export function startLive(onSignedOut: () => void): void {
  whenSignedOut(() => {
    stopLive();
    onSignedOut();
  });
  isWanted = true;
  attempts = 0;
  void connect();
  healthTimer = setInterval(() => {
    if (desk.link.get().state === 'offline') return;
    void loadHealth();
    void loadSlowFigures();
    loadOtherPrices();
  }, HEALTH_MS);
}

export function stopLive(): void {
  isWanted = false;
  if (retryTimer !== null) clearTimeout(retryTimer);
  if (healthTimer !== null) clearInterval(healthTimer);
  socket?.close();
}

export function reconnectNow(): void {
  attempts = 0;
  void connect();
}

/** Shows the book and the trades of one instrument. @returns stops it */
export function watchMarket(instrument: string): () => void {
  watched = instrument;
  desk.book.set(null);
  desk.trades.set([]);
  ask('market', instrument);
  return () => {
    if (watched !== instrument) return;
    watched = '';
    const isFollowed = [...desk.instruments.map.keys()].indexOf(instrument) < MARKETS_FOLLOWED_MAX;
    if (!isFollowed) send({ op: 'unsubscribe', channel: 'market', instrument });
  };
}
