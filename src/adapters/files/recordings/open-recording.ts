import { unreachable } from '../../../base/assert.ts';
import { openBinanceDepthCsv } from './binance-depth-csv.ts';
import { openBinanceStream } from './binance-stream.ts';
import { openBitstampOrders } from './bitstamp-orders.ts';
import { openBybitDepth } from './bybit-depth.ts';
import { openDbn } from './dbn-reader.ts';
import { openHyperliquid } from './hyperliquid.ts';
import { advisedError } from './recording-advice.ts';
import type { RecordingFormat } from './recording-format.ts';
import type { OpenRecordingOptions, RecordingReader } from './recording-reader.ts';
import { openTardis } from './tardis.ts';

export interface OpenAnyRecordingOptions extends OpenRecordingOptions {
  readonly format: RecordingFormat;
}

/** @throws InputError for a recording that cannot be read as this format, or has no rows of the kind */
export function openRecording({ format, ...options }: OpenAnyRecordingOptions): RecordingReader {
  const advised = (error: unknown): unknown => advisedError(error, { format, ...options });
  try {
    const reader = openAs(format, options);
    reader.explain = advised;
    return reader;
  } catch (error) {
    throw advised(error);
  }
}

function openAs(format: RecordingFormat, options: OpenRecordingOptions): RecordingReader {
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
