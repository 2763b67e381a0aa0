import { momentText } from '../../numbers/time-text.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { serverNow } from '../../state/now.ts';
import { useTopic } from '../../state/topic.ts';

const SHOWN_MAX = 30;

/** What a person should look at, the newest first. */
export function AlertsPanel() {
  const alerts = useTopic(desk.alerts);
  return (
    <Panel title="Alerts" note={alerts.length === 0 ? undefined : `${alerts.length}`} className="alerts">
      {alerts.length === 0 ? (
        <Empty title="No alerts." />
      ) : (
        <ul className="alert-list">
          {alerts.slice(0, SHOWN_MAX).map(({ sequence, tsInit, code, message }) => (
            <li key={sequence}>
              <span className="muted">{momentText(tsInit, serverNow())}</span> <span className="warning-text code">{code}</span> {message}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
