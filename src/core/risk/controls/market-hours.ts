import { MarketPhase } from '../../../model/market-phase.ts';
import { OrderFlag } from '../../../model/order.ts';
import { deny, type Control } from '../control.ts';

/**
 * C-20: nothing is sent to a market that the venue has halted or closed; nor, where the limits say so, outside the sessions of the instrument's calendar
 * and during auctions. Orders that reduce are denied too: what keeps the way out shut is the market. What flattens after a kill passes.
 */
export const MARKET_HOURS: Control = {
  id: 'C-20',
  name: 'market hours, halts and auctions',
  codes: ['MARKET_CLOSED'],
  parameters: ['denyWhenClosed', 'denyInAuction'].flatMap((name) => [`everyInstrument.${name}`, `instruments.${name}`]),
  onlyWith: null,
  check(a) {
    // A fill shows that the market is open.
    if (a.mode === 'FILL') return null;
    const { index, id } = a.instrument;
    const { hours } = a.world;
    const phase = hours.phase(index);
    const { denyWhenClosed, denyInAuction } = a.limits.instrument(index);
    if (phase === MarketPhase.TRADING && denyWhenClosed !== true) return null;
    if ((a.flags & OrderFlag.FLATTEN) !== 0 && a.mode === 'NEW') return null;
    if (phase === MarketPhase.HALTED) return deny('C-20', 'MARKET_CLOSED', `The venue has halted ${id}.`, 'TRADING', 'HALTED');
    if (phase === MarketPhase.CLOSED) return deny('C-20', 'MARKET_CLOSED', `The venue has closed ${id}.`, 'TRADING', 'CLOSED');
    if (phase === MarketPhase.AUCTION && denyInAuction === true)
      return deny('C-20', 'MARKET_CLOSED', `The venue holds an auction in ${id}.`, 'TRADING', 'AUCTION');
    if (denyWhenClosed !== true || hours.isOpen(index, a.ts)) return null;
    return deny('C-20', 'MARKET_CLOSED', `The market of ${id} is closed by its calendar.`, 'open', 'closed');
  },
};
