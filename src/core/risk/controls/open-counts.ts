import type { Instrument, InstrumentIndex } from '../../../model/instrument.ts';
import type { Assessment } from '../assessment.ts';
import { deny, type Control, type Denial } from '../control.ts';
import type { ScopeLimits } from '../limits.ts';

/** C-17: open orders, and instruments with a position or an open order, per strategy, account and firm. */
export const MAX_OPEN: Control = {
  id: 'C-17',
  name: 'maximum open orders and positions',
  codes: ['MAX_OPEN_ORDERS', 'MAX_OPEN_POSITIONS'],
  parameters: [
    'strategies.maxOpenOrders',
    'strategies.maxOpenPositions',
    'accounts.maxOpenOrders',
    'accounts.maxOpenPositions',
    'firm.maxOpenOrders',
    'firm.maxOpenPositions',
  ],
  onlyWith: ['maxOpenOrders', 'maxOpenPositions'],
  check(a) {
    // A modify and a fill open nothing: the order is counted already.
    if (a.mode !== 'NEW') return null;
    const { index, venue } = a.instrument;
    return (
      checkOrders(a.limits.strategy(a.strategy), 'strategy', a.world.table.openCountOfStrategy(a.strategy)) ??
      checkOrders(a.limits.account(index), 'account', openOrders(a, a.peers)) ??
      checkOrders(a.limits.firm, 'firm', openOrders(a, a.world.instruments)) ??
      checkPositions(a, a.limits.strategy(a.strategy), 'strategy', null, isHeldByStrategy) ??
      checkPositions(a, a.limits.account(index), 'account', venue, isHeld) ??
      checkPositions(a, a.limits.firm, 'firm', null, isHeld)
    );
  },
};

function checkOrders(limits: ScopeLimits, whose: string, open: number): Denial | null {
  const most = limits.maxOpenOrders;
  if (most === undefined) return null;
  const after = open + 1;
  if (after <= most) return null;
  return deny('C-17', 'MAX_OPEN_ORDERS', `The ${whose} would have too many open orders.`, String(most), String(after), 'orders');
}

function openOrders(a: Assessment, instruments: readonly Instrument[]): number {
  let count = 0;
  for (const { index } of instruments) count += a.world.table.openCount(index);
  return count;
}

type IsHeld = (a: Assessment, instrument: InstrumentIndex) => boolean;

function checkPositions(a: Assessment, limits: ScopeLimits, whose: string, venue: string | null, held: IsHeld): Denial | null {
  const most = limits.maxOpenPositions;
  if (most === undefined || held(a, a.instrument.index)) return null;
  let after = 1;
  for (const instrument of a.world.instruments) {
    if ((venue === null || instrument.venue === venue) && held(a, instrument.index)) after += 1;
  }
  if (after <= most) return null;
  const sentence = `The ${whose} would hold positions in too many instruments.`;
  return deny('C-17', 'MAX_OPEN_POSITIONS', sentence, String(most), String(after), 'positions');
}

function isHeld(a: Assessment, instrument: InstrumentIndex): boolean {
  if (a.world.portfolio.netQty(instrument) !== 0 || a.world.table.openCount(instrument) > 0) return true;
  // Strategies that offset each other net to nothing and still hold two positions that may come apart.
  for (let strategy = 0; strategy < a.world.strategyCount; strategy += 1) {
    if (a.world.portfolio.strategyQty(strategy, instrument) !== 0) return true;
  }
  return false;
}

function isHeldByStrategy(a: Assessment, instrument: InstrumentIndex): boolean {
  const { portfolio, table } = a.world;
  return (
    portfolio.strategyQty(a.strategy, instrument) !== 0 ||
    table.openBuyQtyOf(a.strategy, instrument) > 0 ||
    table.openSellQtyOf(a.strategy, instrument) > 0
  );
}
