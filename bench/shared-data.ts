import { existsSync } from 'node:fs';
import path from 'node:path';
import { sharedDataFolder } from '../reference/shared-data.ts';

/** Changes of the book and trades of BTCUSDT, USD-M futures of Binance, some minutes of 2024-08-08, as its streams sent them. */
export function binanceRecording(): string {
  return path.join(sharedDataFolder(), 'l2-binance-raw/usdm_btcusdt_20240808.gz');
}

export const NO_RECORDING = 'the recording l2-binance-raw/usdm_btcusdt_20240808.gz is absent: set QUANTHYBRID_SHARED_DATA';

export function hasBinanceRecording(): boolean {
  return existsSync(binanceRecording());
}

/** Changes of the book, best bid and ask, and trades of BTCUSDT, Spot of Binance, the same minutes. */
export function binanceSpotRecording(): string {
  return path.join(sharedDataFolder(), 'l2-binance-raw/spot_btcusdt_20240808.gz');
}

export const NO_SPOT_RECORDING = 'the recording l2-binance-raw/spot_btcusdt_20240808.gz is absent: set QUANTHYBRID_SHARED_DATA';
