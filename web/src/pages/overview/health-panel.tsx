import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

/** A word's color by what it says. */
export const HEALTH_CLASSES = { OK: 'muted', DEGRADED: 'warning-text', DOWN: 'danger-text', ABSENT: 'muted' } as const;

export function HealthPanel() {
  const parts = useTopic(desk.health)?.components ?? [];
  const ill = parts.filter((part) => part.state === 'DOWN' || part.state === 'DEGRADED').length;
  return (
    <Panel title="Health" note={ill === 0 ? 'all well' : `${ill} of ${parts.length} not well`} className="health">
      {parts.length === 0 ? (
        <Empty title="No report yet." />
      ) : (
        <ul className="health-words">
          {parts.map(({ name, state, detail }) => (
            <li key={name} title={detail}>
              <span className={`dot ${state.toLowerCase()}`} />
              <span className={HEALTH_CLASSES[state] === 'muted' ? '' : HEALTH_CLASSES[state]}>
                {name}
                {state === 'OK' ? '' : ` ${state.toLowerCase()}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
