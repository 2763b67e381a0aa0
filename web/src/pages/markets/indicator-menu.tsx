import { INDICATORS } from '../../charts/indicator-lines.ts';

/** Which indicators are drawn; those beneath the line get a pane of their own. */
export function IndicatorMenu({
  chosen,
  onChange,
}: {
  readonly chosen: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
}) {
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <details className="menu">
      <summary>Indicators {chosen.length === 0 ? '' : chosen.length}</summary>
      <ul>
        {INDICATORS.map(({ id, title, isOverlay }) => (
          <li key={id} className={isOverlay ? '' : 'own-pane'}>
            <label className="check">
              <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
              {title}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
