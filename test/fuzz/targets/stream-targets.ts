import { ACCEPTED, type FuzzRun, type FuzzTarget, must } from '../target.ts';
import { exchanged } from './http-targets.ts';
import { ApiDesk, keyOf } from '../api-desk.ts';
import { mutatedBytes, mutatedText, oddText, pick } from '../mutate.ts';
import { mutatedJson } from '../mutate-json.ts';
import type { Random } from '../../../src/base/random.ts';
import { CHANNELS, STREAM_CLOSE } from '../../../src/contract/api/stream.ts';

const MESSAGES: readonly unknown[] = [
  ...CHANNELS.map((channel) => ({ op: 'subscribe', channel, ...(channel === 'market' ? { instrument: 'TEST.SIM' } : {}) })),
  { op: 'unsubscribe', channel: 'orders' },
  { op: 'ping' },
  { op: 'authenticate', ticket: 'x' },
];
/** Of RFC 6455, section 7.4.1: what the protocol itself closes with. */
const PROTOCOL_CODES = [1000, 1001, 1002, 1003, 1005, 1007, 1009];
const CLOSE_CODES = new Set<number>([...Object.values(STREAM_CLOSE), ...PROTOCOL_CODES]);

/** A frame of a client, masked by a mask of zeros: RFC 6455, section 5.2. */
function frame(payload: Uint8Array, opcode = 1, isFinal = true): Buffer {
  const { length } = payload;
  const extended = length < 126 ? Buffer.alloc(0) : Buffer.alloc(2);
  if (length >= 126) extended.writeUInt16BE(Math.min(length, 65_535));
  const head = Buffer.from([(isFinal ? 0x80 : 0) | opcode, 0x80 | Math.min(length, 126)]);
  return Buffer.concat([head, extended, Buffer.alloc(4), payload.subarray(0, 65_535)]);
}

interface Talk {
  readonly handshake: string;
  readonly frames: Uint8Array;
}

function talkFrom(random: Random): Talk {
  const lines = [
    'GET /api/v1/stream HTTP/1.1',
    'host: HOST',
    'upgrade: websocket',
    'connection: Upgrade',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version: 13',
    'origin: http://HOST',
  ];
  const handshake = `${lines.join('\r\n')}\r\n\r\n`;
  const said: Buffer[] = random.nextBelow(8) === 0 ? [] : [frame(Buffer.from('{"op":"authenticate","ticket":"TICKET"}'))];
  for (let left = 1 + random.nextBelow(3); left > 0; left -= 1) {
    const text = random.nextBelow(12) === 0 ? oddText(random) : mutatedJson(random, pick(random, MESSAGES));
    const way = random.nextBelow(12);
    if (way === 0) said.push(frame(Buffer.from(text), pick(random, [0, 2, 3, 8, 9, 10, 15])));
    else if (way === 1) said.push(frame(Buffer.from(text.slice(0, 5)), 1, false), frame(Buffer.from(text.slice(5)), 0));
    else said.push(frame(Buffer.from(text)));
  }
  const frames = Buffer.concat(said);
  return {
    handshake: random.nextBelow(15) === 0 ? mutatedText(random, handshake) : handshake,
    frames: random.nextBelow(8) === 0 ? mutatedBytes(random, frames) : frames,
  };
}

interface Said {
  readonly messages: readonly string[];
  readonly closed: number | null;
}

/** Frames of the server: whole, unmasked; the last may be cut where the connection was ended. */
function framesOf(bytes: Buffer): Said {
  const messages: string[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const opcode = bytes[at]! & 15;
    const short = bytes[at + 1]! & 127;
    const [length, from] =
      short === 127
        ? [Number(bytes.readBigUInt64BE(at + 2)), at + 10]
        : short === 126
          ? [bytes.readUInt16BE(at + 2), at + 4]
          : [short, at + 2];
    if (from + length > bytes.length) break;
    if (opcode === 8) return { messages, closed: length >= 2 ? bytes.readUInt16BE(from) : 1005 };
    if (opcode === 1) messages.push(bytes.toString('utf8', from, from + length));
    at = from + length;
  }
  return { messages, closed: null };
}

const TYPES = ['welcome', 'snapshot', 'delta', 'unsubscribed', 'refused', 'pong'];

const streams: FuzzTarget = {
  name: 'stream',
  entries: ['src/adapters/http/stream/stream-door.ts#StreamDoor'],
  inputs: 'WebSocket connections: handshakes, frames, tickets, messages',
  oracle: 'closed with a code of the contract or of the protocol, never for a failure inside; nothing of the session changes',
  open: async (): Promise<FuzzRun> => {
    const desk = await ApiDesk.open();
    return {
      generate: talkFrom,
      feed: async (input) => {
        await desk.ready();
        const { world } = desk;
        const { port } = world.server;
        const { handshake, frames } = input as Talk;
        const before = desk.standing();
        const caller = await world.gatekeeper.authenticateKey(keyOf('admin'));
        const issued = caller.ok ? await world.gatekeeper.issueTicket(caller.value) : caller;
        must(issued.ok, 'there is a ticket');
        const bytes = Buffer.from(Buffer.from(frames).toString('latin1'), 'latin1');
        const answer = await exchanged(
          port,
          Buffer.concat([Buffer.from(handshake.replaceAll('HOST', `127.0.0.1:${port}`)), withTicket(bytes, issued.value)]),
        );
        // Used, or good no more: a ticket is there to be spent.
        await world.gatekeeper.redeemTicket(issued.value);
        desk.holds(before, false);
        const head = answer.indexOf('\r\n\r\n');
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer.toString('latin1', 0, 20))?.[1] ?? 0);
        if (status !== 101) {
          must(status === 0 || (status >= 400 && status < 500) || status < 300, `status ${status}`);
          return `status ${status}`;
        }
        const { messages, closed } = framesOf(answer.subarray(head + 4));
        for (const message of messages)
          must(TYPES.includes((JSON.parse(message) as { readonly type: string }).type), `${message} is no message`);
        must(closed === null || CLOSE_CODES.has(closed), `closed with ${closed}`);
        return closed === null || closed === 1005 ? ACCEPTED : `close ${closed}`;
      },
      close: () => desk.close(),
    };
  },
};

/** Puts a ticket of the same length in the place of the word: its frame says how long it is. */
function withTicket(frames: Buffer, ticket: string): Buffer {
  const at = frames.indexOf('TICKET');
  if (at < 6) return frames;
  const message = Buffer.from(`{"op":"authenticate","ticket":"${ticket}"}`);
  const isWhole = frames.subarray(6, 6 + 39).toString() === '{"op":"authenticate","ticket":"TICKET"}';
  return isWhole ? Buffer.concat([frame(message), frames.subarray(6 + 39)]) : frames;
}

export const STREAM_TARGETS: readonly FuzzTarget[] = [streams];
