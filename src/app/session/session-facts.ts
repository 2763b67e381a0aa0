import path from 'node:path';
import type { SessionFacts } from '../../model/session-output.ts';
import { OPERATOR_NAME, type SessionPlan } from '../../runtime/session/session-plan.ts';

/** The names and scales of a session's outputs. Its folder names it. */
export function sessionFacts(plan: SessionPlan, folder: string): SessionFacts {
  const sessionId = path.basename(path.resolve(folder));
  const currencies = new Map(
    [
      ...plan.instruments.flatMap(({ base, quote, settlement }) => [base, quote, settlement]),
      ...plan.accounts.map(({ baseCurrency }) => baseCurrency),
    ].map((currency) => [currency.code, currency]),
  );
  return {
    sessionId,
    name: plan.name,
    mode: 'PAPER',
    startedTs: plan.tradingFromTs,
    instruments: plan.instruments,
    strategies: [
      ...plan.strategies.map(({ name, source }) => ({
        name,
        source: source.kind === 'shipped' ? source.name : source.entry,
        bundleHash: source.kind === 'shipped' ? '' : source.hash,
      })),
      { name: OPERATOR_NAME, source: OPERATOR_NAME, bundleHash: '' },
    ],
    accounts: plan.accounts.map(({ venue, type, baseCurrency }) => ({ venue, type, baseCurrency })),
    currencies: [...currencies.values()],
  };
}
