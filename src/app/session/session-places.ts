import path from 'node:path';
import type { SessionDesk } from './session-desk.ts';
import { countText } from '../terminal/number-text.ts';
import type { DatabaseSettings } from '../../adapters/postgres/database-settings.ts';
import { unreachable } from '../../base/assert.ts';
import { TRADING_STATE_NAMES, TradingState, type TradingSwitch } from '../../model/trading-state.ts';
import type { SessionView } from '../../ports/session-view.ts';
import type { Session, SessionPhase } from '../../runtime/session/session.ts';
import type { SessionPlan } from '../../runtime/session/session-plan.ts';

/** Where a person looks first, and how they get in. */
export function deskLines({ url, signIn }: SessionDesk): readonly string[] {
  return [`dashboard ${url}`, `sign in   ${signIn}`];
}

export function databaseText(settings: DatabaseSettings): string {
  if (settings.kind === 'SERVER') return settings.place;
  const fromHere = path.relative(process.cwd(), settings.folder);
  return `${fromHere.startsWith('..') ? settings.folder : fromHere} (embedded)`;
}

interface Phased {
  readonly session: Pick<Session, 'lastTs'>;
  readonly plan: Pick<SessionPlan, 'tradingFromTs'>;
  /** Inputs of the journal that was found. */
  readonly inputsFound: number;
  readonly view: Pick<SessionView, 'tradingSwitches'>;
}

/** What is said when a session comes into a phase. */
export function phaseLines(phase: SessionPhase, { session, plan, inputsFound, view }: Phased): readonly string[] {
  switch (phase) {
    case 'RECOVERING':
      return [`Replaying ${countText(inputsFound)} inputs of the journal`];
    case 'WARMING_UP':
      return session.lastTs < plan.tradingFromTs ? ['Playing history, so that strategies are warm and charts full'] : [];
    case 'RUNNING':
      return [`  trading   ${tradingText(view.tradingSwitches())}`, 'Trading; Ctrl-C ends it'];
    case 'STOPPED':
      return [];
    case 'FAILED':
      return ['Failed'];
    default:
      return unreachable(phase);
  }
}

function tradingText(switches: readonly TradingSwitch[]): string {
  const { state, isKilled } = switches.find(({ scope }) => scope.kind === 'FIRM') ?? { state: TradingState.ACTIVE, isKilled: false };
  const parts = switches.filter(({ scope }) => scope.kind !== 'FIRM').length;
  const killed = isKilled ? ', by the kill switch: release it on the page Risk' : '';
  return `${TRADING_STATE_NAMES[state]}${killed}${parts === 0 ? '' : `; ${parts} of its parts not freely (page Risk)`}`;
}
