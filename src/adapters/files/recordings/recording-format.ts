/** Recordings by what wrote them. What each holds and how it is read: docs/guide/recordings.md. */
export const RECORDING_FORMATS = ['binance', 'binance-depth-csv', 'bybit', 'hyperliquid', 'databento', 'tardis', 'bitstamp'] as const;
export type RecordingFormat = (typeof RECORDING_FORMATS)[number];
