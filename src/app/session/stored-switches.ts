import type { SessionFacts } from '../../model/session-output.ts';
import { TradingState, type TradingScope, type TradingSwitch } from '../../model/trading-state.ts';
import type { TradingSwitchRecord } from '../../ports/trading-records.ts';

/** Scopes that do not trade freely, from their names in a database to their places in the session. What the session has no place for is left out. */
export function storedSwitches(
  records: readonly TradingSwitchRecord[],
  facts: Pick<SessionFacts, 'strategies' | 'instruments'>,
): readonly TradingSwitch[] {
  return records.flatMap(({ scopeKind, subject, state, isKilled, isFlattening }) => {
    const scope = scopeOf(scopeKind, subject, facts);
    const known = TradingState[state as keyof typeof TradingState] as TradingState | undefined;
    return scope === null || known === undefined ? [] : [{ scope, state: known, isKilled, isFlattening }];
  });
}

function scopeOf(
  kind: string,
  subject: string,
  { strategies, instruments }: Pick<SessionFacts, 'strategies' | 'instruments'>,
): TradingScope | null {
  switch (kind) {
    case 'FIRM':
      return { kind };
    case 'ACCOUNT':
      return { kind, venue: subject };
    case 'STRATEGY': {
      const strategy = strategies.findIndex(({ name }) => name === subject);
      return strategy < 0 ? null : { kind, strategy };
    }
    case 'INSTRUMENT': {
      const instrument = instruments.findIndex(({ id }) => id === subject);
      return instrument < 0 ? null : { kind, instrument };
    }
    default:
      return null;
  }
}
