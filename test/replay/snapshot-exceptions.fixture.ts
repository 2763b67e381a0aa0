import type { Exception, Exceptions } from './live-graph.fixture.ts';

/*
 * What a live session that has gone on and one that was loaded need not hold alike, and why results are the same all the same. Whatever is not here
 * is compared: a field that is new and forgotten shows up as a difference.
 */

interface Saving {
  saveState(): unknown;
}

const bySave: Exception = (part: Saving) => part.saveState();
/** As {@link bySave}, and field by field but for those that are listed. */
const bySaveToo: Exception = (part: Saving) => [part.saveState(), part];

/** Caches: what they hold is found again when it is asked for. */
const CACHES = fields('a cache, found again when it is asked for', {
  TextNumbers: ['lastText', 'lastNumber'],
  Stream: ['fitBlock', 'fitFrom', 'fitEnd', 'isUnfitAtEnd'],
  AccountView: ['venueLast', 'accountLast'],
  MessageRates: ['#covering', '#askedMax'],
  ConversionTable: ['#last', '#routes'],
  FillPostings: ['#terms'],
  BookLane: ['views'],
  Lane: ['loops', 'freshCount', 'lastStrategies', 'lastLoop'],
  SerialTexts: ['stem', 'first'],
  DepthPlay: ['foundTs', 'foundVersion'],
  OpenStream: ['seenRow', 'seenVersion'],
  Liquidations: ['low', 'high', 'bandEpoch', 'epoch', 'band', 'rateAccounts'],
  MarginLine: ['quantity', 'cost', 'mark'],
  MarginGauge: ['equity', 'initial', 'maintenance', 'tolerance', 'openCount', 'open', '#account', '#sequence', '#rows', '#cash'],
});

/** What one step leaves behind and the next writes over before it reads it. */
const SCRATCH = fields('written anew before it is read', {
  MarketDataCache: ['cursorBlock', 'cursorFrom', 'cursorRow', 'cursorIsBuilt'],
  BarFeeds: ['feeding', 'built[].block'],
  CountBarBuilder: ['scanProgress', 'scanProgressBig'],
  Books: ['outcome'],
  Lane: ['view'],
  OrderLife: ['before'],
  PackedText: ['word0', 'word1', 'word2', 'word3', 'isWide'],
  PositionBooking: ['money', '#parts', '#partsHeld'],
  Ledger: ['#pending', '#pendingHandles', '#pendingAmounts'],
  Assessment: ['serial', 'mode', 'id', 'ts', 'strategy', 'instrument', 'peers', 'side', 'orderType', 'timeInForce', 'flags', 'orderQty'],
  'Assessment ': ['limitPrice', 'stopPrice', 'expireTs', 'targetWeightPpb', 'leavesQty', 'sizedQty', 'ownQty', 'ownSizedQty', 'fillPrice'],
  'Assessment  ': ['missing', 'marginQuestion'],
  SimulatedVenue: ['row'],
  Matcher: ['path'],
  DepthMatcher: ['reached'],
  ReportQueue: ['arrived', 'arrivalTs'],
});

/** Held in another arrangement, which shows nowhere: compared by what is saved of it, and by how both go on. */
const ARRANGED: Exceptions = {
  'BarHistory.#rows': [bySave, 'a ring begins anywhere'],
  'QuoteBarHistory.#rows': [bySave, 'a ring begins anywhere'],
  'TradeHistory.#rows': [bySave, 'a ring begins anywhere'],
  'QuoteHistory.#rows': [bySave, 'a ring begins anywhere'],
  'Books.books[]': [bySave, 'slots of orders and windows of ladders lie anywhere'],
  'DepthDesk.book': [bySave, 'as the books'],
  'TradeIdWindow.#slots': ['skip', 'chains of a bucket are linked in another order; compared by the save of the window'],
  'TradeIdWindow.#buckets': ['skip', 'as the slots'],
  'ReportReader.#boughtIds[]': [bySaveToo, 'as the slots'],
  'ReportReader.#soldIds[]': [bySaveToo, 'as the slots'],
  'OpenLists.#next': ['skip', 'links of orders that have ended stay; compared by the save of the lists'],
  'OpenLists.#previous': ['skip', 'as the next ones'],
  'OrderTable.#openOfInstrument': [bySaveToo, 'links of orders that have ended stay'],
  'Timers.heap': ['skip', 'holds replaced timers until they come to the top'],
  'Timers.live': ['unordered', 'found by name only'],
  'WorkingOrders.byId': ['unordered', 'found by id only'],
  'WorkingOrders.version': ['skip', 'compared with itself only'],
  'Subscriptions.lists': [(lists: readonly (readonly unknown[])[]) => lists.map((list) => [...list]), 'empty lists may be one object'],
  'RiskManager.#limits': [(limits: object) => structuredClone(limits), 'those of the options, until others are set'],
  'MessageCounter.#times': ['skip', 'a ring begins anywhere; compared by the save of the rates'],
  'MessageCounter.#oldest': ['skip', 'as the times'],
  'RiskManager.#rates': [bySaveToo, 'rings begin anywhere'],
  'MessageRates.#asked': [
    (asked: ReadonlySet<number>) => asked.size >= 0,
    'of orders that have ended until they are too many; compared by the save of the rates',
  ],
  'Ledger.#places': ['skip', 'handles are given in the order in which somebody names an account; compared by the save of the ledger'],
  'Ledger.#handles': ['skip', 'as the places'],
  'Ledger.#currencyOf': ['skip', 'as the places'],
  'Ledger.#balances': ['skip', 'as the places'],
  'Ledger.#sums': ['skip', 'as the places; all zero between transactions'],
  'Ledger.#currencies': [(currencies: ReadonlyMap<string, object>) => structuredClone([...currencies]), 'made of code and scale'],
  'LedgerRow.currency': [(currency: object) => structuredClone(currency), 'made of code and scale'],
  'LedgerRow.#handle': ['skip', 'as the places'],
  'LedgerRow.#balances': ['skip', 'as the places'],
  'Portfolio.ledger': [bySaveToo, 'places are arranged otherwise'],
  'PositionBook.#figures': ['skip', 'of a flat position: when it was open last; compared by the save of the book'],
  'PositionBook.#tag': ['skip', 'as the figures'],
  'PositionManager.#strategyBooks[][].book': [bySaveToo, 'figures of flat positions'],
  'PositionManager.#venueBooks[]': [bySaveToo, 'figures of flat positions'],
};

/** Not of the session's making. */
const GIVEN: Exceptions = {
  'BarFeeds.options': ['skip', 'the options, which are given and do not change'],
  'Session.lines': ['skip', 'what the test keeps'],
};

export const EXCEPTIONS: Exceptions = { ...CACHES, ...SCRATCH, ...ARRANGED, ...GIVEN };

function fields(because: string, byClass: Readonly<Record<string, readonly string[]>>): Exceptions {
  return Object.fromEntries(
    Object.entries(byClass).flatMap(([name, own]) => own.map((field) => [`${name.trim()}.${field}`, ['skip', because]])),
  );
}
