import { percentText } from '../../numbers/decimal-text.ts';
import { UsageBar } from '../../parts/figures.tsx';
import { limitText } from '../risk/limits-panel.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { limitKey, usageOf } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

const SHOWN_MAX = 7;

/** The limits that are nearest to being reached, the nearest first; behind them those that stand for each order by itself, of which nothing is used. */
export function NearestLimits() {
  const limits = useTopic(desk.limits);
  const nearest = limits
    .map((limit) => ({ ...limit, share: usageOf(limit) }))
    .sort((a, b) => (b.share ?? -1) - (a.share ?? -1))
    .slice(0, SHOWN_MAX);
  return (
    <Panel
      title="Nearest limits"
      note={nearest.length < limits.length ? `${nearest.length} of ${limits.length} in force` : `${limits.length} in force`}
      className="nearest"
    >
      {nearest.length === 0 ? (
        <Empty title="No limit is in force." next="Limits stand under risk: of the run file." />
      ) : (
        <ul className="bars">
          {nearest.map((limit) => (
            <li key={limitKey(limit)}>
              <span className="bar-name">
                {limit.name} <span className="muted">{limit.scope}</span>
              </span>
              <span className="number">
                {limit.used === null ? <span className="muted">each order</span> : limitText(limit.used)}{' '}
                <span className="muted">/ {limitText(limit.limit)}</span>
              </span>
              <span className="number share">{percentText(limit.share, 0)}</span>
              <UsageBar share={limit.share} label={limit.share === null ? 'for each order' : `${percentText(limit.share, 0)} used`} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
