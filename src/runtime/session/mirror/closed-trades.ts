import { RecentList } from './recent-list.ts';
import type { Currency } from '../../../model/currency.ts';
import { moneyApprox } from '../../../model/currency.ts';
import type { Fill } from '../../../model/events.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { notionalValue, profitOf } from '../../../model/valuation.ts';
import type { ClosedTrade } from '../../../research/run-series.ts';

/** Closed trades kept of an account, for its statistics. */
export const MIRROR_CLOSED_TRADES_MAX = 10_000;

interface Open {
  quantity: number;
  /** Sum of price × quantity of what is open, and of the commissions paid for it: floats, for statistics only. */
  pxQty: number;
  commission: number;
  entryTs: number;
  tag: string;
}

export interface ClosedTradesState {
  readonly trades: readonly ClosedTrade[];
  /** By strategy and instrument. */
  readonly open: readonly (readonly [key: string, held: Readonly<Open>])[];
}

/** Cuts fills into closed trades at average cost, one for each closing fill: for statistics, never for accounts. */
export class ClosedTrades {
  private readonly kept = new RecentList<ClosedTrade>(MIRROR_CLOSED_TRADES_MAX);
  private readonly open = new Map<string, Open>();

  get trades(): readonly ClosedTrade[] {
    return this.kept.newest(MIRROR_CLOSED_TRADES_MAX);
  }

  saveState(): ClosedTradesState {
    return { trades: this.trades, open: [...this.open].map(([key, held]) => [key, { ...held }]) };
  }

  /** Of one without fills. */
  loadState({ trades, open }: ClosedTradesState): void {
    for (const trade of trades) this.kept.push(trade);
    for (const [key, held] of open) this.open.set(key, { ...held });
  }

  take(fill: Fill, instrument: Instrument): void {
    const key = `${fill.strategy} ${fill.instrument}`;
    const held = this.open.get(key) ?? { quantity: 0, pxQty: 0, commission: 0, entryTs: fill.tsEvent, tag: fill.tag };
    const commission = moneyApprox(fill.commission, instrument.settlement);
    const closing = held.quantity * fill.side < 0 ? Math.min(fill.lastQty, Math.abs(held.quantity)) : 0;
    if (closing > 0) this.close(held, fill, closing, (commission * closing) / fill.lastQty, instrument);
    const opening = fill.lastQty - closing;
    if (opening > 0) {
      if (held.quantity === 0) Object.assign(held, { entryTs: fill.tsEvent, tag: fill.tag, pxQty: 0, commission: 0 });
      held.quantity += opening * fill.side;
      held.pxQty += opening * fill.lastPx;
      held.commission += (commission * opening) / fill.lastQty;
    }
    if (held.quantity === 0) this.open.delete(key);
    else this.open.set(key, held);
  }

  private close(held: Open, fill: Fill, quantity: number, exitCommission: number, instrument: Instrument): void {
    const before = Math.abs(held.quantity);
    const share = quantity / before;
    const entryPx = held.pxQty / before;
    const side = held.quantity > 0 ? 1 : -1;
    const commission = held.commission * share + exitCommission;
    const entryCount = Math.round(entryPx);
    const inUnits = (amount: bigint, currency: Currency): number => moneyApprox(amount, currency);
    // The average may lie between two counts: the profit of the whole count, and of the rest by the value of one count.
    const whole = inUnits(profitOf(instrument, entryCount, fill.lastPx, quantity * side), instrument.settlement);
    const perCount = instrument.isInverse ? 0 : inUnits(notionalValue(instrument, 1, quantity), instrument.settlement);
    const pnl = whole - side * (entryPx - entryCount) * perCount - commission;
    const entryValue =
      entryCount <= 0 ? Number.NaN : Math.abs(inUnits(notionalValue(instrument, entryCount, quantity), instrument.settlement));
    this.kept.push({
      instrument: instrument.id,
      side,
      entryTs: held.entryTs,
      exitTs: fill.tsEvent,
      entryPrice: entryPx / instrument.priceScale,
      exitPrice: fill.lastPx / instrument.priceScale,
      quantity: quantity / instrument.quantityScale,
      pnl,
      returnShare: pnl / entryValue,
      commission,
      entryBar: 0,
      exitBar: 0,
      tag: held.tag,
    });
    held.quantity -= quantity * side;
    held.pxQty -= entryPx * quantity;
    held.commission -= held.commission * share;
  }
}
