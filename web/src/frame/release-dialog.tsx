import { useState } from 'react';
import type { Scope } from '../../../src/contract/api/risk.ts';
import { activateTrading, releaseTrading } from '../api/commands.ts';
import { Dialog } from '../parts/overlay.tsx';
import { scopeText } from '../state/derived.ts';

const RELEASE_WORD = 'RELEASE';

interface ReleaseProps {
  readonly scope: Scope;
  /** Thrown by the kill switch; else only reducing or halted. */
  readonly isKilled: boolean;
  readonly onClose: () => void;
}

/** Lets a scope trade again, after a typed word and a fresh proof of who asks. */
export function ReleaseDialog({ scope, isKilled, onClose }: ReleaseProps) {
  const [word, setWord] = useState('');
  const [proof, setProof] = useState('');
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState('');
  const isReady = word === RELEASE_WORD && proof !== '';
  const release = async () => {
    const answer = await (isKilled ? releaseTrading : activateTrading)(scope, proof, reason);
    if (answer.ok) onClose();
    else setRefusal(answer.message);
  };
  return (
    <Dialog title={`Let ${scopeText(scope)} trade again`} onClose={onClose}>
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void release();
        }}
      >
        <p>New orders are permitted again from then on. Orders that were canceled stay canceled.</p>
        <div className="field">
          <label htmlFor="release-reason">Reason, for the audit log</label>
          <input id="release-reason" value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="release-proof">Code of your authenticator app; your password where you have none</label>
          <input id="release-proof" type="password" autoComplete="off" value={proof} onChange={(event) => setProof(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="release-word">Type {RELEASE_WORD}</label>
          <input id="release-word" autoComplete="off" value={word} onChange={(event) => setWord(event.target.value)} />
        </div>
        {refusal === '' ? null : <p className="refusal">{refusal}</p>}
        <div className="buttons">
          <button type="button" onClick={onClose}>
            Leave halted
          </button>
          <button type="submit" className="danger" disabled={!isReady}>
            Release
          </button>
        </div>
      </form>
    </Dialog>
  );
}
