import { type FormEvent, useState } from 'react';
import { changePassword } from '../../api/access.ts';
import { SecretField } from '../../parts/secret-field.tsx';

const CHARACTERS_MIN = 12;

/** Another password of one's own. Every session ends with the old one, so the page begins anew. */
export function PasswordSection() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [refusal, setRefusal] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (next !== again) return setRefusal('The two new passwords differ.');
    const answer = await changePassword(current, next);
    if (answer.ok) location.reload();
    else setRefusal(answer.message);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h3>Password</h3>
      <SecretField label="Password you have" value={current} onChange={setCurrent} autoComplete="current-password" />
      <SecretField label="New password" value={next} onChange={setNext} autoComplete="new-password" lengthMin={CHARACTERS_MIN} />
      <SecretField label="New password again" value={again} onChange={setAgain} autoComplete="new-password" />
      {refusal === '' ? null : (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div className="buttons">
        <button type="submit">Change password</button>
      </div>
    </form>
  );
}
