import { unreachable } from '../../../base/assert.ts';
import { openBinanceDepthCsv } from './binance-depth-csv.ts';
import { openBinanceStream } from './binance-stream.ts';
import { openBitstampOrders } from './bitstamp-orders.ts';
import { openBybitDepth } from './bybit-depth.ts';
import { openDbn } from './dbn-reader.ts';
import { openHyperliquid } from './hyperliquid.ts';
import type { OpenRecordingOptions, RecordingReader } from './recording-reader.ts';
import { openTardis } from './tardis.ts';

/** Recordings by what wrote them. What each holds and how it is read: docs/guide/recordings.md. */
export const RECORDING_FORMATS = ['binance', 'binance-depth-csv', 'bybit', 'hyperliquid', 'databento', 'tardis', 'bitstamp'] as const;
export type RecordingFormat = (typeof RECORDING_FORMATS)[number];

export interface OpenAnyRecordingOptions extends OpenRecordingOptions {
  readonly format: RecordingFormat;
}

/** @throws InputError for a recording that cannot be read as this format, or has no rows of the kind */
export function openRecording({ format, ...options }: OpenAnyRecordingOptions): RecordingReader {
  switch (format) {
    case 'binance':
      return openBinanceStream(options);
    case 'binance-depth-csv':
      return openBinanceDepthCsv(options);
    case 'bybit':
      return openBybitDepth(options);
    case 'hyperliquid':
      return openHyperliquid(options);
    case 'databento':
      return openDbn(options);
    case 'tardis':
      return openTardis(options);
    case 'bitstamp':
      return openBitstampOrders(options);
    default:
      return unreachable(format);
  }
}
