import type { Random } from '../../base/random.ts';
import type { NewExchangeOrder, TradingPhase } from './exchange-order.ts';

export const OWNERS = 4;
/** One more than the greatest price: see order-rules.test.ts. */
const PRICE_TOO_HIGH = 900_719_925_475;

export type Operation =
  | { readonly kind: 'submit'; readonly order: NewExchangeOrder }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'modify'; readonly id: number; readonly orderQty: number; readonly limitPrice: number; readonly stopPrice: number }
  | { readonly kind: 'time'; readonly ts: number }
  | { readonly kind: 'phase'; readonly phase: TradingPhase }
  | { readonly kind: 'band'; readonly low: number; readonly high: number };

/** What can be asked of an exchange, quick or slow. */
interface Exchange {
  submit(order: NewExchangeOrder): number;
  cancel(id: number): boolean;
  modify(id: number, orderQty: number, limitPrice: number, stopPrice: number): boolean;
  advanceTo(ts: number): void;
  setPhase(phase: TradingPhase): void;
  setPriceBand(low: number, high: number): void;
}

/** As much of an exchange as operations are drawn for, so that many of them mean something. */
export interface Surroundings {
  readonly phase: TradingPhase;
  readonly now: number;
  readonly lastId: number;
  /** An order that lives; undefined for others. */
  find(id: number): KnownOrder | undefined;
}

export interface KnownOrder {
  readonly leaves: number;
  readonly filled: number;
  readonly limitPrice: number;
  /** 0 where it has none that may be changed. */
  readonly changeableStop: number;
}

/** @returns what the exchange answers: an id, or whether it did it */
export function operate(exchange: Exchange, operation: Operation): number | boolean {
  switch (operation.kind) {
    case 'submit':
      return exchange.submit(operation.order);
    case 'cancel':
      return exchange.cancel(operation.id);
    case 'modify':
      return exchange.modify(operation.id, operation.orderQty, operation.limitPrice, operation.stopPrice);
    case 'time':
      exchange.advanceTo(operation.ts);
      return true;
    case 'phase':
      exchange.setPhase(operation.phase);
      return true;
    case 'band':
      exchange.setPriceBand(operation.low, operation.high);
      return true;
  }
}

export function pick<T>(random: Random, all: readonly T[]): T {
  return all[random.nextUint32() % all.length]!;
}

function isOneIn(random: Random, count: number): boolean {
  return random.nextUint32() % count === 0;
}

/** An order near 100, of any kind; odd and impossible ones among them. */
function anyOrder(random: Random, spread: number): NewExchangeOrder {
  const price = (): number =>
    isOneIn(random, 200)
      ? pick(random, [NaN, 0.5, 1e300, PRICE_TOO_HIGH, -PRICE_TOO_HIGH])
      : 100 + (random.nextUint32() % (2 * spread + 1)) - spread;
  const orderType = pick(random, [1, 2, 2, 2, 2, 2, 2, 3, 4, 5, 6, 7] as const);
  const hasLimit = orderType === 2 || orderType === 4 || orderType === 7;
  const hasStop = orderType !== 1 && orderType !== 2 && orderType !== 5;
  const isTrailing = orderType === 5;
  const orderQty = 1 + (random.nextUint32() % 20);
  const timeInForce = pick(random, [1, 2, 2, 2, 2, 3, 4, 5, 5, 5, 5, 6, 7] as const);
  return {
    side: pick(random, [1, -1] as const),
    orderType,
    timeInForce: isTrailing || hasStop ? pick(random, [1, 2, 5, timeInForce] as const) : timeInForce,
    orderQty: isOneIn(random, 200) ? pick(random, [0, -1, 1.5, NaN]) : orderQty,
    limitPrice: hasLimit ? price() : 0,
    stopPrice: hasStop ? price() : 0,
    trailingType: isTrailing ? pick(random, [1, 2] as const) : 0,
    trailingOffset: isTrailing ? pick(random, [1, 2, 3, 150, 1, 2, 3, 150, 0, 9_999, 10_000, PRICE_TOO_HIGH]) : 0,
    displayQty: hasLimit && isOneIn(random, 5) ? 1 + (random.nextUint32() % 8) : 0,
    // Times come in twenties, so that ends are met to the instant and fall together.
    expireTs: timeInForce === 5 || isOneIn(random, 3) ? 40 * (random.nextUint32() % 100) : 0,
    owner: random.nextUint32() % (OWNERS + 1),
    selfTrade: pick(random, [0, 1, 2, 3, 4] as const),
    isPostOnly: isOneIn(random, 12),
    isReduceOnly: isOneIn(random, 6),
  };
}

/** Phases that may follow. */
const FOLLOWING: Readonly<Record<TradingPhase, readonly TradingPhase[]>> = { 1: [2, 3], 2: [3, 1], 3: [5, 4, 1], 4: [1], 5: [3, 4, 1] };

/** The next operation of any kind, odd ones among them. */
export function anyOperation(random: Random, spread: number, around: Surroundings): Operation {
  const roll = random.nextUint32() % 100;
  const id = Math.max(0, around.lastId - (random.nextUint32() % 40));
  if (roll < 62) return { kind: 'submit', order: anyOrder(random, spread) };
  if (roll < 78) return { kind: 'cancel', id };
  if (roll < 92) {
    const { leaves, filled, limitPrice, changeableStop } = around.find(id) ?? { leaves: 5, filled: 0, limitPrice: 100, changeableStop: 0 };
    const near = (price: number): number => (price === 0 || Number.isNaN(price) ? 0 : price + pick(random, [0, 0, 0, 1, -1, 3]));
    const orderQty = leaves + filled + pick(random, [0, 0, -1, -3, 2, -50, 7]);
    const isOdd = isOneIn(random, 100);
    return {
      kind: 'modify',
      id,
      orderQty,
      limitPrice: isOdd ? pick(random, [NaN, PRICE_TOO_HIGH]) : near(limitPrice),
      stopPrice: near(changeableStop),
    };
  }
  if (roll < 95) return { kind: 'time', ts: around.now + 20 * (random.nextUint32() % 4) };
  if (roll < 98) return { kind: 'phase', phase: pick(random, FOLLOWING[around.phase]) };
  if (isOneIn(random, 2)) return { kind: 'band', low: -Infinity, high: Infinity };
  return { kind: 'band', low: 100 - (random.nextUint32() % (spread + 1)), high: 100 + (random.nextUint32() % (spread + 1)) };
}
