import type { AccountDefinition, AccountIndex } from './account.ts';
import type { Currency, Money } from './currency.ts';
import type { Recorded } from './events.ts';
import type { InstrumentDefinition, InstrumentIndex, Price, Quantity } from './instrument.ts';
import type { ClientOrderId, OrderType, Side, TimeInForce } from './order.ts';
import type { OrderStatus } from './order-status.ts';
import type { ParameterValue } from './parameters.ts';
import type { PositionSnapshot } from './position.ts';
import type { TradingSwitch } from './trading-state.ts';

/*
 * What a session gives to the outside after each input: plain data that crosses threads as it is. Everything in it follows from the inputs up to
 * `sequence`, so a session that is replayed from its journal gives it again, the same to the last digit.
 */

/** Where a trading session runs. */
export type SessionMode = 'PAPER' | 'LIVE';

/** The names and scales that the numbers of {@link SessionOutput} mean; the same for the whole session. */
export interface SessionFacts {
  /** Names the journal: what a database holds of the session is filed under it. */
  readonly sessionId: string;
  /** As the run file calls it. */
  readonly name: string;
  readonly mode: SessionMode;
  readonly startedTs: number;
  /** By index, as are strategies and accounts. */
  readonly instruments: readonly InstrumentDefinition[];
  readonly strategies: readonly StrategyFacts[];
  readonly accounts: readonly Pick<AccountDefinition, 'venue' | 'type' | 'baseCurrency'>[];
  /** Every currency that a balance can be in, the units of shares included. */
  readonly currencies: readonly Currency[];
}

export interface StrategyFacts {
  /** Unique within the session. */
  readonly name: string;
  /** The shipped strategy's name or the file's, for people. */
  readonly source: string;
  /** Of the bundle that runs; empty for shipped ones. */
  readonly bundleHash: string;
}

/** An order as it stands. `strategy` is −1 where the venue made it of its own accord and no strategy's position is closed by it. */
export interface OrderState {
  readonly clientOrderId: ClientOrderId;
  /** Empty until the venue has told it. */
  readonly venueOrderId: string;
  readonly strategy: number;
  readonly instrument: InstrumentIndex;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly status: OrderStatus;
  /** Bits of OrderFlag. */
  readonly flags: number;
  readonly orderQty: Quantity;
  readonly cumQty: Quantity;
  readonly leavesQty: Quantity;
  /** 0 where the type has none. */
  readonly limitPrice: Price;
  readonly stopPrice: Price;
  /** 0 for none. */
  readonly expireTs: number;
  /** Sum of lastPx × lastQty, exact: ÷ cumQty is the average price. */
  readonly filledPxQty: bigint;
  /** When the order was born. */
  readonly tsInit: number;
  /** When something was last learned about it. */
  readonly tsLast: number;
  readonly tag: string;
}

/** A balance as it stands. `locked` and `free` are null where a rate or a mark that they need is missing, and `free` in margin accounts. */
export interface BalanceState {
  readonly account: AccountIndex;
  readonly currency: string;
  readonly total: Money;
  readonly locked: Money | null;
  readonly free: Money | null;
}

/** What an account is worth in its base currency, at `ts`. */
export interface EquitySample {
  readonly account: AccountIndex;
  readonly ts: number;
  readonly amount: Money;
}

/** RUNNING is handed market data; STOPPED was asked to stand still; FAILED threw. */
export type StrategyStatus = 'RUNNING' | 'STOPPED' | 'FAILED';

/** A strategy as it stands: given whenever one of these has changed. */
export interface StrategyState {
  readonly strategy: number;
  readonly status: StrategyStatus;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The sentence for people: who stopped it, what it threw; empty for none. */
  readonly reason: string;
}

/** The journal's number of the first input, which says what the session is made of: it comes to {@link SessionFacts}. Outputs follow it. */
export const SESSION_SEQUENCE = 1;

/**
 * What one input came to. The lists hold what has changed by it, each thing once, as it stands after the input; inputs that change nothing give empty
 * lists, so that outputs are numbered without a hole.
 */
export interface SessionOutput {
  /** The journal's number of the input, from SESSION_SEQUENCE + 1. */
  readonly sequence: number;
  /** The input's time. */
  readonly ts: number;
  /** In the order in which they came to be. */
  readonly records: readonly Recorded[];
  readonly orders: readonly OrderState[];
  readonly positions: readonly PositionSnapshot[];
  readonly balances: readonly BalanceState[];
  readonly equity: readonly EquitySample[];
  readonly strategies: readonly StrategyState[];
  /** All scopes that do not trade freely, where one was switched; absent where none was. */
  readonly tradingSwitches?: readonly TradingSwitch[];
  /** All limits, where one was changed; absent where none was. */
  readonly limits?: LimitsInForce;
}

/** Limits as the core keeps them: plain data that who shows them understands. */
export type LimitsInForce = object;

/** True for an output that says nothing but its number. */
export function isEmptyOutput(output: SessionOutput): boolean {
  return rowCountOf(output) === 0;
}

/** How many things an output tells: what queues and batches are bounded by. */
export function rowCountOf({ records, orders, positions, balances, equity, strategies, tradingSwitches, limits }: SessionOutput): number {
  const changed = records.length + orders.length + positions.length + balances.length + equity.length + strategies.length;
  return changed + (tradingSwitches === undefined ? 0 : Math.max(1, tradingSwitches.length)) + (limits === undefined ? 0 : 1);
}
