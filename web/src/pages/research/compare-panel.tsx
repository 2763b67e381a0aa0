import type { RunInfo } from '../../../../src/contract/api/operations.ts';
import { doubleText, percentText } from '../../numbers/decimal-text.ts';
import { Panel, ScrollRegion } from '../../parts/panel.tsx';
import { shortNote } from './run-columns.tsx';

/** Runs side by side: as many as there are strokes to tell them apart. */
export const COMPARED_MAX = 4;
const STROKES = ['none', '6 3', '2 2', '8 2 2 2'] as const;
const WIDTH = 600;
const HEIGHT = 160;

type Show = (value: number | null) => string;
const percent: Show = (value) => percentText(value, 2);
const FIGURES: readonly (readonly [name: string, title: string, show: Show])[] = [
  ['totalReturn', 'Return', (value) => percentText(value, 2, true)],
  ['sharpeRatio', 'Sharpe', (value) => doubleText(value, 2)],
  ['sortinoRatio', 'Sortino', (value) => doubleText(value, 2)],
  ['maxDrawdown', 'Max drawdown', percent],
  ['valueAtRisk95', 'Value at risk 95 %', percent],
  ['winRate', 'Win rate', percent],
  ['profitFactor', 'Profit factor', (value) => doubleText(value, 2)],
  ['tradeCount', 'Trades', (value) => doubleText(value, 0)],
];

/** Growth of each run from its own begin to its own end: one width for all, whatever time they cover. */
function GrowthChart({ runs }: { readonly runs: readonly RunInfo[] }) {
  const curves = runs.map(({ equity }) => equity.map((value) => value / equity[0]! - 1));
  const all = [0, ...curves.flat()].filter(Number.isFinite);
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const y = (value: number) => (4 + (1 - (value - low) / span) * (HEIGHT - 8)).toFixed(1);
  return (
    <figure className="growth">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Growth of each run from its begin to its end"
      >
        <line x1={0} x2={WIDTH} y1={y(0)} y2={y(0)} className="zero" vectorEffect="non-scaling-stroke" />
        {curves.map((curve, at) => (
          <polyline
            key={runs[at]!.run}
            points={curve.map((value, index) => `${((index / Math.max(1, curve.length - 1)) * WIDTH).toFixed(1)},${y(value)}`).join(' ')}
            fill="none"
            stroke="currentColor"
            strokeDasharray={STROKES[at]}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <figcaption className="muted">
        Growth, {percentText(low, 1, true)} to {percentText(low + span, 1, true)}, each from its own begin to its own end
      </figcaption>
    </figure>
  );
}

/** Some runs side by side: growth as lines, figures in columns. */
export function ComparePanel({ runs }: { readonly runs: readonly RunInfo[] }) {
  return (
    <Panel title="Side by side" note={`${runs.length} runs`} className="compare">
      <GrowthChart runs={runs} />
      <ScrollRegion label="Figures side by side">
        <table aria-label="Figures side by side">
          <thead>
            <tr>
              <th scope="col">Figure</th>
              {runs.map((run, at) => (
                <th key={run.run} scope="col" className="number">
                  <svg className="stroke" width={24} height={8} aria-hidden="true">
                    <line x1={0} x2={24} y1={4} y2={4} stroke="currentColor" strokeDasharray={STROKES[at]} />
                  </svg>{' '}
                  {run.name} <span className="muted">{shortNote(run.note)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {FIGURES.map(([name, title, show]) => (
              <tr key={name}>
                <td>{title}</td>
                {runs.map((run) => (
                  <td key={run.run} className="number">
                    {show(run.figures[name] ?? null)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  );
}
