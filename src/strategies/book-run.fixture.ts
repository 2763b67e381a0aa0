import { expect } from 'vitest';
import type { RiskLimits } from '../core/risk/limits.ts';
import type { OrderView, StrategyClass } from '../core/strategy/strategy.ts';
import { BookAction, BookFlag } from '../model/book-delta.ts';
import type { InstrumentDefinition } from '../model/instrument.ts';
import type { AccountDefinition } from '../model/account.ts';
import { resolveParameters } from '../model/parameters.ts';
import type { BlockReader } from '../ports/block-reader.ts';
import type { Backtest } from '../runtime/backtest.ts';
import { accountOf, deltasOf, type DeltaRow, futureOf, runAll, tradesOf, type TradeRow } from '../runtime/backtest.fixture.ts';
import type { FeedBlock } from '../sim/depth/venue-feed.ts';

/* Runs of shipped strategies on made-up order books: a venue for each market, futures of whole units, prices in cents. */

export const SECOND = 1_000_000;
const [BID, ASK] = [1, -1];

/** A whole book in one event: [price, quantity] of each level, at so many seconds. */
export function book(
  seconds: number,
  bids: readonly (readonly [number, number])[],
  asks: readonly (readonly [number, number])[],
): DeltaRow[] {
  const ts = seconds * SECOND;
  const rows: DeltaRow[] = [[ts, BookAction.CLEAR, 0, 0, 0, BookFlag.SNAPSHOT]];
  for (const [price, quantity] of bids) rows.push([ts, BookAction.SET, BID, price, quantity, BookFlag.SNAPSHOT]);
  for (const [price, quantity] of asks) rows.push([ts, BookAction.SET, ASK, price, quantity, BookFlag.SNAPSHOT]);
  const [, , side, price, quantity] = rows.at(-1)!;
  rows[rows.length - 1] = [ts, BookAction.SET, side!, price!, quantity!, BookFlag.SNAPSHOT | BookFlag.LAST];
  return rows;
}

export interface Market {
  readonly instrument?: Partial<InstrumentDefinition>;
  readonly deltas: readonly DeltaRow[];
  readonly trades?: readonly TradeRow[];
  readonly account?: Partial<AccountDefinition>;
}

export type Given = Readonly<Record<string, number | string>>;

export function run(strategyClass: StrategyClass, given: Given, ...markets: readonly Market[]): Backtest {
  return runLate(0, strategyClass, given, ...markets);
}

/** As {@link run}, with answers of the venues that are heard so many seconds late. */
export function runLate(seconds: number, strategyClass: StrategyClass, given: Given, ...markets: readonly Market[]): Backtest {
  const backtest = runAnyhow({ seconds, limits: {} }, strategyClass, given, markets);
  expect(backtest.recorder.denials).toEqual([]);
  return backtest;
}

/** As {@link run}, where orders may be denied, by limits of the house among others. */
export function runDenied(limits: RiskLimits, strategyClass: StrategyClass, given: Given, ...markets: readonly Market[]): Backtest {
  return runAnyhow({ seconds: 0, limits }, strategyClass, given, markets);
}

function runAnyhow(
  { seconds, limits }: { readonly seconds: number; readonly limits: RiskLimits },
  strategyClass: StrategyClass,
  given: Given,
  markets: readonly Market[],
): Backtest {
  const { values, refusals } = resolveParameters(strategyClass.parameters ?? {}, given);
  expect(refusals).toEqual([]);
  const readers = (): BlockReader<FeedBlock>[] =>
    markets.flatMap(({ deltas, trades }, index) => [
      deltasOf(deltas, index) as BlockReader<FeedBlock>,
      ...(trades === undefined ? [] : [tradesOf(trades, index) as BlockReader<FeedBlock>]),
    ]);
  return runAll({
    instruments: markets.map(({ instrument }, index) => futureOf({ id: `M.V${index}`, quantityDecimals: 0, ...instrument }, index)),
    accounts: markets.map(({ account }, index) => accountOf({ venue: `V${index}`, ...account })),
    streams: readers(),
    recorded: readers,
    strategies: [{ strategyClass, parameters: values }],
    latencyUs: { orderEntryUs: 0, responseUs: seconds * SECOND },
    engine: { limits },
  });
}

/** Every order as it stands at the end, in the order of their birth. */
export function ordersOf({ engine }: Backtest): OrderView[] {
  return Array.from({ length: engine.orders.table.length - 1 }, (_, at) => engine.orders.view(at + 1)!);
}
