import { ClosedTrades } from './closed-trades.ts';
import { EquityCurve, type EquityCurveState } from './equity-curve.ts';
import type { AccountDefinition } from '../../../model/account.ts';
import { DAY_US } from '../../../model/civil-date.ts';
import { type Money, moneyApprox } from '../../../model/currency.ts';
import type { BalanceState, EquitySample } from '../../../model/session-output.ts';
import type { AccountView, CurveView, MetricsView } from '../../../ports/session-view.ts';
import { resolveConventions } from '../../../research/conventions.ts';
import { computeStatistics, undefinedStatistics } from '../../../research/run-statistics.ts';

/** Figures that need what the view does not keep: the bars of entry and exit, a benchmark, the traded value. */
const LEFT_OUT = new Set(['exposure', 'annualTurnover', 'buyAndHoldReturn', 'alpha', 'beta', 'startTs', 'endTs']);

export interface AccountShelfState {
  readonly balances: readonly BalanceState[];
  readonly curve: EquityCurveState;
  readonly equity: EquitySample | null;
  readonly equityStart: Money | null;
  readonly equityDayStart: Money | null;
  readonly day: number;
}

/** One account: balances by currency, equity, and what statistics are made of. */
export class AccountShelf {
  readonly trades = new ClosedTrades();
  private readonly index: number;
  private readonly account: AccountDefinition;
  private readonly tradingFromTs: number;
  private readonly balances = new Map<string, BalanceState>();
  private readonly curve = new EquityCurve();
  private equity: EquitySample | null = null;
  private equityStart: Money | null = null;
  private equityDayStart: Money | null = null;
  private day = Number.NEGATIVE_INFINITY;

  constructor(index: number, account: AccountDefinition, tradingFromTs: number) {
    this.index = index;
    this.account = account;
    this.tradingFromTs = tradingFromTs;
    for (const { currency, amount } of account.openingBalances)
      this.balances.set(currency.code, { account: index, currency: currency.code, total: amount, locked: null, free: null });
  }

  /** All but the trades, which are saved by themselves: there are many. */
  saveState(): AccountShelfState {
    const { equity, equityStart, equityDayStart, day } = this;
    return { balances: [...this.balances.values()], curve: this.curve.saveState(), equity, equityStart, equityDayStart, day };
  }

  loadState({ balances, curve, equity, equityStart, equityDayStart, day }: AccountShelfState): void {
    for (const balance of balances) this.balances.set(balance.currency, balance);
    this.curve.loadState(curve);
    this.equity = equity;
    this.equityStart = equityStart;
    this.equityDayStart = equityDayStart;
    this.day = day;
  }

  setBalance(balance: BalanceState): void {
    this.balances.set(balance.currency, balance);
  }

  addEquity(sample: EquitySample): void {
    // What a day begins with is what the one before it ended with.
    const day = Math.floor(sample.ts / DAY_US);
    if (day > this.day) this.equityDayStart = this.equity?.amount ?? sample.amount;
    this.day = day;
    if (this.equityStart === null && sample.ts >= this.tradingFromTs) {
      this.equityStart = this.equity?.amount ?? sample.amount;
      this.equityDayStart = this.equityStart;
    }
    this.equity = sample;
    if (sample.ts >= this.tradingFromTs) this.curve.add(sample.ts, moneyApprox(sample.amount, this.account.baseCurrency));
  }

  get view(): AccountView {
    const { venue, type, baseCurrency } = this.account;
    const { index, equity, equityStart, equityDayStart } = this;
    return { index, venue, type, baseCurrency, balances: [...this.balances.values()], equity, equityStart, equityDayStart };
  }

  get equityCurve(): CurveView {
    return this.curve.view;
  }

  metrics(): MetricsView {
    const { ts, value } = this.curve.view;
    if (ts.length === 0 || !(value[0]! > 0)) return { values: {}, reasons: {} };
    const equity = { ts: Float64Array.from(ts), value: Float64Array.from(value) };
    const statistics = computeStatistics({ equity, trades: this.trades.trades });
    const values = Object.entries(statistics).filter(([name]) => !LEFT_OUT.has(name));
    const reasons = Object.entries(undefinedStatistics(equity, resolveConventions())).filter(([name]) => !LEFT_OUT.has(name));
    return { values: Object.fromEntries(values) as Record<string, number>, reasons: Object.fromEntries(reasons) };
  }
}
