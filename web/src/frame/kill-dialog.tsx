import { useState } from 'react';
import { FIRM, killTrading } from '../api/commands.ts';
import { Dialog } from '../parts/overlay.tsx';
import { HoldButton } from '../parts/hold-button.tsx';
import { isHeld, isOpen } from '../state/derived.ts';
import { ReleaseDialog } from './release-dialog.tsx';
import { desk } from '../state/desk.ts';
import { useTopic } from '../state/topic.ts';

/** Throws the firm's kill switch after a second of holding, or releases it. */
export function KillDialog({ onClose }: { readonly onClose: () => void }) {
  const isKilled = useTopic(desk.tradingState)?.isKilled === true;
  return isKilled ? <ReleaseDialog scope={FIRM} isKilled onClose={onClose} /> : <ThrowDialog onClose={onClose} />;
}

function ThrowDialog({ onClose }: { readonly onClose: () => void }) {
  const [flatten, setFlatten] = useState(false);
  const [reason, setReason] = useState('');
  const orders = useTopic(desk.orders).filter(isOpen).length;
  const positions = useTopic(desk.positions).filter(isHeld).length;
  return (
    <Dialog title="Kill switch" onClose={onClose}>
      <div className="dialog-body">
        <p>
          Cancels {orders} working {orders === 1 ? 'order' : 'orders'} and denies every new one, for the whole firm, until somebody releases
          it. It outlives a restart.
        </p>
        <label className="check">
          <input type="checkbox" checked={flatten} onChange={(event) => setFlatten(event.target.checked)} />
          Close {positions} {positions === 1 ? 'position' : 'positions'} at the market as well
        </label>
        <div className="field">
          <label htmlFor="kill-reason">Reason, for the audit log</label>
          <input
            id="kill-reason"
            value={reason}
            maxLength={200}
            placeholder="optional"
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <div className="buttons">
          <HoldButton
            label="Hold to halt trading"
            onHeld={() => {
              void killTrading(flatten, reason);
              onClose();
            }}
          />
        </div>
      </div>
    </Dialog>
  );
}
