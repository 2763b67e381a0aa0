import { FAST_PERIOD, SLOW_PERIOD } from './cross-strategy.ts';
import type { OutcomeFill } from './outcome.ts';
import type { TradeBlock } from '../src/model/blocks.ts';

/*
 * The shape that the written specification draws: every event is an object, goes through an asynchronous queue, and is awaited by each of two
 * handlers. It trades the same strategy with the same money as c/cross.c, with less around it than the engine has (no validation, no risk, no
 * ledger). Kept for comparison only: it is why nothing between a tick and its order awaits.
 */

interface MarketEvent {
  readonly type: 'TRADE';
  readonly instrument: string;
  readonly ts: number;
  readonly row: number;
  readonly price: number;
  readonly priceTicks: number;
  readonly quantity: number;
}

const QUEUE_MAX = 1000;

/** Bounded, first in first out; whoever has to wait, waits on a promise. */
class AsyncQueue<T> {
  private readonly items: T[] = [];
  private readonly getters: ((item: T) => void)[] = [];
  private readonly putters: (() => void)[] = [];

  async put(item: T): Promise<void> {
    const getter = this.getters.shift();
    if (getter !== undefined) {
      getter(item);
      return;
    }
    while (this.items.length >= QUEUE_MAX) await new Promise<void>((resolve) => this.putters.push(resolve));
    this.items.push(item);
  }

  async get(): Promise<T> {
    const item = this.items.shift();
    if (item === undefined) return new Promise<T>((resolve) => this.getters.push(resolve));
    this.putters.shift()?.();
    return item;
  }
}

const MONEY_PER_TICK = 1_000_000; // a cent in 1e-8 USD
const FEE_DIVISOR = 10_000; // 0.01 %
const EQUITY_START = 1_000_000_000_000_000; // 10,000,000 USD
const SAMPLE_US = 60_000_000;

class Average {
  value = Number.NaN;
  private count = 0;
  private readonly alpha: number;
  private readonly period: number;

  constructor(period: number) {
    this.period = period;
    this.alpha = 2 / (period + 1);
  }

  get isReady(): boolean {
    return this.count >= this.period;
  }

  update(value: number): number {
    this.count += 1;
    this.value = this.count === 1 ? value : this.alpha * value + (1 - this.alpha) * this.value;
    return this.value;
  }
}

/** Position and money; samples equity once a minute. All amounts are whole numbers below 2^53. */
class Account {
  readonly fills: OutcomeFill[] = [];
  readonly samples: number[] = [];
  private cash = EQUITY_START;
  private held = 0;
  private lastTicks = 0;
  private due = Number.NaN;

  get equity(): number {
    return this.cash + this.held * this.lastTicks * MONEY_PER_TICK;
  }

  async onMarketEvent(event: MarketEvent): Promise<void> {
    if (this.due !== this.due) this.due = Math.ceil(event.ts / SAMPLE_US) * SAMPLE_US;
    if (event.ts > this.due) {
      this.samples.push(this.equity / 1e8);
      this.due = Math.ceil(event.ts / SAMPLE_US) * SAMPLE_US;
    }
    this.lastTicks = event.priceTicks;
  }

  trade(event: MarketEvent, target: number): void {
    const signed = target - this.held;
    const value = event.priceTicks * MONEY_PER_TICK * Math.abs(signed);
    this.cash -= signed * event.priceTicks * MONEY_PER_TICK + value / FEE_DIVISOR;
    this.held = target;
    this.fills.push({ row: event.row, side: Math.sign(signed), price: event.priceTicks, quantity: Math.abs(signed) });
  }
}

class CrossHandler {
  private readonly fast = new Average(FAST_PERIOD);
  private readonly slow = new Average(SLOW_PERIOD);
  private readonly account: Account;
  private side = 0;

  constructor(account: Account) {
    this.account = account;
  }

  async onMarketEvent(event: MarketEvent): Promise<void> {
    const fast = this.fast.update(event.price);
    const slow = this.slow.update(event.price);
    if (!this.slow.isReady) return;
    const side = fast > slow ? 1 : -1;
    if (side === this.side) return;
    this.side = side;
    this.account.trade(event, side);
  }
}

export interface AsyncOutcome {
  readonly fills: readonly OutcomeFill[];
  readonly samples: Float64Array;
  readonly equity: bigint;
}

/** Runs the first `rows` ticks through the queue. */
export async function runAsyncShape(ticks: TradeBlock, rows: number): Promise<AsyncOutcome> {
  const queue = new AsyncQueue<MarketEvent>();
  const account = new Account();
  const strategy = new CrossHandler(account);
  const produce = async (): Promise<void> => {
    for (let row = 0; row < rows; row += 1) {
      const priceTicks = ticks.price[row]!;
      await queue.put({
        type: 'TRADE',
        instrument: 'BTC-USD.SIM',
        ts: ticks.tsEvent[row]!,
        row,
        price: priceTicks / 100,
        priceTicks,
        quantity: ticks.quantity[row]!,
      });
    }
  };
  const consume = async (): Promise<void> => {
    for (let count = 0; count < rows; count += 1) {
      const event = await queue.get();
      await account.onMarketEvent(event);
      await strategy.onMarketEvent(event);
    }
  };
  await Promise.all([produce(), consume()]);
  return { fills: account.fills, samples: Float64Array.from([...account.samples, account.equity / 1e8]), equity: BigInt(account.equity) };
}
