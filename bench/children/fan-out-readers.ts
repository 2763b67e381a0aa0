import { connect, type Socket } from 'node:net';
import { answerRounds } from './rounds-protocol.ts';
import { fanOutBytes } from '../fan-out-trade.ts';

/*
 * fan-out-readers.ts PORT CLIENTS: clients of a WebSocket server that count what comes. A round ends when every client has the bytes of ROWS messages; the
 * checksum is of all bytes of the first client, so that both servers sent the same.
 */
const [port, clients] = process.argv.slice(2).map(Number) as [number, number];
const received = new Float64Array(clients);
let sum = 0;
let wanted = Number.POSITIVE_INFINITY;
let waiting: (() => void) | null = null;

function take(client: number, chunk: Buffer): void {
  received[client]! += chunk.length;
  if (client === 0) for (let at = 0; at < chunk.length; at += 1) sum = (Math.imul(sum, 31) + chunk[at]!) | 0;
  if (received[client]! >= wanted && received.every((bytes) => bytes >= wanted)) waiting?.();
}

function join(client: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const head = Buffer.from('\r\n\r\n');
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
    });
    socket.on('error', reject);
    let isOpen = false;
    socket.on('data', (chunk) => {
      if (isOpen) return take(client, chunk);
      isOpen = true;
      const rest = chunk.subarray(chunk.indexOf(head) + head.length);
      if (rest.length > 0) take(client, rest);
      resolve(socket);
    });
  });
}

const sockets = await Promise.all(Array.from({ length: clients }, (_, client) => join(client)));
await answerRounds(async (rows) => {
  wanted = fanOutBytes(rows);
  if (!received.every((bytes) => bytes >= wanted)) await new Promise<void>((resolve) => (waiting = resolve));
  const isExact = received.every((bytes) => bytes === wanted);
  const checksum = `${isExact ? 'all' : 'MORE'} ${wanted} bytes ${sum >>> 0}`;
  received.fill(0);
  sum = 0;
  waiting = null;
  return { ns: 0, checksum };
});
for (const socket of sockets) socket.destroy();
