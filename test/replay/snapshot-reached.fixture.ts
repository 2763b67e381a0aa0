import { BookState } from '../../src/book/order-book.ts';
import { MarketPhase } from '../../src/model/market-phase.ts';
import { TradingState } from '../../src/model/trading-state.ts';
import { OrderStatus } from '../../src/model/order-status.ts';
import { TRADING_FROM } from './snapshot-market.fixture.ts';
import type { SessionState } from './snapshot-session.fixture.ts';

/** Of {@link OrderTableState.columns}: status. */
const STATUS_COLUMN = 5;
/** Levels further than this from the best stand outside the window of a ladder. */
const WINDOW = 65_536;

const statuses = ({ engine }: SessionState): readonly number[] => [...engine.orders.table.columns[STATUS_COLUMN]!];
const books = ({ engine }: SessionState) => engine.marketData.books.books.filter((book) => book !== null);
const venues = (state: SessionState) => state.venues.map((venue) => venue.state);

/** What a session must have been in the middle of when it was saved: what is not reached is not compared. */
export const SITUATIONS: Readonly<Record<string, (state: SessionState) => boolean>> = {
  'history is being replayed': ({ engine }) => engine.clock.now < TRADING_FROM,
  'a cancel is not answered': (state) => statuses(state).includes(OrderStatus.PENDING_CANCEL),
  'a modify is not answered': (state) => statuses(state).includes(OrderStatus.PENDING_MODIFY),
  'a submission timed out': (state) => statuses(state).includes(OrderStatus.UNKNOWN),
  'a command is on its way': (state) => venues(state).some(({ pending }) => pending.length > 0),
  'a report is on its way': (state) => venues(state).some(({ queue }) => queue.inFlight.length > 0),
  'latency is drawn by chance': (state) => venues(state).some(({ entryLatency, queue }) => entryLatency !== null && queue.latency !== null),
  'a stop waits': (state) => venues(state).some(({ orders }) => orders.some(({ stopPrice, isTriggered }) => stopPrice > 0 && !isTriggered)),
  'value was traded for a fee tier': (state) => venues(state).some(({ executions }) => executions.tradedDays.length > 0),
  'a kill switch is on': ({ engine }) => engine.risk.states.some(({ isKilled }) => isKilled),
  'a scope may only reduce': ({ engine }) => engine.risk.states.some(({ state }) => state === TradingState.REDUCING),
  'limits were changed': ({ engine }) => engine.risk.limits.firm !== undefined,
  'messages were counted': ({ engine }) => engine.risk.rates.counters.some(({ times }) => times.length > 1),
  'a cancel may be asked for again': ({ engine }) => engine.risk.rates.asked.length > 0,
  'a venue has halted an instrument': ({ engine }) => engine.risk.hours.includes(MarketPhase.HALTED),
  'a daily loss was above its limit': ({ engine }) => engine.risk.losses.meters.some(({ isDayTripped }) => isDayTripped),
  'a drawdown was above its limit': ({ engine }) => engine.risk.losses.meters.some(({ isDrawdownTripped }) => isDrawdownTripped),
  'a daily loss has set a trading state': ({ engine }) => engine.risk.losses.meters.some(({ isStateOfDay }) => isStateOfDay),
  'limits of market data were changed': ({ engine }) => engine.marketData.limits.some(({ checksIncrement }) => checksIncrement),
  'both sides are held': ({ engine }) =>
    engine.portfolio.positions.venue.filter(({ positionSide, book }) => positionSide !== 0 && book.lots.length > 0).length > 1,
  'several lots are held': ({ engine }) => engine.portfolio.positions.venue.some(({ book }) => book.lots.length > 1),
  'dividends or funding were paid': ({ engine }) =>
    engine.portfolio.positions.venue.some(({ book }) => book.dividend !== '0' || book.funding !== '0'),
  'a balance is no safe integer': ({ engine }) =>
    engine.portfolio.ledger.rows.some(({ balance }) => !Number.isSafeInteger(Number(balance))),
  'a fill sum is no safe integer': ({ engine }) => engine.orders.table.filledPast.length > 0,
  'trades were closed': ({ engine }) => engine.closedTrades.rows.length > 0,
  'a book is order by order': (state) => books(state).some(({ isByOrder, side }) => isByOrder && side.length > 0),
  'a book is by levels': (state) => books(state).some(({ isByOrder, side }) => !isByOrder && side.length > 0),
  'a book waits for a snapshot': (state) => books(state).some((book) => book.state === BookState.GAPPED),
  'a level is far from the best': (state) =>
    books(state).some(({ price, topBid, topAsk }) => price.some((each) => each - topAsk > WINDOW || topBid - each > WINDOW)),
  'data is missing': ({ engine }) => engine.marketData.gapToTs.some((ts, instrument) => ts > engine.cache.wholeTs[instrument]!),
  'rows were refused': ({ engine }) => engine.marketData.streams.some(({ refused }) => Object.keys(refused).length > 0),
  'nobody wants a stream any more': ({ engine }) => engine.bars.subscriptions.some((list) => list.length === 0),
  'a bar touches missing data': ({ engine }) => engine.bars.built.some(({ builder }) => builder.isGapped),
  'an instrument has expired': ({ expiries }) => expiries.settled > 0,
  'an account was liquidated': ({ recorder }) => recorder.alerts.some(({ code }) => code === 'LIQUIDATION'),
};
