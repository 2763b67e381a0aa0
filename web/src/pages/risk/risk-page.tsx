import { DenialsPanel } from './denials-panel.tsx';
import { LimitsPanel } from './limits-panel.tsx';
import { ScenariosPanel } from './scenarios-panel.tsx';
import { SwitchHistory } from './switch-history.tsx';
import { TradingPanel } from './trading-panel.tsx';

export function RiskPage() {
  return (
    <main className="page risk">
      <LimitsPanel />
      <TradingPanel />
      <ScenariosPanel />
      <SwitchHistory />
      <DenialsPanel />
    </main>
  );
}
