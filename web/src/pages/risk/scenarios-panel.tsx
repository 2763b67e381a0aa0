import { useEffect, useState } from 'react';
import type { HistoricalRisk, Scenarios, StressRow } from '../../../../src/contract/api/risk.ts';
import { PATHS } from '../../api/paths.ts';
import { decimalText, doubleText, MINUS, THIN } from '../../numbers/decimal-text.ts';
import { ageText } from '../../numbers/time-text.ts';
import { Pnl } from '../../parts/figures.tsx';
import { InstrumentName } from '../../parts/instrument-name.tsx';
import { Empty, Panel, ScrollRegion } from '../../parts/panel.tsx';
import { isHeld } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { machineNow } from '../../state/now.ts';
import { useQuery } from '../../state/page-query.ts';
import { useTopic } from '../../state/topic.ts';

/** Positions change by fills; what they are worth changes all the time, and is asked for again this often. */
const EVERY_MS = 5000;

function shockText(share: string): string {
  const percent = Number(share) * 100;
  return `${percent < 0 ? MINUS : '+'}${Math.abs(percent)}${THIN}%`;
}

/** Rises every few seconds while the page is looked at. */
function useBeat(): number {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setBeat((count) => count + 1);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return beat;
}

function StressTable({
  shocks,
  rows,
  currency,
}: {
  readonly shocks: readonly string[];
  readonly rows: readonly StressRow[];
  readonly currency: string;
}) {
  return (
    <table aria-label={`Stress table, ${currency}`}>
      <thead>
        <tr>
          <th scope="col">Price moves by</th>
          <th scope="col" className="number">
            Value <span className="unit">{currency}</span>
          </th>
          {shocks.map((shock) => (
            <th key={shock} scope="col" className="number">
              {shockText(shock)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ instrument, value, pnl }) => (
          <tr key={instrument ?? ''}>
            <td>{instrument === null ? <strong>All at once</strong> : <InstrumentName id={instrument} />}</td>
            <td className="number">{decimalText(value, { decimals: 0, signed: true })}</td>
            {pnl.map((amount, at) => (
              <td key={shocks[at]} className="number">
                <Pnl value={amount} decimals={0} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The figures, and beneath them how they were come by. */
function HistoricalFigures({ risk, currency }: { readonly risk: HistoricalRisk | null; readonly currency: string }) {
  if (risk === null)
    return <p className="muted">Value at risk needs some nine hours of prices of everything that is held; there are fewer.</p>;
  const figures = [
    ['VaR 95 %', risk.valueAtRisk95],
    ['VaR 99 %', risk.valueAtRisk99],
    ['Mean loss beyond 95 %', risk.expectedShortfall95],
  ] as const;
  return (
    <>
      <dl className="var-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {doubleText(value, 2)} <span className="unit">{currency}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="muted method">
        What is held now, over each of {decimalText(String(risk.windows))} overlapping stretches of {ageText(risk.horizonUs)} in the last{' '}
        {ageText(machineNow() - risk.tsFrom)}, prices every {ageText(risk.stepUs)}. A loss is positive; no law of distribution is assumed.
      </p>
    </>
  );
}

/** What is held, under other prices. */
export function ScenariosPanel() {
  const positions = useTopic(desk.positions);
  const beat = useBeat();
  const held = positions.filter(isHeld);
  const { value, refusal } = useQuery<Scenarios>(PATHS.scenarios, `${beat} ${held.map(({ quantity }) => quantity).join(' ')}`);
  return (
    <Panel title="Under other prices" note="what is held would earn or lose" className="scenarios flush">
      {refusal === null ? null : <p className="refusal">{refusal.message}</p>}
      {value === null && refusal === null ? <Empty title="Fetching…" /> : null}
      {value?.currencies.length === 0 ? (
        <Empty title="Nothing is held." next="Shocks and value at risk appear here with the first position." />
      ) : null}
      <ScrollRegion label="Stress tables">
        {value?.currencies.map(({ currency, rows, historical }) => (
          <section key={currency}>
            <HistoricalFigures risk={historical} currency={currency} />
            <StressTable shocks={value.shocks} rows={rows} currency={currency} />
          </section>
        ))}
      </ScrollRegion>
    </Panel>
  );
}
