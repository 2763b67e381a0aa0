import { useState } from 'react';
import type { LimitInfo } from '../../../../src/contract/api/risk.ts';
import { changeLimit } from '../../api/commands.ts';
import { Dialog } from '../../parts/overlay.tsx';
import { desk } from '../../state/desk.ts';

const CHANGE_WORD = 'CHANGE';

interface LimitDialogProps {
  readonly limit: LimitInfo;
  readonly onClose: () => void;
}

/** Changes a limit, after a typed word; to permit more a fresh proof of who asks is needed. */
export function LimitDialog({ limit, onClose }: LimitDialogProps) {
  const [value, setValue] = useState(limit.value);
  const [isRemoved, setRemoved] = useState(false);
  const [word, setWord] = useState('');
  const [proof, setProof] = useState('');
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState('');
  const isReady = word === CHANGE_WORD && (isRemoved || (value.trim() !== '' && value.trim() !== limit.value));
  const change = async () => {
    const asked = { scope: limit.target, name: limit.name, value: isRemoved ? null : value.trim(), reason };
    const answer = await changeLimit(asked, proof);
    if (!answer.ok) return setRefusal(answer.message);
    desk.limits.set(answer.value.limits);
    onClose();
  };
  return (
    <Dialog title={`Change ${limit.name} of ${limit.scope}`} onClose={onClose}>
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void change();
        }}
      >
        <p>It is {limit.value} now. The new value counts from the next decision on; what is open stays.</p>
        <div className="field">
          <label htmlFor="limit-value">New value, as the run file writes it</label>
          <input
            id="limit-value"
            value={value}
            disabled={isRemoved}
            autoComplete="off"
            onChange={(event) => setValue(event.target.value)}
          />
        </div>
        <label className="check">
          <input type="checkbox" checked={isRemoved} onChange={(event) => setRemoved(event.target.checked)} />
          No limit
        </label>
        <div className="field">
          <label htmlFor="limit-reason">Reason, for the audit log</label>
          <input id="limit-reason" value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="limit-proof">Only to permit more: code of your authenticator app; your password where you have none</label>
          <input id="limit-proof" type="password" autoComplete="off" value={proof} onChange={(event) => setProof(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="limit-word">Type {CHANGE_WORD}</label>
          <input id="limit-word" autoComplete="off" value={word} onChange={(event) => setWord(event.target.value)} />
        </div>
        {refusal === '' ? null : <p className="refusal">{refusal}</p>}
        <div className="buttons">
          <button type="button" onClick={onClose}>
            Leave as it is
          </button>
          <button type="submit" disabled={!isReady}>
            Change
          </button>
        </div>
      </form>
    </Dialog>
  );
}
