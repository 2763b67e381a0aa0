import { useState } from 'react';
import type { TradingSwitchInfo } from '../../../../src/contract/api/risk.ts';
import { reduceOnlyTrading } from '../../api/commands.ts';
import { KillDialog } from '../../frame/kill-dialog.tsx';
import { ReleaseDialog } from '../../frame/release-dialog.tsx';
import { STATE_TONES } from '../../frame/top-bar.tsx';
import { Pill } from '../../parts/figures.tsx';
import { Panel } from '../../parts/panel.tsx';
import { scopeText } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

const MEANINGS = {
  ACTIVE: 'Orders are judged by the limits.',
  REDUCING: 'Only orders that reduce a position pass. Cancels always pass.',
  HALTED: 'No order passes, and nothing is modified. Cancels always pass.',
} as const;

/** Whether trading is permitted, and where it is not; and the switches. */
export function TradingPanel() {
  const trading = useTopic(desk.tradingState);
  const [isKilling, setKilling] = useState(false);
  const [released, setReleased] = useState<TradingSwitchInfo | null>(null);
  const state = trading?.state;
  return (
    <Panel title="Trading state" className="trading-state">
      {state === undefined || trading === null ? (
        <p className="muted">Not known yet.</p>
      ) : (
        <>
          <p>
            <Pill tone={STATE_TONES[state]}>{trading.isKilled ? 'KILLED' : state}</Pill> <span className="muted">firm</span>
          </p>
          <p className="muted">{MEANINGS[state]}</p>
          <ul className="switches">
            {trading.switches.map((row) => (
              <li key={scopeText(row.scope)}>
                <span>{scopeText(row.scope)}</span>
                <Pill tone={STATE_TONES[row.state]}>{row.isKilled ? 'KILLED' : row.state}</Pill>
                <span className="muted">{row.isFlattening ? 'flattening' : ''}</span>
                <button type="button" onClick={() => setReleased(row)}>
                  Release…
                </button>
              </li>
            ))}
          </ul>
          {trading.switches.length === 0 ? <p className="muted">No strategy, account or instrument is held back.</p> : null}
          <div className="buttons">
            <button type="button" disabled={state !== 'ACTIVE'} onClick={() => void reduceOnlyTrading('')}>
              Reduce only
            </button>
            <button type="button" className="danger" disabled={trading.isKilled} onClick={() => setKilling(true)}>
              Kill switch…
            </button>
          </div>
        </>
      )}
      {isKilling ? <KillDialog onClose={() => setKilling(false)} /> : null}
      {released === null ? null : <ReleaseDialog scope={released.scope} isKilled={released.isKilled} onClose={() => setReleased(null)} />}
    </Panel>
  );
}
