import { exactTimeText } from '../../numbers/time-text.ts';
import { decimalText } from '../../numbers/decimal-text.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';
import { HEALTH_CLASSES } from '../overview/health-panel.tsx';

export function ComponentsPanel() {
  const health = useTopic(desk.health);
  return (
    <Panel title="Components" note={health === null ? undefined : health.state.toLowerCase()} className="components">
      {health === null ? (
        <Empty title="No report yet." />
      ) : (
        <>
          <dl className="facts">
            <div>
              <dt>Session</dt>
              <dd>
                {health.session.name}, {health.session.mode.toLowerCase()}, {health.session.phase.toLowerCase().replace('_', ' ')}
              </dd>
            </div>
            <div>
              <dt>Input</dt>
              <dd>
                {decimalText(String(health.session.sequence))} at {exactTimeText(health.session.ts).slice(11)}
              </dd>
            </div>
          </dl>
          <ul className="health-list">
            {health.components.map(({ name, state, detail }) => (
              <li key={name}>
                <span className={`dot ${state.toLowerCase()}`} />
                <span>{name}</span>
                <span className={HEALTH_CLASSES[state]}>
                  {state === 'OK' ? detail : `${state.toLowerCase()}${detail === '' ? '' : `: ${detail}`}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
