import type { InstrumentInfo } from '../../../../src/contract/api/market.ts';
import { decimalText } from '../../numbers/decimal-text.ts';
import { instrumentQuantity } from '../../numbers/instrument-prices.ts';
import { clockText } from '../../numbers/time-text.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

/** What traded, the newest first. */
export function TapePanel({ instrument }: { readonly instrument: InstrumentInfo }) {
  const trades = useTopic(desk.trades);
  return (
    <Panel title="Trades" className="tape flush">
      {trades.length === 0 ? (
        <Empty title="No trade yet." />
      ) : (
        <ol>
          {trades.map((trade) => (
            <li key={trade.sequence}>
              <span className="muted">{clockText(trade.ts)}</span>
              <span className="number">{instrumentQuantity(instrument.instrument, trade.quantity)}</span>
              <span className={`number ${trade.aggressorSide === null ? '' : trade.aggressorSide === 'BUY' ? 'buy' : 'sell'}`}>
                {decimalText(trade.price, { decimals: instrument.priceDecimals })}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
