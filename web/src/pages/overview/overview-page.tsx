import { AlertsPanel } from './alerts-panel.tsx';
import { EquityPanel } from './equity-panel.tsx';
import { ExposurePanel } from './exposure-panel.tsx';
import { FillsPanel } from './fills-panel.tsx';
import { HealthPanel } from './health-panel.tsx';
import { KeyFigures } from './key-figures.tsx';
import { NearestLimits } from './nearest-limits.tsx';

/** Am I safe, what is it doing, why: without a click. */
export function OverviewPage() {
  return (
    <main className="page overview">
      <KeyFigures />
      <EquityPanel />
      <NearestLimits />
      <ExposurePanel />
      <FillsPanel />
      <div className="stack">
        <HealthPanel />
        <AlertsPanel />
      </div>
    </main>
  );
}
