import { rescale } from '../../../base/decimal.ts';
import { bigOf } from '../../../base/exact-integer.ts';
import type { Money } from '../../../model/currency.ts';
import type { Instrument, Quantity } from '../../../model/instrument.ts';
import { Side } from '../../../model/order.ts';
import { profitOf } from '../../../model/valuation.ts';
import type { Assessment } from '../assessment.ts';
import { deny, denyMissing, denyMoney, type Control, type Denial, type RiskCode } from '../control.ts';

const PPM = 1_000_000n;

/**
 * C-14: the account can bear the order beside everything else in flight.
 *
 * Cash account: a buy needs value and fee in quote money, a sale needs the quantity itself, beside what the account's other open orders
 * need of the same. Margin account: the initial margin of the worst position on the order's side and the fees fit into the free margin;
 * an order that does not raise that worst case passes, and one that leads through zero to no more than is held, for less margin. It walks
 * the open orders of the account, which C-17 bounds.
 */
export const FREE_BALANCE: Control = {
  id: 'C-14',
  name: 'free balance and margin',
  codes: ['NOTIONAL_EXCEEDS_FREE_BALANCE', 'MARGIN_EXCEEDS_FREE_BALANCE', 'REFERENCE_PRICE_MISSING', 'CURRENCY_RATE_MISSING'],
  parameters: ['accounts.balanceBufferPpm'],
  onlyWith: null,
  check(a) {
    const { isDelivered, venue, id } = a.instrument;
    if (a.world.portfolio.accountKind(venue) !== 'CASH') return checkMargin(a);
    // A run file that says so is refused; nothing else may let it through either.
    if (!isDelivered) return deny('C-14', 'MARGIN_EXCEEDS_FREE_BALANCE', `${id} is held on margin, and the account is a cash account.`);
    return a.isBuy ? checkCash(a) : checkHolding(a);
  },
};

function checkCash(a: Assessment): Denial | null {
  const { instrument } = a;
  const price = a.orderPrice();
  if (price === null) return denyMissing(a, 'C-14');
  const own = a.valueOf(instrument, price, a.sizedQty) + feeOf(a, instrument, Side.BUY, a.sizedQty, price);
  const others = cashOfOtherBuys(a);
  if (others === null) return denyMissing(a, 'C-14');
  const limit = { amount: a.world.portfolio.freeCash(instrument.venue, instrument.quote), currency: instrument.quote };
  const needed = buffered(a, own) + others;
  if (needed <= limit.amount) return null;
  return denied('NOTIONAL_EXCEEDS_FREE_BALANCE', 'The account lacks the money for this purchase beside its open orders.', limit, needed);
}

/** Value and fees of the other open buys of the account that pay in the same currency. */
function cashOfOtherBuys(a: Assessment): Money | null {
  const { table } = a.world;
  let sum = 0n;
  for (const instrument of a.peers) {
    if (!instrument.isDelivered || instrument.quote.code !== a.instrument.quote.code) continue;
    if (table.openBuyQty(instrument.index) === 0) continue;
    for (let id = table.firstOpen(instrument.index); id !== 0; id = table.nextOpen(id)) {
      if (id === a.id || table.side[id] !== Side.BUY) continue;
      const price = a.workingPrice(id);
      if (price === null) return null;
      const quantity = table.reservedSizedQty(id);
      sum += a.valueOf(instrument, price, quantity) + feeOf(a, instrument, Side.BUY, quantity, price);
    }
  }
  return sum;
}

/** What is sold must be there: the balance of the base, beside what other open orders sell of it. */
function checkHolding(a: Assessment): Denial | null {
  const { table, portfolio } = a.world;
  const { base, venue } = a.instrument;
  let needed = baseAmount(a.instrument, a.sizedQty - a.ownSizedQty);
  for (const instrument of a.peers) {
    if (!instrument.isDelivered || instrument.base.code !== base.code) continue;
    needed += baseAmount(instrument, table.sizedSellQty(instrument.index));
  }
  const limit = { amount: portfolio.freeCash(venue, base), currency: base };
  if (needed <= limit.amount) return null;
  return denied('NOTIONAL_EXCEEDS_FREE_BALANCE', 'The account lacks the quantity to sell beside its open orders.', limit, needed);
}

function baseAmount(instrument: Instrument, quantity: Quantity): Money {
  const decimals = instrument.quantityDecimals + instrument.multiplierDecimals;
  return rescale(bigOf(quantity) * bigOf(instrument.multiplier), decimals, instrument.base.decimals, 'up');
}

