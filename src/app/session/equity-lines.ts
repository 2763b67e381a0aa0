import { formatDecimalShort } from '../../base/decimal.ts';
import { instantText } from '../../model/instant.ts';
import type { SessionOutput } from '../../model/session-output.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SessionPlan } from '../../runtime/session/session-plan.ts';

/** An account is told no more often, by the clock: at a high speed its samples would fill the terminal. */
const PAUSE_US = 10_000_000;

/** What the accounts are worth since trading began, as lines for a terminal: where that has changed, and not too often. */
export class EquityLines {
  private readonly plan: SessionPlan;
  private readonly clock: Pick<Clock, 'now'>;
  /** By account. */
  private readonly told = new Map<number, { readonly amount: bigint; readonly clockTs: number }>();

  constructor(plan: SessionPlan, clock: Pick<Clock, 'now'>) {
    this.plan = plan;
    this.clock = clock;
  }

  of({ ts: outputTs, equity }: Pick<SessionOutput, 'ts' | 'equity'>): readonly string[] {
    if (outputTs <= this.plan.tradingFromTs) return [];
    const lines: string[] = [];
    for (const { account, ts, amount } of equity) {
      const told = this.told.get(account);
      const clockTs = this.clock.now();
      if (told !== undefined && (told.amount === amount || clockTs - told.clockTs < PAUSE_US)) continue;
      this.told.set(account, { amount, clockTs });
      const { venue, baseCurrency } = this.plan.accounts[account]!;
      lines.push(`${instantText(ts)}  ${venue}: equity ${formatDecimalShort(amount, baseCurrency.decimals)} ${baseCurrency.code}`);
    }
    return lines;
  }
}
