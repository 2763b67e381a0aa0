import type { AlertInfo } from '../../../../src/contract/api/risk.ts';
import { momentText } from '../../numbers/time-text.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { machineNow } from '../../state/now.ts';
import { useTopic } from '../../state/topic.ts';

const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  KILL_SWITCH_ON: ['Killed', 'danger-text'],
  KILL_SWITCH_OFF: ['Released', ''],
  TRADING_STATE_CHANGED: ['Changed', 'warning-text'],
};

export function isOfSwitches({ code }: AlertInfo): boolean {
  return code in WORDS;
}

/** When trading was held back or let go, of what, by whom, and why: the newest first. */
export function SwitchHistory() {
  const alerts = useTopic(desk.alerts).filter(isOfSwitches);
  return (
    <Panel title="History of switches" note="who, and why" className="switch-history">
      {alerts.length === 0 ? (
        <Empty title="No switch was moved." next="Kills, releases and changes of the trading state are listed here." />
      ) : (
        <ul className="alert-list">
          {alerts.map(({ sequence, code, message, tsInit }) => (
            <li key={sequence}>
              <span className="muted">{momentText(tsInit, machineNow())}</span>{' '}
              <strong className={WORDS[code]![1]}>{WORDS[code]![0]}</strong> {message}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
