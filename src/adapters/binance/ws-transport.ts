import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { FeedSocket, FeedSocketListener, FetchText, OpenSocket } from './transport.ts';

/** Bytes of a message from the venue; a longer one ends the connection. Snapshots do not come this way. */
export const FEED_MESSAGE_BYTES_MAX = 4_194_304;
/** Bytes of an answer to a request. The largest, exchangeInfo of every symbol, has some twelve million. */
export const FEED_ANSWER_BYTES_MAX = 67_108_864;

/** A connection over `ws`. It answers pings by itself. */
export const openWebSocket: OpenSocket = (url: string, listener: FeedSocketListener): FeedSocket => {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: FEED_MESSAGE_BYTES_MAX, skipUTF8Validation: true });
  let isOver = false;
  let detail = '';
  let status = 0;
  let retryAfterS = Number.NaN;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    listener.onClose({ status, retryAfterS, detail });
  };
  socket.on('open', () => !isOver && listener.onOpen());
  socket.on('message', (data: Buffer) => !isOver && listener.onMessage(data));
  socket.on('ping', () => !isOver && listener.onAlive());
  socket.on('pong', () => !isOver && listener.onAlive());
  socket.on('unexpected-response', (_, response: IncomingMessage) => {
    status = response.statusCode ?? 0;
    retryAfterS = Number(response.headers['retry-after'] ?? Number.NaN);
    detail = `HTTP ${status}`;
    response.destroy();
    end();
  });
  socket.on('error', (error) => {
    detail = error.message;
  });
  socket.on('close', (code: number, reason: Buffer) => {
    if (detail === '') detail = `closed with ${code}${reason.length === 0 ? '' : ` ${reason.toString()}`}`;
    end();
  });
  return {
    send: (text) => socket.send(text),
    ping: () => socket.ping(),
    terminate: () => {
      isOver = true;
      socket.terminate();
    },
  };
};

/** A request over the fetch of Node. */
export const fetchText: FetchText = async (url, signal) => {
  const response = await fetch(url, { signal, redirect: 'error' });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > FEED_ANSWER_BYTES_MAX) throw new Error(`the answer has more than ${FEED_ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return { status: response.status, header: (name) => response.headers.get(name), body: Buffer.concat(chunks).toString() };
};
