import type { Position } from '../../../../src/contract/api/portfolio.ts';
import { flatten } from '../../api/commands.ts';
import { decimalText, signOf, withoutSign } from '../../numbers/decimal-text.ts';
import { instrumentPrice } from '../../numbers/instrument-prices.ts';
import { Pnl } from '../../parts/figures.tsx';
import { Dialog } from '../../parts/overlay.tsx';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

/** Asks before one position is closed: what would be sent, at about which price, and what it does not stop. */
export function FlattenDialog({ position, onClose }: { readonly position: Position; readonly onClose: () => void }) {
  const { instrument, strategy } = position;
  // What is held may change while the question stands: the numbers are those of now.
  const held = useTopic(desk.positions).find((row) => row.instrument === instrument && row.strategy === strategy) ?? position;
  const owner = useTopic(desk.strategies).find((row) => row.strategy === strategy);
  const isLong = signOf(held.quantity) > 0;
  const act = `${isLong ? 'Sell' : 'Buy'} ${decimalText(withoutSign(held.quantity))}`;
  const goesOn = owner?.isManual !== true && owner?.status === 'RUNNING';
  return (
    <Dialog title={`Flatten ${instrument}`} onClose={onClose}>
      <div className="dialog-body">
        <p>
          {act} at the market, for {strategy}. The order is sized at its fill to what is held then, so it closes and never opens.
        </p>
        <dl className="facts">
          <div>
            <dt>Last price</dt>
            <dd>{instrumentPrice(instrument, held.markPx)}</dd>
          </div>
          <div>
            <dt>Value</dt>
            <dd>
              {held.value === null ? '–' : decimalText(held.value, { decimals: 2, signed: true })}{' '}
              <span className="unit">{held.currency}</span>
            </dd>
          </div>
          <div>
            <dt>Unrealized</dt>
            <dd>
              <Pnl value={held.unrealizedPnl} />
            </dd>
          </div>
        </dl>
        {goesOn ? (
          <p className="muted">{strategy} goes on and may open it again. Stop it first on the page Strategies to keep it out.</p>
        ) : null}
        <div className="buttons">
          <button type="button" onClick={onClose}>
            Keep the position
          </button>
          <button
            type="button"
            className="danger"
            onClick={() => {
              onClose();
              void flatten(position);
            }}
          >
            {act}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
