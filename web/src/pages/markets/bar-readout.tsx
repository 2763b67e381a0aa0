import type { InstrumentInfo } from '../../../../src/contract/api/market.ts';
import { priceText } from '../../charts/chart-colors.ts';
import type { ChartBar } from '../../charts/indicator-lines.ts';
import { percentText } from '../../numbers/decimal-text.ts';
import { gainClass } from '../../parts/figures.tsx';

interface BarReadoutProps {
  readonly instrument: InstrumentInfo;
  readonly bar: ChartBar | undefined;
  readonly indicators: readonly string[];
}

/** The numbers of the bar under the crosshair, of the newest where there is none. */
export function BarReadout({ instrument, bar, indicators }: BarReadoutProps) {
  if (bar === undefined) return <div className="readout" />;
  const text = priceText(instrument.priceDecimals);
  const change = bar.close / bar.open - 1;
  return (
    <div className="readout">
      <span>{new Date(bar.time * 1000).toISOString().slice(0, 16).replace('T', ' ')}</span>
      <span>
        O <b>{text(bar.open)}</b>
      </span>
      <span>
        H <b>{text(bar.high)}</b>
      </span>
      <span>
        L <b>{text(bar.low)}</b>
      </span>
      <span>
        C <b className={gainClass(change)}>{text(bar.close)}</b>
      </span>
      <span className={gainClass(change)}>{percentText(change, 2, true)}</span>
      <span className="minor">
        V <b>{bar.volume.toFixed(Math.min(4, instrument.quantityDecimals))}</b>
      </span>
      {indicators.map((line) => (
        <span key={line} className="minor">
          {line}
        </span>
      ))}
    </div>
  );
}
