import { Type } from '@sinclair/typebox';
import { type ApiRoute, COST, defineRoute } from '../api-route.ts';
import { bookOf, candleOf, instrumentInfo, latestPrice, tradeOf } from '../present/market.ts';
import { instrumentNamed } from '../present/names.ts';
import { Book, Candles, InstrumentInfo, IntervalName, LatestPrice, MarketTrade } from '../../../contract/api/market.ts';
import { API_PAGE_DEFAULT, API_PAGE_MAX, exactly, InstrumentName, Ts } from '../../../contract/api/scalars.ts';

/** Levels of each side of a book that are shown. */
export const BOOK_LEVELS_SHOWN_MAX = 100;
const BOOK_LEVELS_DEFAULT = 20;

const params = exactly({ instrument: InstrumentName });
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: API_PAGE_MAX }));

export const MARKET_ROUTES: readonly ApiRoute[] = [
  defineRoute({
    method: 'GET',
    path: '/instruments',
    access: 'market:read',
    cost: COST.read,
    summary: 'All instruments of the session',
    answer: exactly({ items: Type.Array(InstrumentInfo) }),
    handle: (_, { view }) => ({ items: view.instruments.map(instrumentInfo) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/instruments/:instrument',
    access: 'market:read',
    cost: COST.read,
    summary: 'One instrument: increments, bounds, currencies',
    params,
    answer: InstrumentInfo,
    handle: (call, { view }) => instrumentInfo(instrumentNamed(view, call.params.instrument)),
  }),
  defineRoute({
    method: 'GET',
    path: '/instruments/:instrument/price',
    access: 'market:read',
    cost: COST.read,
    summary: 'Latest price, quote and trade',
    params,
    answer: LatestPrice,
    handle: (call, { view }) => latestPrice(view, instrumentNamed(view, call.params.instrument)),
  }),
  defineRoute({
    method: 'GET',
    path: '/instruments/:instrument/candles',
    access: 'market:read',
    cost: COST.history,
    summary: 'Candles, oldest first; `before` asks for those that open before a time',
    params,
    query: exactly({ interval: IntervalName, before: Type.Optional(Ts), limit }),
    answer: Candles,
    handle: ({ params: { instrument: name }, query }, { view }) => {
      const instrument = instrumentNamed(view, name);
      const { interval, before = Number.MAX_SAFE_INTEGER, limit: count = API_PAGE_DEFAULT } = query;
      const candles = view.candles(instrument.index, interval, before, count);
      return { instrument: instrument.id, interval, candles: candles.map((candle) => candleOf(instrument, candle)) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/instruments/:instrument/book',
    access: 'market:read',
    cost: COST.read,
    summary: 'Order book, best first; only the best prices where the session has no depth',
    params,
    query: exactly({ levels: Type.Optional(Type.Integer({ minimum: 1, maximum: BOOK_LEVELS_SHOWN_MAX })) }),
    answer: Book,
    handle: ({ params: { instrument: name }, query }, { view }) => {
      const instrument = instrumentNamed(view, name);
      return bookOf(instrument, view.book(instrument.index, query.levels ?? BOOK_LEVELS_DEFAULT), view.ts);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/instruments/:instrument/trades',
    access: 'market:read',
    cost: COST.read,
    summary: 'The newest trades of the market, oldest first',
    params,
    query: exactly({ limit }),
    answer: exactly({ items: Type.Array(MarketTrade) }),
    handle: ({ params: { instrument: name }, query }, { view }) => {
      const instrument = instrumentNamed(view, name);
      return { items: view.trades(instrument.index, query.limit ?? API_PAGE_DEFAULT).map((trade) => tradeOf(instrument, trade)) };
    },
  }),
];
