import { denialInfo } from './orders.ts';
import { limitScopeOf, moneyText, scopeOf, strategyName } from './names.ts';
import { formatDecimalShort } from '../../../base/decimal.ts';
import type { LogLineInfo } from '../../../contract/api/operations.ts';
import type { AlertInfo, RiskState, Scenarios, TradingStateInfo, TradingSwitchInfo } from '../../../contract/api/risk.ts';
import type { StrategyInfo } from '../../../contract/api/strategies.ts';
import type { Alert, LogLine } from '../../../model/events.ts';
import { TRADING_STATE_NAMES } from '../../../model/trading-state.ts';
import type { Numbered, SessionView, StrategyView } from '../../../ports/session-view.ts';

/** Denials and alerts that the state of risk shows. */
const NOTES_SHOWN = 20;
const PPM_DECIMALS = 6;

export function tradingState(view: SessionView): TradingStateInfo {
  const switches = view.tradingSwitches().map(
    ({ scope, state, isKilled, isFlattening }): TradingSwitchInfo => ({
      scope: scopeOf(view, scope),
      state: TRADING_STATE_NAMES[state] as TradingSwitchInfo['state'],
      isKilled,
      isFlattening,
    }),
  );
  const firm = switches.find(({ scope }) => scope.kind === 'FIRM');
  return { state: firm?.state ?? 'ACTIVE', isKilled: firm?.isKilled ?? false, switches };
}

export function alertInfo({ sequence, item }: Numbered<Alert>): AlertInfo {
  return { sequence, code: item.code, message: item.message, tsInit: item.tsInit };
}

export function riskState(view: SessionView): RiskState {
  return {
    tradingState: tradingState(view),
    limits: view.limits().map((limit) => ({ ...limit, target: limitScopeOf(view, limit.target) })),
    denials: view.denials({ limit: NOTES_SHOWN }).items.map((item) => denialInfo(view, item)),
    alerts: view.alerts({ limit: NOTES_SHOWN }).items.map(alertInfo),
  };
}

export function strategyInfo(view: SessionView, strategy: StrategyView): StrategyInfo {
  const { name, source, state, isManual, instruments, descriptors } = strategy;
  return {
    strategy: name,
    source,
    status: state.status,
    reason: state.reason,
    isManual,
    instruments: instruments.map((index) => view.instruments[index]!.id),
    parameters: { ...state.parameters },
    descriptors: Object.fromEntries(
      Object.entries(descriptors).map(([key, each]) => [
        key,
        each.type === 'choice' ? { ...each, choices: [...each.choices] } : { ...each },
      ]),
    ),
  };
}

export function logLine(view: SessionView, { sequence, item }: Numbered<LogLine>): LogLineInfo {
  return { sequence, strategy: strategyName(view, item.strategy), level: item.level, message: item.message, tsInit: item.tsInit };
}

export function scenarioTables(view: SessionView): Scenarios {
  const { shocksPpm, currencies } = view.scenarios();
  return {
    shocks: shocksPpm.map((shock) => formatDecimalShort(shock, PPM_DECIMALS)),
    currencies: currencies.map(({ currency, rows, historical }) => ({
      currency: currency.code,
      rows: rows.map(({ instrument, value, pnl }) => ({
        instrument: instrument === null ? null : view.instruments[instrument]!.id,
        value: moneyText(currency, value),
        pnl: pnl.map((amount) => moneyText(currency, amount)),
      })),
      historical,
    })),
  };
}
