import type { makeFolder } from '../../../../test/files-kit.ts';
import { openBinanceStream } from './binance-stream.ts';
import { recordedInstrument } from './message-recordings.fixture.ts';
import { type Row, rowsOf } from './recorded-rows.fixture.ts';
import type { OpenRecordingOptions } from './recording-reader.ts';
import type { RecordedKind } from './row-buffer.ts';

export const AT = 1_723_161_255_030_314_667n;
export const MS = 1_723_161_256_299;
export const INSTRUMENT = recordedInstrument(2, 3);

/** The lines of a recording of messages, a millisecond apart. */
function linesOf(messages: readonly (object | string)[]): string {
  const textOf = (message: object | string): string => (typeof message === 'string' ? message : JSON.stringify(message));
  return messages.map((message, at) => `${AT + BigInt(at) * 1_000_000n} ${textOf(message)}\n`).join('');
}

type Messages = readonly (object | string)[];

/** Writes messages into a folder as a recording, and reads them back. */
export function recordingsIn(folder: ReturnType<typeof makeFolder>): {
  readonly fileOf: (messages: Messages) => string;
  readonly readRows: (messages: Messages, kind: RecordedKind, more?: Partial<OpenRecordingOptions>) => Row[];
} {
  const fileOf = (messages: Messages): string => folder.write('made.txt', linesOf(messages));
  return {
    fileOf,
    readRows: (messages, kind, more = {}) => rowsOf(openBinanceStream({ path: fileOf(messages), kind, instrument: INSTRUMENT, ...more })),
  };
}

export function spotDiff(U: number, u: number, b: readonly unknown[] = [['100.00', '1.000']], more: object = {}): object {
  return { stream: 'btcusdt@depth@100ms', data: { e: 'depthUpdate', E: MS, s: 'BTCUSDT', U, u, b, a: [], ...more } };
}

export function snapshot(lastUpdateId: number, bids: readonly unknown[] = [['99.00', '2.000']], asks: readonly unknown[] = []): object {
  return { lastUpdateId, bids, asks };
}

export function trade(t: number, more: object = {}, stream = 'btcusdt@trade'): object {
  return { stream, data: { e: 'trade', E: MS, T: MS - 1, s: 'BTCUSDT', t, p: '100.10', q: '0.500', X: 'MARKET', m: true, ...more } };
}

export const TICKER = { stream: 'btcusdt@bookTicker', data: { u: 7, s: 'BTCUSDT', b: '100.00', B: '1.000', a: '100.10', A: '2.000' } };
