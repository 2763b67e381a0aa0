import { createHash } from 'node:crypto';
import path from 'node:path';
import type { SessionFacts } from '../../model/session-output.ts';
import { OPERATOR_NAME, type SessionPlan } from '../../runtime/session/session-plan.ts';

/** Hexadecimal digits of the plan's hash in the id of a session. */
const HASH_DIGITS = 12;

/**
 * What a database knows a session by: the name of its folder, for people, and a hash of what it was begun with, so that sessions whose folders have the
 * same name share a database without sharing rows, one that was begun anew in its folder too. The same at every start of a session.
 *
 * The hash is of texts and numbers that tell sessions apart, not of the journal's bytes: those depend on how the runtime holds and writes a value.
 */
export function sessionIdOf({ version, name, identity, startTs, tradingFromTs, begunTs }: SessionPlan, folder: string): string {
  const begun = JSON.stringify([version, name, identity, startTs, tradingFromTs, begunTs ?? null]);
  const hash = createHash('sha256').update(begun).digest('hex').slice(0, HASH_DIGITS);
  return `${path.basename(path.resolve(folder))}-${hash}`;
}

/** The names and scales of a session's outputs. */
export function sessionFacts(plan: SessionPlan, folder: string): SessionFacts {
  const sessionId = sessionIdOf(plan, folder);
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
