import type { RunInfo } from '../../../../src/contract/api/operations.ts';
import { PATHS } from '../../api/paths.ts';
import { decimalText } from '../../numbers/decimal-text.ts';
import { exactTimeText } from '../../numbers/time-text.ts';
import { Drawer } from '../../parts/overlay.tsx';

/** `maxDrawdown` as `Max drawdown`. */
function words(name: string): string {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function figureText(value: number | null): string {
  if (value === null) return '–';
  return decimalText(Number.isInteger(value) ? String(value) : value.toFixed(4));
}

/** Everything that is known of a run without opening its report. */
export function RunDrawer({ run, onClose }: { readonly run: RunInfo; readonly onClose: () => void }) {
  return (
    <Drawer title={run.name} onClose={onClose}>
      <dl className="facts">
        <div>
          <dt>Id</dt>
          <dd className="code">{run.run}</dd>
        </div>
        <div>
          <dt>Kind</dt>
          <dd>{run.kind}</dd>
        </div>
        <div>
          <dt>Set</dt>
          <dd>{run.note || 'as the run file says'}</dd>
        </div>
        <div>
          <dt>Started</dt>
          <dd>{exactTimeText(run.tsStarted).slice(0, 19)}</dd>
        </div>
        <div>
          <dt>Status</dt>
          <dd>{run.status}</dd>
        </div>
        <div>
          <dt>Digest</dt>
          <dd className="code">{run.digest}</dd>
        </div>
      </dl>
      {run.hasReport ? (
        <p>
          <a href={PATHS.runReport(run.run)} target="_blank" rel="noreferrer">
            Open the report
          </a>
        </p>
      ) : (
        <p className="muted">No report was kept. quanthybrid backtest RUN.yaml --keep writes one.</p>
      )}
      <h3>Figures</h3>
      <dl className="facts">
        {Object.entries(run.figures).map(([name, value]) => (
          <div key={name}>
            <dt>{words(name)}</dt>
            <dd>{figureText(value)}</dd>
          </div>
        ))}
      </dl>
    </Drawer>
  );
}
