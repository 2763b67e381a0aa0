import { type Static, Type } from '@sinclair/typebox';
import { API_SECRET_MAX } from './auth.ts';
import { Count, exactly, InstrumentName, oneOf, Text } from './scalars.ts';

export const CHANNELS = ['market', 'orders', 'fills', 'positions', 'portfolio', 'strategies', 'risk', 'log'] as const;
export type Channel = (typeof CHANNELS)[number];
export const ChannelName = oneOf(CHANNELS);

/** Why the server closes a stream. */
export const STREAM_CLOSE = {
  PROTOCOL: 4400,
  UNAUTHENTICATED: 4401,
  TICKET_LATE: 4408,
  TOO_MUCH: 4429,
  SLOW: 4409,
  ACCESS_ENDED: 4410,
  GOING_AWAY: 1001,
} as const;

/** What a client may say. The first message is `authenticate`; the channel `market` is asked for by instrument. */
export const ClientMessage = Type.Union([
  exactly({ op: Type.Literal('authenticate'), ticket: Type.String({ minLength: 1, maxLength: API_SECRET_MAX }) }),
  exactly({ op: Type.Literal('subscribe'), channel: ChannelName, instrument: Type.Optional(InstrumentName) }),
  exactly({ op: Type.Literal('unsubscribe'), channel: ChannelName, instrument: Type.Optional(InstrumentName) }),
  exactly({ op: Type.Literal('ping') }),
]);
export type ClientMessage = Static<typeof ClientMessage>;

/**
 * What the server says. A `snapshot` is everything as of its sequence number; each `delta` after it has the next number, and whoever misses one subscribes
 * again. The channel `market` is conflated: its deltas hold what is newest, and what they leave out is gone.
 */
export const ServerMessage = Type.Union([
  exactly({ type: Type.Literal('welcome'), userName: Text, channels: Type.Array(ChannelName) }),
  exactly({
    type: oneOf(['snapshot', 'delta']),
    channel: ChannelName,
    instrument: Type.Optional(InstrumentName),
    sequence: Count,
    data: Type.Unknown(),
  }),
  exactly({ type: Type.Literal('unsubscribed'), channel: ChannelName, instrument: Type.Optional(InstrumentName) }),
  exactly({ type: Type.Literal('refused'), code: Text, message: Text }),
  exactly({ type: Type.Literal('pong') }),
]);
export type ServerMessage = Static<typeof ServerMessage>;
