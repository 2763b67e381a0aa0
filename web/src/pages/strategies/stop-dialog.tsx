import { type FormEvent, useState } from 'react';
import type { StrategyInfo } from '../../../../src/contract/api/strategies.ts';
import { stopStrategy } from '../../api/commands.ts';
import { Dialog } from '../../parts/overlay.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { isHeld, isOpen } from '../../state/derived.ts';
import { desk } from '../../state/desk.ts';
import { useTopic } from '../../state/topic.ts';

export function StopDialog({ strategy, onClose }: { readonly strategy: StrategyInfo; readonly onClose: () => void }) {
  const [openOrders, setOpenOrders] = useState<'cancel' | 'keep'>('cancel');
  const [reason, setReason] = useState('');
  const working = useTopic(desk.orders).filter((order) => order.strategy === strategy.strategy && isOpen(order)).length;
  const held = useTopic(desk.positions).filter((position) => position.strategy === strategy.strategy && isHeld(position)).length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void stopStrategy(strategy.strategy, openOrders, reason);
    onClose();
  };
  return (
    <Dialog title={`Stop ${strategy.strategy}`} onClose={onClose}>
      <form className="dialog-body" onSubmit={submit}>
        <p>
          It is handed no more market data.{' '}
          {held === 0 ? 'It holds nothing.' : `Its ${held === 1 ? 'position stays' : `${held} positions stay`} open.`}
        </p>
        <div className="field">
          <span className="field-label">
            {working} working {working === 1 ? 'order' : 'orders'}
          </span>
          <Segmented
            label="Working orders"
            options={[
              ['cancel', 'Cancel'],
              ['keep', 'Keep working'],
            ]}
            value={openOrders}
            onChange={setOpenOrders}
          />
        </div>
        <div className="field">
          <label htmlFor="stop-reason">Reason, for the audit log</label>
          <input
            id="stop-reason"
            value={reason}
            maxLength={200}
            placeholder="optional"
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <div className="buttons">
          <button type="button" onClick={onClose}>
            Let it run
          </button>
          <button type="submit" className="danger">
            Stop
          </button>
        </div>
      </form>
    </Dialog>
  );
}
