import { BalancesPanel } from './balances-panel.tsx';
import { PositionsPanel } from './positions-panel.tsx';

export function PositionsPage() {
  return (
    <main className="page positions">
      <PositionsPanel />
      <BalancesPanel />
    </main>
  );
}
