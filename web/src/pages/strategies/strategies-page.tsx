import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { route } from '../../state/route.ts';
import { useTopic } from '../../state/topic.ts';
import { StrategyDetail } from './strategy-detail.tsx';
import { StrategyList } from './strategy-list.tsx';

export function StrategiesPage() {
  const { subject } = useTopic(route);
  const strategies = useTopic(desk.strategies);
  const chosen = strategies.find((row) => row.strategy === subject) ?? strategies.find((row) => !row.isManual) ?? strategies[0];
  return (
    <main className="page strategies">
      <StrategyList chosen={chosen?.strategy ?? ''} />
      {chosen === undefined ? (
        <Panel title="Strategy">
          <Empty title="No strategy is loaded." next="Strategies stand under strategies: of the run file." />
        </Panel>
      ) : (
        <StrategyDetail key={chosen.strategy} strategy={chosen} />
      )}
    </main>
  );
}
