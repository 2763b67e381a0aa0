import { DenialsPanel } from './denials-panel.tsx';
import { LimitsPanel } from './limits-panel.tsx';
import { TradingPanel } from './trading-panel.tsx';

export function RiskPage() {
  return (
    <main className="page risk">
      <LimitsPanel />
      <TradingPanel />
      <DenialsPanel />
    </main>
  );
}
