import { useMemo, useState } from 'react';
import { EquityChart } from '../../charts/equity-chart.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

const SPANS = { day: 86_400e6, week: 7 * 86_400e6, all: Number.POSITIVE_INFINITY } as const;
type Span = keyof typeof SPANS;

export function EquityPanel() {
  const points = useTopic(desk.equity);
  const currency = useTopic(desk.portfolio)?.accounts[0]?.currency;
  const [span, setSpan] = useState<Span>('day');
  const shown = useMemo(() => {
    const since = (points.at(-1)?.ts ?? 0) - SPANS[span];
    return points.filter((point) => point.ts >= since);
  }, [points, span]);
  return (
    <Panel
      title="Equity and drawdown"
      note={currency}
      className="equity flush"
      controls={
        <Segmented
          label="Period"
          options={[
            ['day', 'Day'],
            ['week', 'Week'],
            ['all', 'All'],
          ]}
          value={span}
          onChange={setSpan}
        />
      }
    >
      {shown.length < 2 ? (
        <Empty title="No equity has been sampled yet." next="The first point comes with the first market data." />
      ) : (
        <EquityChart points={shown} />
      )}
    </Panel>
  );
}