function checkMargin(a: Assessment): Denial | null {
  const { instrument } = a;
  const { index, venue } = instrument;
  const { portfolio, table } = a.world;
  const net = portfolio.netQty(index);
  const buys = table.sizedBuyQty(index);
  const sells = table.sizedSellQty(index);
  const held = a.side * net + (a.isBuy ? buys : sells);
  const before = a.mode === 'FILL' ? held - a.ownSizedQty : held;
  const worst = held - a.ownSizedQty + a.sizedQty;
  // The order's side alone: what it reverses is given back when it fills, and the other side was judged with its own orders.
  if (worst <= Math.max(0, before)) return null;
  const price = a.orderPrice();
  if (price === null) return denyMissing(a, 'C-14');
  const ownSide = a.isBuy ? Side.BUY : Side.SELL;
  const otherBuys = a.isBuy ? buys - a.ownSizedQty : buys;
  const otherSells = a.isBuy ? sells : sells - a.ownSizedQty;
  if (isSurelyBorne(a, price, worst, otherBuys, otherSells)) return null;
  const settled = feeOf(a, instrument, ownSide, a.sizedQty, price) + feesOf(a, instrument, otherBuys, otherSells, price);
  const free = freeMarginAt(a, price, net);
  const fees = a.convert(settled, instrument.settlement, portfolio.accountCurrency(venue));
  if (free === null || fees === null) return denyMissing(a, 'C-14');
  const others = marginOfOthers(a);
  if (others === null) return denyMissing(a, 'C-14');
  const mark = markOr(a, index, price);
  const own = buffered(a, portfolio.marginFor(index, price, a.side * worst) - portfolio.marginFor(index, mark, net) + fees);
  // Through zero to no more than is held now, and for less margin: a way out, which a want of margin does not bar.
  if (own <= 0n && worst <= -a.side * net) return null;
  const needed = own + others;
  if (needed <= free) return null;
  const limit = { amount: free, currency: portfolio.accountCurrency(venue) };
  return denied('MARGIN_EXCEEDS_FREE_BALANCE', 'The account lacks the margin for the worst case of everything in flight.', limit, needed);
}

/** The quick yes: nothing else is open in the account, and the view sees beyond doubt that there is margin enough. */
function isSurelyBorne(a: Assessment, price: number, worst: Quantity, otherBuys: Quantity, otherSells: Quantity): boolean {
  const { table, portfolio, feeBound } = a.world;
  if (portfolio.surelyBears === undefined) return false;
  const { index } = a.instrument;
  const { peers, marginQuestion } = a;
  for (let place = 0; place < peers.length; place += 1) {
    const other = peers[place]!.index;
    if (other !== index && table.openCount(other) !== 0) return false;
  }
  marginQuestion.instrument = index;
  marginQuestion.price = price;
  marginQuestion.worstQty = worst;
  marginQuestion.fees = feeBound(a.instrument, price, a.sizedQty);
  if (otherBuys + otherSells !== 0)
    marginQuestion.fees += feeBound(a.instrument, price, otherBuys) + feeBound(a.instrument, price, otherSells);
  marginQuestion.bufferPpm = a.limits.account(index).balanceBufferPpm ?? 0;
  marginQuestion.isAtFill = a.fillPrice !== 0;
  return portfolio.surelyBears(marginQuestion);
}

/** Free margin, with the position of the instrument valued at the price of the fill where one is being judged. */
function freeMarginAt(a: Assessment, price: number, net: Quantity): Money | null {
  const { portfolio } = a.world;
  const { venue, index, settlement } = a.instrument;
  const free = portfolio.marginFree(venue);
  const mark = portfolio.markPrice(index);
  if (a.fillPrice === 0 || mark === 0 || net === 0 || mark === price) return free;
  const moved = a.convert(profitOf(a.instrument, mark, price, net), settlement, portfolio.accountCurrency(venue));
  return moved === null ? null : free + moved;
}

/** Margin and fees that the open orders of the account's other instruments could come to need, beyond what their positions use now. */
function marginOfOthers(a: Assessment): Money | null {
  const { table, portfolio } = a.world;
  const { venue, index } = a.instrument;
  let sum = 0n;
  for (const other of a.peers) {
    if (other.index === index || table.openCount(other.index) === 0) continue;
    const buys = table.sizedBuyQty(other.index);
    const sells = table.sizedSellQty(other.index);
    const price = a.valuationPrice(other.index);
    if (price === null) return null;
    const net = portfolio.netQty(other.index);
    const worst = net + buys >= sells - net ? net + buys : net - sells;
    const margin = portfolio.marginFor(other.index, price, worst) - portfolio.marginFor(other.index, price, net);
    const fees = a.convert(feesOf(a, other, buys, sells, price), other.settlement, portfolio.accountCurrency(venue));
    if (fees === null) return null;
    sum += (margin > 0n ? margin : 0n) + fees;
  }
  return sum;
}

function feesOf(a: Assessment, instrument: Instrument, buys: Quantity, sells: Quantity, price: number): Money {
  return feeOf(a, instrument, Side.BUY, buys, price) + feeOf(a, instrument, Side.SELL, sells, price);
}

/** A rebate is not counted on before it is paid. */
function feeOf(a: Assessment, instrument: Instrument, side: Side, quantity: Quantity, price: number): Money {
  if (quantity === 0) return 0n;
  const fee = a.world.estimateFee(instrument, side, quantity, price);
  return fee > 0n ? fee : 0n;
}

function markOr(a: Assessment, index: number, price: number): number {
  const mark = a.world.portfolio.markPrice(index);
  return mark !== 0 ? mark : price;
}

function buffered(a: Assessment, amount: Money): Money {
  const parts = a.limits.account(a.instrument.index).balanceBufferPpm ?? 0;
  if (parts === 0 || amount <= 0n) return amount;
  const ppm = bigOf(parts);
  return (amount * (PPM + ppm) + PPM - 1n) / PPM;
}

function denied(code: RiskCode, sentence: string, limit: Parameters<typeof denyMoney>[3], needed: Money): Denial {
  return denyMoney('C-14', code, sentence, limit, needed);
}
