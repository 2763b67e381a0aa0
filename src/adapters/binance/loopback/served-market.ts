/** A symbol that the loopback server trades. Decimals are texts. */
export interface ServedSymbol {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: string;
  readonly stepSize: string;
  readonly minNotional: string;
}

/** A whole book as the venue sends it, best first. */
export interface ServedSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

/** Who takes what happens in a market that is served. */
export interface MarketSink {
  /** The book is this one from here on. */
  book(symbol: string, snapshot: ServedSnapshot): void;
  /**
   * @param suffix what follows the symbol in the name of the stream: `trade`, `bookTicker`, `depth@100ms`
   * @param data the payload, JSON
   */
  message(symbol: string, suffix: string, data: string): void;
  /** Nothing more will come. */
  ended(): void;
}

/** What the loopback server plays: a recording, or a market that is made up. */
export interface ServedMarket {
  readonly symbols: readonly ServedSymbol[];
  start(sink: MarketSink): void;
  stop(): void;
}
