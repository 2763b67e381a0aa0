import type { TradingLoop } from '../trading-loop.ts';
import { isMoney } from '../../core/portfolio/account-valuation.ts';
import type { AccountIndex } from '../../model/account.ts';
import type { Recorded } from '../../model/events.ts';
import type { InstrumentIndex } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import type { PositionSnapshot } from '../../model/position.ts';
import type { TradingSwitch } from '../../model/trading-state.ts';
import type { BalanceState, EquitySample, LimitsInForce, OrderState, SessionOutput, StrategyState } from '../../model/session-output.ts';

/** Gathers what an input came to, so that whoever stands outside sees each changed thing once, as it is after the input. */
export class OutputCollector {
  private readonly loop: TradingLoop;
  private readonly strategyCount: number;
  private readonly records: Recorded[] = [];
  private readonly orderIds = new Set<ClientOrderId>();
  private readonly touched = new Set<InstrumentIndex>();
  private readonly accounts = new Set<AccountIndex>();
  private readonly strategies = new Map<number, StrategyState>();
  private readonly samples: EquitySample[] = [];
  private switchesTold: readonly TradingSwitch[];
  private limitsTold: LimitsInForce;

  constructor(loop: TradingLoop, strategyCount: number) {
    this.loop = loop;
    this.strategyCount = strategyCount;
    this.switchesTold = loop.engine.risk.tradingSwitches;
    this.limitsTold = loop.engine.risk.limits;
  }

  /** The loop goes on where another left off, between inputs: everything that it did was told. */
  goOn(): void {
    this.switchesTold = this.loop.engine.risk.tradingSwitches;
    this.limitsTold = this.loop.engine.risk.limits;
  }

  note(record: Recorded): void {
    this.records.push(record);
    switch (record.kind) {
      case 'LogLine':
      case 'Alert':
      case 'DataGap':
        return;
      case 'DividendPaid':
      case 'SplitEffective':
      case 'FundingApplied':
        return this.touch(record.instrument);
      case 'OrderFilled':
      case 'OrderPartiallyFilled':
        this.touch(record.instrument);
        this.orderIds.add(record.clientOrderId);
        return;
      default:
        this.orderIds.add(record.clientOrderId);
    }
  }

  /** Equity of every account at a point of the curve; one that cannot be valued has none. */
  noteSample(ts: number): void {
    const { valuation } = this.loop.engine.portfolio;
    for (let account = 0; account < this.loop.accountCount; account += 1) {
      const amount = valuation.equity(account);
      if (isMoney(amount)) this.samples.push({ account, ts, amount });
    }
  }

  noteStrategy(state: StrategyState): void {
    this.strategies.set(state.strategy, state);
  }

  /** @returns what has changed since the last call, which is forgotten */
  take(sequence: number, ts: number): SessionOutput {
    const output: SessionOutput = {
      sequence,
      ts,
      records: [...this.records],
      orders: [...this.orderIds].map((id) => this.order(id)),
      positions: this.positions(),
      balances: [...this.accounts].flatMap((account) => this.balances(account)),
      equity: [...this.samples],
      strategies: [...this.strategies.values()],
      ...this.tradingSwitches(),
      ...this.limits(),
    };
    this.records.length = 0;
    this.samples.length = 0;
    this.orderIds.clear();
    this.touched.clear();
    this.accounts.clear();
    this.strategies.clear();
    return output;
  }

  private tradingSwitches(): Pick<SessionOutput, 'tradingSwitches'> {
    const { tradingSwitches } = this.loop.engine.risk;
    if (this.switchesTold === tradingSwitches) return {};
    this.switchesTold = tradingSwitches;
    return { tradingSwitches };
  }

  private limits(): Pick<SessionOutput, 'limits'> {
    const { limits } = this.loop.engine.risk;
    if (this.limitsTold === limits) return {};
    this.limitsTold = limits;
    return { limits };
  }

  private touch(instrument: InstrumentIndex): void {
    this.touched.add(instrument);
    this.accounts.add(this.loop.engine.portfolio.accountOf(instrument));
  }

  private order(id: ClientOrderId): OrderState {
    const { avgPxDisplay: _, ...state } = this.loop.engine.orders.view(id)!;
    return state;
  }

  /** The positions of every strategy in an instrument that something happened to; one that is flat now is told as such. */
  private positions(): PositionSnapshot[] {
    if (this.touched.size === 0) return [];
    return this.loop.engine.portfolio.positions
      .positions()
      .filter(({ instrument, strategy }) => this.touched.has(instrument) && strategy < this.strategyCount);
  }

  private balances(account: AccountIndex): BalanceState[] {
    const { ledger, valuation } = this.loop.engine.portfolio;
    return ledger.cashRows(account).map(({ currency, balance }) => {
      const locked = valuation.locked(account, currency.code);
      const known = isMoney(locked) ? locked : null;
      return { account, currency: currency.code, total: balance, locked: known, free: known === null ? null : balance - known };
    });
  }
}
