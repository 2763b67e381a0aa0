import { type FormEvent, useState } from 'react';
import type { OneTimePasswordInfo, UserInfo } from '../../../../src/contract/api/access.ts';
import { createUser, disableUser, resetUser, setRole, unlockUser } from '../../api/access.ts';
import type { Answer } from '../../api/http.ts';
import { Dialog } from '../../parts/overlay.tsx';
import { PROOF_LABEL, SecretField, ShownOnce } from '../../parts/secret-field.tsx';
import { ROLE_NAMES, type RoleName, RoleSelect } from './role-select.tsx';

/** Makes a user, and shows the password that is good once. */
export function NewUserDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [role, setNewRole] = useState<RoleName>(ROLE_NAMES[0]);
  const [proof, setProof] = useState('');
  const [refusal, setRefusal] = useState('');
  const [made, setMade] = useState<OneTimePasswordInfo | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await createUser({ name, role }, proof);
    if (answer.ok) setMade(answer.value);
    else setRefusal(answer.message);
  };
  return (
    <Dialog title="New user" onClose={onClose}>
      {made === null ? (
        <form className="dialog-body" onSubmit={(event) => void submit(event)}>
          <div className="field">
            <label htmlFor="user-name">Name: lower-case letters, digits, dots, hyphens</label>
            <input id="user-name" autoComplete="off" required value={name} onChange={(event) => setName(event.target.value)} />
          </div>
          <RoleSelect value={role} onChange={setNewRole} />
          <SecretField label={PROOF_LABEL} value={proof} onChange={setProof} />
          {refusal === '' ? null : <p className="refusal">{refusal}</p>}
          <div className="buttons">
            <button type="submit" className="strong">
              Make user
            </button>
          </div>
        </form>
      ) : (
        <PasswordShown made={made} onClose={onClose} />
      )}
    </Dialog>
  );
}

/** What can be done about a user; each act asks for a proof. */
export function UserDialog({ user, onClose }: { readonly user: UserInfo; readonly onClose: () => void }) {
  const [role, setNewRole] = useState<RoleName>(user.role);
  const [proof, setProof] = useState('');
  const [withFactor, setWithFactor] = useState(false);
  const [refusal, setRefusal] = useState('');
  const [made, setMade] = useState<OneTimePasswordInfo | null>(null);
  const act = async (answered: Promise<Answer<unknown>>) => {
    const answer = await answered;
    if (answer.ok) onClose();
    else setRefusal(answer.message);
  };
  const reset = async () => {
    const answer = await resetUser(user, withFactor, proof);
    if (answer.ok) setMade(answer.value);
    else setRefusal(answer.message);
  };
  if (made !== null)
    return (
      <Dialog title={`User ${user.name}`} onClose={onClose}>
        <PasswordShown made={made} onClose={onClose} />
      </Dialog>
    );
  const isReady = proof !== '';
  return (
    <Dialog title={`User ${user.name}`} onClose={onClose}>
      <div className="dialog-body">
        <p>Whatever {user.name} has open ends at once with each of these.</p>
        <SecretField label={PROOF_LABEL} value={proof} onChange={setProof} />
        {refusal === '' ? null : <p className="refusal">{refusal}</p>}
        <RoleSelect value={role} onChange={setNewRole} />
        <div className="buttons">
          <button type="button" disabled={!isReady || role === user.role} onClick={() => void act(setRole(user, role, proof))}>
            Give this role
          </button>
        </div>
        <label className="check">
          <input type="checkbox" checked={withFactor} onChange={(event) => setWithFactor(event.target.checked)} /> drop the second factor
          too
        </label>
        <div className="buttons">
          <button type="button" disabled={!isReady} onClick={() => void reset()}>
            Reset password
          </button>
          <button type="button" disabled={!isReady} onClick={() => void act(unlockUser(user, proof))}>
            {user.isDisabled ? 'Enable' : 'Unlock'}
          </button>
          <button
            type="button"
            className="danger"
            disabled={!isReady || user.isDisabled}
            onClick={() => void act(disableUser(user, proof))}
          >
            Disable
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function PasswordShown({ made, onClose }: { readonly made: OneTimePasswordInfo; readonly onClose: () => void }) {
  return (
    <div className="dialog-body">
      <ShownOnce
        label={`One-time password of ${made.name}, good for a week, for setting one of their own. It is not shown again.`}
        text={made.password}
      />
      <div className="buttons">
        <button type="button" className="strong" onClick={onClose}>
          I have noted it
        </button>
      </div>
    </div>
  );
}
