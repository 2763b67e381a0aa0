import type { PositionSnapshot } from '../../model/position.ts';
import type { PositionBook } from './position-book.ts';

/** A position as it stands, as plain data. */
export function snapshot(strategy: number, book: PositionBook): PositionSnapshot {
  return {
    strategy,
    instrument: book.instrument.index,
    positionSide: book.positionSide,
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
