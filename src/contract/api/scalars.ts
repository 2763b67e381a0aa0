import { type Static, type TLiteral, type TProperties, type TSchema, type TUnion, Type } from '@sinclair/typebox';

/*
 * The words of the API. Decimals are texts, exact; times are integer microseconds since the epoch; what something is called is its name, never its place
 * in a list. Server and dashboard read the same schemas.
 */

/** An object with exactly these fields. */
export const exactly = <T extends TProperties>(properties: T, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description === undefined ? {} : { description }) });

/** One of some words. */
export function oneOf<const T extends readonly string[]>(words: T): TUnion<{ -readonly [K in keyof T]: TLiteral<T[K]> }> {
  return Type.Union(words.map((word) => Type.Literal(word))) as unknown as TUnion<{ -readonly [K in keyof T]: TLiteral<T[K]> }>;
}

export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A plain decimal, such as `-12.50`: no exponent, no thousands separators. */
export const Decimal = Type.String({ pattern: '^-?[0-9]{1,40}(\\.[0-9]{1,40})?$', maxLength: 82, description: 'exact decimal' });
/** What a request may ask for: not negative, and short enough for every instrument. */
export const UnsignedDecimal = Type.String({
  pattern: '^[0-9]{1,16}(\\.[0-9]{1,12})?$',
  maxLength: 29,
  description: 'exact decimal, not negative',
});
/** Microseconds since the epoch, 1685 to 2255. */
export const Ts = Type.Integer({
  minimum: -Number.MAX_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'microseconds since the epoch',
});
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Characters of names in requests. */
export const API_NAME_MAX = 128;
/** Characters of a reason that somebody gives. */
export const API_REASON_MAX = 500;
/** Characters of an order's tag. */
export const API_TAG_MAX = 64;
/** Things of a page at most. */
export const API_PAGE_MAX = 1000;
export const API_PAGE_DEFAULT = 100;

export const InstrumentName = Type.String({ pattern: '^[!-~]{1,128}$', maxLength: API_NAME_MAX, description: 'such as BTC-USDT.BINANCE' });
export const StrategyName = Type.String({ minLength: 1, maxLength: API_NAME_MAX });
export const VenueName = Type.String({ minLength: 1, maxLength: API_NAME_MAX });
export const OrderName = Type.String({ pattern: '^O-[1-9][0-9]{0,15}$', maxLength: 18, description: 'such as O-17' });
export const Reason = Type.String({ maxLength: API_REASON_MAX });
export const Text = Type.String();

export const SideName = oneOf(['BUY', 'SELL']);
export const OrderTypeName = oneOf(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']);
export const TimeInForceName = oneOf(['DAY', 'GTC', 'IOC', 'FOK', 'GTD']);
export const OrderStatusName = oneOf([
  'INITIALIZED',
  'DENIED',
  'SUBMITTED',
  'ACCEPTED',
  'TRIGGERED',
  'PENDING_MODIFY',
  'PENDING_CANCEL',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELED',
  'EXPIRED',
  'REJECTED',
  'UNKNOWN',
]);

/** Newest first. `before` of an answer asks for the next page; null at the end. */
export const pageOf = <T extends TSchema>(item: T) => exactly({ items: Type.Array(item), before: orNull(Type.Integer({ minimum: 1 })) });

export const PageQuery = {
  before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: API_PAGE_MAX })),
};

/** What every refusal looks like. The code is one of docs/reference/errors.md. */
export const ApiError = exactly({
  error: exactly({
    code: Type.String({ pattern: '^[A-Z][A-Z0-9_]{1,63}$' }),
    message: Text,
    /** Find it in the server's log. */
    correlationId: Type.String(),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
});
export type ApiError = Static<typeof ApiError>;

/** Where there is nothing to say. */
export const Done = exactly({ done: Type.Literal(true) });
