import { useState } from 'react';
import type { StrategyInfo } from '../../../../src/contract/api/strategies.ts';
import { startStrategy } from '../../api/commands.ts';
import { clockText } from '../../numbers/time-text.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';
import { ParameterForm } from './parameter-form.tsx';
import { StopDialog } from './stop-dialog.tsx';
import { StrategyStatus } from './strategy-list.tsx';

const LOG_SHOWN_MAX = 100;

/** One strategy: what it is doing, why, and how to change that. */
export function StrategyDetail({ strategy }: { readonly strategy: StrategyInfo }) {
  const log = useTopic(desk.log).filter((line) => line.strategy === strategy.strategy);
  const [isStopping, setStopping] = useState(false);
  return (
    <>
      <Panel
        title={strategy.strategy}
        note={strategy.source}
        className="strategy-detail"
        controls={
          strategy.isManual ? null : (
            <>
              <StrategyStatus strategy={strategy} />
              {strategy.status === 'RUNNING' ? (
                <button type="button" onClick={() => setStopping(true)}>
                  Stop…
                </button>
              ) : (
                <button type="button" onClick={() => void startStrategy(strategy.strategy)}>
                  Start
                </button>
              )}
            </>
          )
        }
      >
        {strategy.reason === '' ? null : <p className={strategy.status === 'FAILED' ? 'refusal' : 'muted'}>{strategy.reason}</p>}
        <p className="muted">Trades {strategy.instruments.join(', ') || 'nothing yet'}</p>
        {strategy.isManual ? (
          <Empty title="Orders by hand belong here." next="Press b or s for a ticket." />
        ) : (
          <ParameterForm key={JSON.stringify(strategy.parameters)} strategy={strategy} />
        )}
      </Panel>
      <Panel title="What it said" note={`${log.length} lines in sight`} className="strategy-log">
        {log.length === 0 ? (
          <Empty title="It has written nothing yet." next="Strategies write with this.log and this.warn." />
        ) : (
          <ul className="alert-list">
            {log.slice(0, LOG_SHOWN_MAX).map((line) => (
              <li key={line.sequence}>
                <span className="muted">{clockText(line.tsInit)}</span>{' '}
                <span className={line.level === 'warn' ? 'warning-text' : ''}>{line.message}</span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {isStopping ? <StopDialog strategy={strategy} onClose={() => setStopping(false)} /> : null}
    </>
  );
}
