import type { Scenario } from './scenario.fixture.ts';

/*
 * The twin's books: positions, what they cost, fees, equity and margin. See twin.fixture.ts.
 */

/** Money is counted in 10^-8 dollars, prices in cents. */
const MONEY_PER_CENT = 1_000_000n;

interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** Rounds a fraction; a half goes to the even neighbor, or away from zero. */
function round({ over, under }: Fraction, half: 'even' | 'up'): bigint {
  const isNegative = over < 0n;
  const size = isNegative ? -over : over;
  const whole = size / under;
  const twice = (size % under) * 2n;
  const isUp = twice > under || (twice === under && (half === 'up' || whole % 2n === 1n));
  const rounded = isUp ? whole + 1n : whole;
  return isNegative ? -rounded : rounded;
}

const big = (value: bigint): bigint => (value < 0n ? -value : value);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export class TwinBooks {
  protected readonly s: Scenario;
  /** How often the market came to what is rare. */
  protected readonly reached = new Map<string, number>();
  protected mark = 0;
  protected position = 0;
  protected cost = 0n;
  /** Oldest first; the cost carries the sign of the position. */
  protected lots: { quantity: number; cost: bigint }[] = [];
  protected cash: bigint;
  protected realized = 0n;
  protected commission = 0n;
  protected writtenOff = 0n;
  protected shares = 0;

  constructor(scenario: Scenario) {
    this.s = scenario;
    this.cash = BigInt(scenario.account.openingDollars) * 100n * MONEY_PER_CENT;
  }

  protected reach(what: string): void {
    this.reached.set(what, (this.reached.get(what) ?? 0) + 1);
  }

  protected value(price: number, quantity: number): bigint {
    return BigInt(price) * BigInt(quantity) * BigInt(this.s.instrument.multiplier) * MONEY_PER_CENT;
  }

  /** What one fill costs: the fee of the order so far less what it was charged before, each rounded as the schedule says. */
  protected feeOf(price: number, quantity: number, isTaker: boolean, closing: number, quantityBefore: number, valueBefore: bigint): bigint {
    const { fee } = this.s;
    if (fee.kind === 'none') return 0n;
    const charge = (exact: Fraction): bigint =>
      fee.toCents ? round({ over: exact.over, under: exact.under * MONEY_PER_CENT }, 'up') * MONEY_PER_CENT : round(exact, 'even');
    const rate = (ppb: number, value: bigint): Fraction => ({ over: value * BigInt(ppb), under: 1_000_000_000n });
    if (fee.kind === 'percentage') {
      const charged = fee.on === 'both' ? quantity : fee.on === 'exit' ? closing : quantity - closing;
      return charge(rate(fee.ratePpb, this.value(price, charged)));
    }
    if (fee.kind === 'makerTaker') return charge(rate(isTaker ? fee.takerPpb : fee.makerPpb, this.value(price, quantity)));
    const ofOrder = (total: number, value: bigint): bigint => {
      // In 10^-17 dollars, where billionths and shares of value are both whole.
      const least = BigInt(fee.minBillionths) * 100_000_000n;
      const atLeast = most(BigInt(fee.rateBillionths) * BigInt(total) * 100_000_000n, least);
      const cap = fee.maxRatePpb === null ? atLeast : value * BigInt(fee.maxRatePpb);
      return charge({ over: cap < atLeast ? cap : atLeast, under: 1_000_000_000n });
    };
    const before = quantityBefore === 0 ? 0n : ofOrder(quantityBefore, valueBefore);
    return ofOrder(quantityBefore + quantity, valueBefore + this.value(price, quantity)) - before;
  }

  protected get isDelivered(): boolean {
    return this.s.instrument.kind === 'EQUITY';
  }

  /** Netting: a close takes its part of the cost; through zero the rest opens at the fill's price. */
  protected bookFill(side: 1 | -1, quantity: number, price: number, commission: bigint): void {
    const closing = this.position * side < 0 ? Math.min(quantity, Math.abs(this.position)) : 0;
    let realized = 0n;
    if (closing > 0) {
      const part = this.costOfClosing(closing);
      realized = BigInt(-side) * this.value(price, closing) - part;
      this.cost -= part;
    }
    const opening = BigInt(side) * this.value(price, quantity - closing);
    this.cost += opening;
    if (quantity > closing) this.lots.push({ quantity: quantity - closing, cost: opening });
    this.position += side * quantity;
    this.cash -= commission;
    if (this.isDelivered) {
      this.cash -= BigInt(side) * this.value(price, quantity);
      this.shares += side * quantity;
    } else this.cash += realized;
    this.realized += realized;
    this.commission += commission;
  }

  /** Average: the part of all that is held. First in, first out: whole lots from the oldest on, and of the last a part of its own cost. */
  protected costOfClosing(quantity: number): bigint {
    const average = round({ over: this.cost * BigInt(quantity), under: BigInt(Math.abs(this.position)) }, 'even');
    let left = quantity;
    let sum = 0n;
    while (left > 0) {
      const lot = this.lots[0]!;
      const taken = Math.min(left, lot.quantity);
      const part = round({ over: lot.cost * BigInt(taken), under: BigInt(lot.quantity) }, 'even');
      lot.quantity -= taken;
      lot.cost -= part;
      sum += part;
      left -= taken;
      if (lot.quantity === 0) this.lots.shift();
    }
    if (sum !== average) this.reach('close whose cost is another by lots than on average');
    return this.s.account.costMethod === 'FIFO' ? sum : average;
  }

  /** Null where the mark is not known. */
  protected equity(): bigint | null {
    if (this.position === 0) return this.cash;
    if (this.mark === 0) return null;
    return this.cash + this.value(this.mark, this.position) - (this.isDelivered ? 0n : this.cost);
  }

  protected marginOf(notional: bigint, ratePpb: number): bigint {
    const over = big(notional) * BigInt(ratePpb);
    const under = BigInt(this.s.account.leverage) * 1_000_000_000n;
    return (over + under - 1n) / under;
  }

  protected positionMargin(ratePpb: number): bigint {
    return this.marginOf(this.s.account.markedAt === 'ENTRY' ? this.cost : this.value(this.mark, this.position), ratePpb);
  }
}
