import type { Order } from '../../src/contract/api/orders.ts';
import type { Balance, Position } from '../../src/contract/api/portfolio.ts';
import type { MockInstrument } from './mock-market.ts';

export interface Holding {
  readonly strategy: string;
  readonly instrument: MockInstrument;
  quantity: number;
  cost: number;
  realized: number;
  commission: number;
  tsOpen: number;
}

export const START_EQUITY = 250_000;

/** What strategies hold, by average cost. */
export class MockHoldings {
  private readonly holdings = new Map<string, Holding>();
  private readonly market: readonly MockInstrument[];

  constructor(market: readonly MockInstrument[]) {
    this.market = market;
  }

  all(): readonly Holding[] {
    return [...this.holdings.values()];
  }

  quantityOf(strategy: string, instrument: string): number {
    return this.holdings.get(`${strategy} ${instrument}`)?.quantity ?? 0;
  }

  positions(): Position[] {
    return [...this.holdings.values()].map((holding) => {
      const { strategy, instrument, quantity, cost, realized, commission, tsOpen } = holding;
      const value = quantity * instrument.price;
      return {
        strategy,
        instrument: instrument.info.instrument,
        positionSide: 'NET',
        quantity: quantity === 0 ? '0' : instrument.quantityText(quantity),
        avgPx: quantity === 0 ? null : instrument.priceText(cost / quantity),
        markPx: instrument.priceText(instrument.price),
        value: value.toFixed(2),
        unrealizedPnl: (value - cost).toFixed(2),
        realizedPnl: realized.toFixed(2),
        commission: commission.toFixed(2),
        funding: '0',
        dividend: '0',
        currency: 'USDT',
        tsOpen: quantity === 0 ? null : tsOpen,
      };
    });
  }

  balances(open: readonly Order[]): Balance[] {
    const locked = open.reduce(
      (sum, order) => sum + (order.side === 'BUY' ? Number(order.leavesQty) * Number(order.limitPrice ?? 0) : 0),
      0,
    );
    const held = [...this.holdings.values()].reduce((sum, { cost }) => sum + cost, 0);
    const cash =
      START_EQUITY - held + [...this.holdings.values()].reduce((sum, { realized, commission }) => sum + realized - commission, 0);
    const coins = this.market.map(({ info, quantityText }, at) => {
      const quantity = [...this.holdings.values()]
        .filter(({ instrument }) => instrument === this.market[at])
        .reduce((sum, row) => sum + row.quantity, 0);
      return {
        venue: 'SIM',
        currency: info.base,
        total: quantityText.call(this.market[at], quantity),
        locked: '0',
        free: quantityText.call(this.market[at], quantity),
      };
    });
    return [
      { venue: 'SIM', currency: 'USDT', total: cash.toFixed(2), locked: locked.toFixed(2), free: (cash - locked).toFixed(2) },
      ...coins,
    ];
  }

  worth(): number {
    let sum = START_EQUITY;
    for (const { quantity, cost, realized, commission, instrument } of this.holdings.values())
      sum += quantity * instrument.price - cost + realized - commission;
    return sum;
  }

  book({ strategy }: Order, instrument: MockInstrument, signed: number, price: number, commission: number, ts: number): void {
    const key = `${strategy} ${instrument.info.instrument}`;
    const holding = this.holdings.get(key) ?? {
      strategy: strategy ?? '',
      instrument,
      quantity: 0,
      cost: 0,
      realized: 0,
      commission: 0,
      tsOpen: ts,
    };
    this.holdings.set(key, holding);
    holding.commission += commission;
    const closing =
      Math.sign(signed) === -Math.sign(holding.quantity) ? Math.min(Math.abs(signed), Math.abs(holding.quantity)) * Math.sign(signed) : 0;
    if (closing !== 0) {
      const average = holding.cost / holding.quantity;
      holding.realized += -closing * (price - average);
      holding.cost += closing * average;
      holding.quantity = Number((holding.quantity + closing).toFixed(8));
    }
    const opening = Number((signed - closing).toFixed(8));
    if (opening === 0) return;
    if (holding.quantity === 0) holding.tsOpen = ts;
    holding.quantity = Number((holding.quantity + opening).toFixed(8));
    holding.cost += opening * price;
  }
}
