import { textFrame } from '../src/adapters/http/stream/frames.ts';

/** Who listens, and how many messages come in one turn. Source: the same as the published figures of fan-out that the gate was set by. */
export const FAN_OUT_CLIENTS = 100;
export const FAN_OUT_BATCH = 16;

/** A trade as a market tells it. */
export function fanOutTrade(row: number): object {
  return {
    instrument: 'BTC-USDT.BINANCE',
    sequence: row + 1,
    ts: 1_700_000_000_000_000 + row * 1000,
    price: `${43_000 + (row % 100)}.${String(row % 10)}0`,
    quantity: `0.0${1 + (row % 9)}500`,
    aggressorSide: row % 2 === 0 ? 'BUY' : 'SELL',
  };
}

/** Bytes that each client gets of the messages of a round, frames included. */
export function fanOutBytes(rows: number): number {
  let bytes = 0;
  for (let row = 0; row < rows; row += 1) {
    const text = JSON.stringify({ type: 'delta', channel: 'trades', sequence: row + 1, data: fanOutTrade(row) });
    bytes += textFrame(text).length;
  }
  return bytes;
}
