/** Writes DBN files by their specification, apart from the code that reads them. */
export interface MappingText {
  readonly symbol: string;
  /** yyyymmdd, the end not included, and what it stands for. */
  readonly intervals: readonly (readonly [number, number, string])[];
}

export interface MetadataText {
  readonly version?: 1 | 2 | 3;
  readonly schema?: number;
  readonly stypeIn?: number;
  readonly stypeOut?: number;
  readonly hasSendTime?: boolean;
  readonly symbols?: readonly string[];
  readonly mappings?: readonly MappingText[];
}

export const ES: MappingText = { symbol: 'ESH4', intervals: [[20240102, 20240104, '7']] };
/** 2024-01-02T10:00:00Z in nanoseconds. */
export const TEN = 1_704_189_600_000_000_000n;
export const NO_PRICE = 2n ** 63n - 1n;

function uint(width: number, value: number | bigint): Buffer {
  const bytes = Buffer.alloc(width);
  for (let at = 0, rest = BigInt.asUintN(width * 8, BigInt(value)); at < width; at += 1, rest >>= 8n) bytes[at] = Number(rest & 255n);
  return bytes;
}

function text(width: number, value: string): Buffer {
  const bytes = Buffer.alloc(width);
  bytes.write(value, 'latin1');
  return bytes;
}

export function metadata(options: MetadataText = {}): Buffer {
  const { version = 3, schema = 0, stypeIn = 1, stypeOut = 0, hasSendTime = false, mappings = [ES] } = options;
  const symbols = options.symbols ?? mappings.map(({ symbol }) => symbol);
  const width = version === 1 ? 22 : 71;
  const list = (names: readonly string[]): Buffer => Buffer.concat([uint(4, names.length), ...names.map((name) => text(width, name))]);
  const fixed = Buffer.concat([
    text(16, 'GLBX.MDP3'),
    uint(2, schema),
    uint(8, TEN),
    uint(8, TEN + 1_000_000_000n),
    uint(8, 0),
    ...(version === 1 ? [uint(8, 2n ** 64n - 1n)] : []),
    uint(1, stypeIn),
    uint(1, stypeOut),
    uint(1, hasSendTime ? 1 : 0),
    ...(version === 1 ? [Buffer.alloc(47)] : [uint(2, width), Buffer.alloc(53)]),
  ]);
  const rest = Buffer.concat([
    uint(4, 0),
    list(symbols),
    list([]),
    list([]),
    uint(4, mappings.length),
    ...mappings.map(({ symbol, intervals }) =>
      Buffer.concat([
        text(width, symbol),
        uint(4, intervals.length),
        ...intervals.map(([from, to, name]) => Buffer.concat([uint(4, from), uint(4, to), text(width, name)])),
      ]),
    ),
  ]);
  const padding = version < 3 ? 0 : (8 - ((fixed.length + rest.length) % 8)) % 8;
  return Buffer.concat([
    Buffer.from('DBN'),
    uint(1, version),
    uint(4, fixed.length + rest.length + padding),
    fixed,
    rest,
    Buffer.alloc(padding),
  ]);
}

export interface RecordText {
  readonly action?: string;
  readonly side?: string;
  readonly price?: bigint;
  readonly size?: number;
  readonly flags?: number;
  readonly orderId?: bigint;
  readonly tsEvent?: bigint;
  readonly tsRecv?: bigint;
  readonly instrumentId?: number;
  readonly rtype?: number;
  /** Where the file says that records have the time of sending behind them. */
  readonly sendTime?: bigint;
  /** Bid price, ask price, bid size, ask size. */
  readonly levels?: readonly (readonly [bigint, bigint, number, number])[];
}

function record(body: Buffer, rtype: number, { instrumentId = 7, tsEvent = TEN, sendTime }: RecordText): Buffer {
  const end = sendTime === undefined ? Buffer.alloc(0) : uint(8, sendTime);
  const words = (16 + body.length + end.length) / 4;
  return Buffer.concat([uint(1, words), uint(1, rtype), uint(2, 1), uint(4, instrumentId), uint(8, tsEvent), body, end]);
}

/** An mbo record: by default an order of 2 at 4,750.25 that is added to the bids and ends its event. */
export function mbo(options: RecordText = {}): Buffer {
  const { action = 'A', side = 'B', price = 4_750_250_000_000n, size = 2, flags = 128, orderId = 1n, tsRecv = TEN } = options;
  const body = [uint(8, orderId), uint(8, price), uint(4, size), uint(1, flags), uint(1, 0), text(1, action), text(1, side)];
  return record(Buffer.concat([...body, uint(8, tsRecv), uint(4, 100), uint(4, 5)]), options.rtype ?? 0xa0, options);
}

/** A record of trades (no levels), mbp-1, tbbo, bbo (one level) or mbp-10 (ten). */
export function mbp(options: RecordText = {}): Buffer {
  const { action = 'T', side = 'B', price = 4_750_250_000_000n, size = 2, flags = 128, tsRecv = TEN, levels = [] } = options;
  const body = [uint(8, price), uint(4, size), text(1, action), text(1, side), uint(1, flags), uint(1, 0), uint(8, tsRecv)];
  const pairs = levels.map(([bid, ask, bidSize, askSize]) =>
    Buffer.concat([uint(8, bid), uint(8, ask), uint(4, bidSize), uint(4, askSize), uint(8, 0)]),
  );
  const rtype = options.rtype ?? [0, 1][levels.length] ?? 10;
  return record(Buffer.concat([...body, uint(4, 100), uint(4, 5), ...pairs]), rtype, options);
}
