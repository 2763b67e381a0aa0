import { type FormEvent, useState } from 'react';
import type { SignedIn } from '../../../../src/contract/api/auth.ts';
import { call, setCsrfToken } from '../../api/http.ts';
import { PATHS } from '../../api/paths.ts';

const CHARACTERS_MIN = 12;

/** A password of one's own, before anything else. */
export function PasswordForm({ current: known, onChanged }: { readonly current: string; readonly onChanged: () => void }) {
  const [current, setCurrent] = useState(known);
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (next !== again) return setRefusal('The two new passwords differ.');
    setBusy(true);
    const answer = await call<SignedIn>(PATHS.password, { method: 'POST', body: { current, next } });
    setBusy(false);
    if (!answer.ok) return setRefusal(answer.message);
    setCsrfToken(answer.value.csrfToken);
    onChanged();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h1>Set a password of your own</h1>
      <p className="muted">
        The one you were given is good for this and nothing else. At least {CHARACTERS_MIN} characters; four random words do.
      </p>
      {known === '' ? (
        <div className="field">
          <label htmlFor="current">The password you were given</label>
          <input
            id="current"
            type="password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        </div>
      ) : null}
      <div className="field">
        <label htmlFor="next">New password</label>
        <input
          id="next"
          type="password"
          autoComplete="new-password"
          required
          minLength={CHARACTERS_MIN}
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="again">New password again</label>
        <input
          id="again"
          type="password"
          autoComplete="new-password"
          required
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </div>
      {refusal === '' ? null : (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      <button type="submit" className="strong" disabled={isBusy}>
        {isBusy ? 'Setting…' : 'Set password'}
      </button>
    </form>
  );
}
