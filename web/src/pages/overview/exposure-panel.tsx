import { useState } from 'react';
import type { Position } from '../../../../src/contract/api/portfolio.ts';
import { addDecimals, decimalText, signOf, withoutSign } from '../../numbers/decimal-text.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

type Grouping = 'instrument' | 'strategy';

interface ExposureRow {
  readonly name: string;
  readonly value: string;
}

function grouped(positions: readonly Position[], by: Grouping): readonly ExposureRow[] {
  const sums = new Map<string, string>();
  for (const position of positions) {
    if (position.value !== null && signOf(position.value) !== 0) {
      const name = position[by] ?? 'no strategy';
      sums.set(name, addDecimals(sums.get(name) ?? '0', position.value));
    }
  }
  return [...sums].map(([name, value]) => ({ name, value })).sort((a, b) => Number(withoutSign(b.value)) - Number(withoutSign(a.value)));
}

/** What is held, as bars: long to the right of the middle, short to the left. */
export function ExposurePanel() {
  const positions = useTopic(desk.positions);
  const [by, setBy] = useState<Grouping>('instrument');
  const rows = grouped(positions, by);
  const largest = Number(withoutSign(rows[0]?.value ?? '1')) || 1;
  return (
    <Panel
      title="Exposure"
      className="exposure"
      controls={
        <Segmented
          label="Exposure by"
          options={[
            ['instrument', 'Instrument'],
            ['strategy', 'Strategy'],
          ]}
          value={by}
          onChange={setBy}
        />
      }
    >
      {rows.length === 0 ? (
        <Empty title="Nothing is held." next="Positions appear here with the first fill." />
      ) : (
        <ul className="bars both-ways">
          {rows.map(({ name, value }) => {
            const width = `${(Number(withoutSign(value)) / largest) * 50}%`;
            return (
              <li key={name}>
                <span className="bar-name">{name}</span>
                <span className="way" aria-hidden="true">
                  <span style={signOf(value) > 0 ? { left: '50%', width } : { right: '50%', width }} />
                </span>
                <span className="number">{decimalText(value, { decimals: 0, signed: true })}</span>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
