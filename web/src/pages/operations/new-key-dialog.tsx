import { type FormEvent, useState } from 'react';
import type { MadeApiKey, NewApiKey } from '../../../../src/contract/api/access.ts';
import { createKey } from '../../api/access.ts';
import { Dialog } from '../../parts/overlay.tsx';
import { PROOF_LABEL, SecretField, ShownOnce } from '../../parts/secret-field.tsx';

const SCOPES = [
  ['read', 'see everything that you see'],
  ['trade', 'place and cancel orders, steer strategies'],
  ['admin', 'all that you may do without a second factor'],
] as const;
const DAYS_DEFAULT = 90;
const DAYS_MOST = 366;

/** Terms of a key, then the key itself, once. */
export function NewKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const [label, setLabel] = useState('');
  const [scopes, setScopes] = useState<NewApiKey['scopes']>(['read']);
  const [addresses, setAddresses] = useState('');
  const [days, setDays] = useState(DAYS_DEFAULT);
  const [proof, setProof] = useState('');
  const [refusal, setRefusal] = useState('');
  const [made, setMade] = useState<MadeApiKey | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const list = addresses.split(/[\s,]+/).filter((address) => address !== '');
    const answer = await createKey({ label, scopes, addresses: list, days }, proof);
    if (answer.ok) setMade(answer.value);
    else setRefusal(answer.message);
  };
  const toggle = (scope: NewApiKey['scopes'][number]) =>
    setScopes(scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope]);
  return (
    <Dialog title="New API key" onClose={onClose}>
      {made === null ? (
        <form className="dialog-body" onSubmit={(event) => void submit(event)}>
          <div className="field">
            <label htmlFor="key-label">What it is for</label>
            <input
              id="key-label"
              autoComplete="off"
              required
              maxLength={64}
              value={label}
              onChange={(event) => setLabel(event.target.value)}
            />
          </div>
          <fieldset>
            <legend>What it may do</legend>
            {SCOPES.map(([scope, words]) => (
              <label key={scope} className="check">
                <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} /> {scope}
                <span className="muted">, {words}</span>
              </label>
            ))}
          </fieldset>
          <div className="field">
            <label htmlFor="key-addresses">Addresses from which it is good; empty for anywhere</label>
            <input id="key-addresses" autoComplete="off" value={addresses} onChange={(event) => setAddresses(event.target.value)} />
          </div>
          <div className="field">
            <label htmlFor="key-days">Days that it lives</label>
            <input
              id="key-days"
              type="number"
              min={1}
              max={DAYS_MOST}
              value={days}
              onChange={(event) => setDays(Math.trunc(event.target.valueAsNumber) || 1)}
            />
          </div>
          <SecretField label={PROOF_LABEL} value={proof} onChange={setProof} />
          {refusal === '' ? null : <p className="refusal">{refusal}</p>}
          <div className="buttons">
            <button type="submit" className="strong" disabled={scopes.length === 0}>
              Make key
            </button>
          </div>
        </form>
      ) : (
        <div className="dialog-body">
          <ShownOnce label="Send it as authorization: Bearer KEY. It is not shown again." text={made.key} />
          <div className="buttons">
            <button type="button" className="strong" onClick={onClose}>
              I have noted it
            </button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
