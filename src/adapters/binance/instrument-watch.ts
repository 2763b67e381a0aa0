import type { FeedCode } from '../../model/codes/feed.ts';
import type { Clock, ClockCall } from '../../ports/clock.ts';
import type { FeedInstrumentChange, FeedSubscription } from '../../ports/market-feed.ts';
import { EXCHANGE_INFO_WEIGHT, exchangeInfoPath, readExchangeInfo, type SpotSymbol } from './exchange-info.ts';
import type { RestClient } from './rest-client.ts';

/** Between two looks, microseconds. */
export const INSTRUMENT_LOOK_US = 60_000_000;

/** Asks the venue again and again whether it trades the symbols of a feed, and tells what has changed. The first answer is told of all: whoever listens may know of a halt that is over. */
export class InstrumentWatch {
  private readonly clock: Clock;
  private readonly rest: RestClient;
  private readonly onChange: (change: FeedInstrumentChange) => void;
  private readonly instruments: readonly FeedSubscription[];
  private readonly codes: (FeedCode | null)[];
  private call: ClockCall | null = null;
  private isStopped = false;

  constructor(
    subscriptions: readonly FeedSubscription[],
    clock: Clock,
    rest: RestClient,
    onChange: (change: FeedInstrumentChange) => void,
  ) {
    this.clock = clock;
    this.rest = rest;
    this.onChange = onChange;
    this.instruments = [...new Map(subscriptions.map((each) => [each.symbol, each])).values()];
    this.codes = this.instruments.map(() => null);
  }

  look(): void {
    void this.ask().then(() => {
      if (!this.isStopped) this.call = this.clock.callAt(this.clock.now() + INSTRUMENT_LOOK_US, () => this.look());
    });
  }

  stop(): void {
    this.isStopped = true;
    this.call?.cancel();
  }

  private async ask(): Promise<void> {
    let symbols: readonly SpotSymbol[];
    try {
      const body = await this.rest.get(exchangeInfoPath(this.instruments.map(({ symbol }) => symbol)), EXCHANGE_INFO_WEIGHT);
      const info = readExchangeInfo(body);
      if (info.weightLimit !== null) this.rest.weightLimit = info.weightLimit;
      symbols = info.symbols;
    } catch {
      // The connection tells whether the venue is there; the next look asks again.
      return;
    }
    if (this.isStopped) return;
    this.instruments.forEach((subscription, at) => {
      const code = codeOf(
        subscription,
        symbols.find(({ symbol }) => symbol === subscription.symbol),
      );
      if (code === this.codes[at]) return;
      this.codes[at] = code;
      const { index } = subscription.instrument;
      this.onChange({ instrument: index, isTrading: code === 'FEED_SYMBOL_TRADING', code, ts: this.clock.now() });
    });
  }
}

function codeOf({ instrument }: FeedSubscription, symbol: SpotSymbol | undefined): FeedCode {
  if (symbol === undefined) return 'FEED_SYMBOL_UNKNOWN';
  if (symbol.priceDecimals > instrument.priceDecimals || symbol.quantityDecimals > instrument.quantityDecimals)
    return 'FEED_DECIMALS_TOO_FEW';
  return symbol.status === 'TRADING' ? 'FEED_SYMBOL_TRADING' : 'FEED_SYMBOL_HALTED';
}
