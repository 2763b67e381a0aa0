import type { Fill } from '../../model/events.ts';
import { Side } from '../../model/order.ts';
import type { ClosedTrade, PositionSide, PositionSnapshot } from '../../model/position.ts';
import type { Closure, PositionBook } from './position-book.ts';

/** A position as it stands, as plain data. */
export function snapshot(strategy: number, positionSide: PositionSide, book: PositionBook): PositionSnapshot {
  return {
    strategy,
    instrument: book.instrument.index,
    positionSide,
    quantity: book.quantity,
    cost: book.cost,
    avgPx: book.avgPx,
    openTs: book.openTs,
    realizedPnl: book.realizedPnl,
    commission: book.commission,
    dividend: book.dividend,
    funding: book.funding,
  };
}

/** What a closing fill took out of a lot, with whose it was and what closed it. */
export function closedTrade(fill: Fill, positionSide: PositionSide, closure: Closure): ClosedTrade {
  const isLong = closure.quantity > 0;
  return {
    strategy: fill.strategy,
    instrument: fill.instrument,
    positionSide,
    side: isLong ? Side.BUY : Side.SELL,
    quantity: Math.abs(closure.quantity),
    entryTs: closure.entryTs,
    exitTs: fill.tsEvent,
    entryPx: closure.entryPx,
    exitPx: fill.lastPx,
    entryValue: isLong ? closure.entryValue : -closure.entryValue,
    exitValue: isLong ? closure.exitValue : -closure.exitValue,
    entryCommission: closure.entryCommission,
    exitCommission: closure.exitCommission,
    grossPnl: closure.grossPnl,
    pnl: closure.grossPnl - closure.entryCommission - closure.exitCommission,
    entryTag: closure.entryTag,
    exitTag: fill.tag,
  };
}
