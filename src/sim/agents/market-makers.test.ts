import { describe, expect, it } from 'vitest';
import { ExchangeOrderType, plainOrder, TradingPhase } from '../exchange/exchange-order.ts';
import { REPORT_BITS, REPORT_KIND, REPORT_ORDER_ID, REPORT_QUANTITY, ReportKind } from '../exchange/exchange-reports.ts';
import { AgentMarket } from './agent-market.ts';
import { type AgentMarketSettings, agentMarketSettings } from './agent-settings.ts';

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const START = 19_700 * 1440 * MINUTE;
/** Sixty typical quantities of ten lots: what docs/concepts/generated-markets.md says that a maker stops at. */
const LIMIT_LOTS = 600;

/** An order of a maker that rests: of whom, on which side. Two quotes on each side are numbered in turn, bids first. */
interface Quote {
  readonly maker: number;
  readonly side: number;
}

/** Keeps books on the makers of a market by what its exchange reports, and by whose order is which. */
class MakersLedger {
  readonly market: AgentMarket;
  /** Lots, by maker. */
  readonly held: number[];
  /** Quotes placed or moved in what happened last. */
  readonly asked: Quote[] = [];
  private readonly quotes = new Map<number, Quote>();

  constructor(overrides: Partial<AgentMarketSettings>) {
    this.market = new AgentMarket(agentMarketSettings({ seed: 5, startTs: START, startPrice: 10_000, ...overrides }));
    this.held = [...this.market.makerPositions];
    const { book } = this.market.engine;
    for (const ladder of [book.bids, book.asks])
      for (let key = ladder.bestKey; key !== Number.POSITIVE_INFINITY; key = ladder.keyAfter(key))
        for (let slot = ladder.headAt(key); slot !== 0; slot = book.orders.next(slot)) this.note(book.orders.id(slot));
  }

  get resting(): readonly Quote[] {
    return [...this.quotes.values()];
  }

  step(): void {
    this.market.step();
    this.take();
  }

  /** An outsider sells so many lots at whatever price. */
  sell(lots: number): void {
    const { market } = this;
    market.interrupt(market.ts);
    market.engine.submit(Object.assign(plainOrder(), { orderType: ExchangeOrderType.MARKET, side: -1, orderQty: lots, owner: 1 }));
    market.settle();
    this.take();
    market.engine.reports.clear();
  }

  private take(): void {
    const { engine } = this.market;
    const { rows, length } = engine.reports;
    this.asked.length = 0;
    for (let at = 0; at < length << REPORT_BITS; at += 1 << REPORT_BITS) {
      const id = rows[at | REPORT_ORDER_ID]!;
      const kind = rows[at | REPORT_KIND]!;
      if (kind === ReportKind.ACCEPTED) this.note(id);
      const quote = this.quotes.get(id);
      if (quote === undefined) continue;
      if (kind === ReportKind.ACCEPTED || kind === ReportKind.MODIFIED) this.asked.push(quote);
      if (kind === ReportKind.TRADE) this.held[quote.maker]! += quote.side * rows[at | REPORT_QUANTITY]!;
      if (engine.book.orders.index.get(id) === 0) this.quotes.delete(id);
    }
  }

  private note(id: number): void {
    const quote = -this.market.desk.ownerOf(id);
    if (quote > 0) this.quotes.set(id, { maker: Math.floor((quote - 1) / 4), side: quote % 2 === 1 ? 1 : -1 });
  }
}

describe('market makers among agents', () => {
  it('place and move no quote that adds to a position at their limit, and take those away that stand', () => {
    const ledger = new MakersLedger({});
    const { market, held } = ledger;
    let full = 0;
    for (let endTs = START + 5 * SECOND; endTs <= START + 20 * MINUTE; endTs += 5 * SECOND) {
      ledger.sell(100);
      const least = [...held];
      while (market.nextTs <= endTs) {
        const before = [...held];
        ledger.step();
        for (const { maker, side } of ledger.asked) expect(side * before[maker]!).toBeLessThan(LIMIT_LOTS);
        held.forEach((lots, maker) => (least[maker] = Math.min(least[maker]!, lots)));
      }
      // What stood when the limit was reached has gone in five seconds at the limit.
      least.forEach((lots, maker) => {
        if (lots < LIMIT_LOTS) return;
        full += 1;
        expect(ledger.resting.filter((quote) => quote.maker === maker && quote.side > 0)).toEqual([]);
      });
    }
    expect(full).toBeGreaterThan(5);
    expect(held).toEqual(market.makerPositions);
  });

  it('place and move no quote while trading is halted, and take away what stands', () => {
    const halts = { perDay: 0, at: [START + 10 * MINUTE], lastingUs: 5 * MINUTE };
    const ledger = new MakersLedger({ halts });
    const { book } = ledger.market.engine;
    while (book.phase === TradingPhase.CONTINUOUS) ledger.step();
    expect(ledger.resting.length).toBeGreaterThan(0);
    while (ledger.market.nextTs < START + 15 * MINUTE) {
      ledger.step();
      expect(ledger.asked).toEqual([]);
    }
    expect(book.phase).toBe(TradingPhase.HALTED);
    expect(ledger.resting).toEqual([]);
    // They come back after the auction.
    while (ledger.market.nextTs < START + 16 * MINUTE) ledger.step();
    expect(ledger.resting.length).toBeGreaterThan(0);
  });
});
