import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { answerRounds } from './rounds-protocol.ts';
import { MeasuredProgram } from '../child-process.ts';
import { FAN_OUT_BATCH, FAN_OUT_CLIENTS, fanOutTrade } from '../fan-out-trade.ts';
import { FanOut } from '../../src/adapters/http/stream/fan-out.ts';
import { StreamClient } from '../../src/adapters/http/stream/stream-client.ts';
import { SystemClock } from '../../src/adapters/clock/system-clock.ts';

/*
 * fan-out.ts WAY: a server of WebSockets with FAN_OUT_CLIENTS clients in a process of their own. A round hands ROWS messages to every client and ends when the
 * clients have read the last byte. WAY is `ours` (framed once, one write for each client and batch) or `ws` (what one writes first: every message written as
 * text and sent for every client by itself). Batches of FAN_OUT_BATCH come in one turn of the loop in both.
 */
const [way] = process.argv.slice(2) as ['ours' | 'ws'];
const http = createServer();
const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const sockets: { readonly ws: WebSocket; readonly socket: Duplex }[] = [];
http.on('upgrade', (request, socket, head) => wss.handleUpgrade(request, socket, head, (ws) => sockets.push({ ws, socket })));
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
const readers = await MeasuredProgram.startNode('fan-out-readers.ts', [
  String((http.address() as AddressInfo).port),
  String(FAN_OUT_CLIENTS),
]);
while (sockets.length < FAN_OUT_CLIENTS) await new Promise((resolve) => setImmediate(resolve));

const clock = new SystemClock();
const fanOut = new FanOut(() => {});
const topic = fanOut.topic('trades', null);
for (const { ws, socket } of sockets) topic.sinks.add(new StreamClient(ws, socket, '127.0.0.1', clock));
let sequence = 0;

function sendBatch(from: number, to: number): void {
  if (way === 'ours') {
    for (let row = from; row < to; row += 1) fanOut.publish(topic, fanOutTrade(row));
    fanOut.flush();
    return;
  }
  for (let row = from; row < to; row += 1) {
    sequence += 1;
    for (const { ws } of sockets) ws.send(JSON.stringify({ type: 'delta', channel: 'trades', sequence, data: fanOutTrade(row) }));
  }
}

/** Nobody is handed more while much waits: a server that is ahead of its clients measures its memory. */
async function drained(): Promise<void> {
  while (sockets.some(({ socket }) => socket.writableLength > 262_144)) await new Promise((resolve) => setImmediate(resolve));
}

await answerRounds(async (rows) => {
  // All rounds number their messages alike, so that both ways send the same bytes.
  sequence = 0;
  topic.sequence = 0;
  const reading = readers.round(rows);
  const since = process.hrtime.bigint();
  for (let row = 0; row < rows; row += FAN_OUT_BATCH) {
    sendBatch(row, Math.min(rows, row + FAN_OUT_BATCH));
    await drained();
  }
  const { checksum } = await reading;
  return { ns: Number(process.hrtime.bigint() - since), checksum };
});
await readers.stop();
process.exit(0);
