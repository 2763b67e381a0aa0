import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { SignedIn } from '../../../../src/contract/api/auth.ts';
import { call, setCsrfToken } from '../../api/http.ts';
import { PATHS } from '../../api/paths.ts';

const CODE_NEEDED = 'AUTH_SECOND_FACTOR_NEEDED';

export function SignInForm({ onSignedIn }: { readonly onSignedIn: (answer: SignedIn, password: string) => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [isCodeNeeded, setCodeNeeded] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');
  const nameInput = useRef<HTMLInputElement>(null);
  const codeInput = useRef<HTMLInputElement>(null);
  useEffect(() => nameInput.current?.focus(), []);
  useEffect(() => {
    if (isCodeNeeded) codeInput.current?.focus();
  }, [isCodeNeeded]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await call<SignedIn>(PATHS.login, { method: 'POST', body: { name, password, ...(code === '' ? {} : { code }) } });
    setBusy(false);
    if (answer.ok) {
      setCsrfToken(answer.value.csrfToken);
      onSignedIn(answer.value, password);
    } else if (answer.code === CODE_NEEDED && !isCodeNeeded) {
      setCodeNeeded(true);
      setRefusal('');
    } else setRefusal(answer.message);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h1>QuantHybrid</h1>
      <p className="muted">Sign in to the trading desk.</p>
      <div className="field">
        <label htmlFor="name">Name</label>
        <input id="name" ref={nameInput} autoComplete="username" value={name} required onChange={(event) => setName(event.target.value)} />
      </div>
      <div className="field">
        <label htmlFor="password">Password</label>
        <input
          id="password"
          type="password"
          autoComplete="current-password"
          value={password}
          required
          onChange={(event) => setPassword(event.target.value)}
        />
      </div>
      {isCodeNeeded ? (
        <div className="field">
          <label htmlFor="code">Code of your authenticator app, or a recovery code</label>
          <input
            id="code"
            ref={codeInput}
            autoComplete="one-time-code"
            value={code}
            required
            onChange={(event) => setCode(event.target.value.trim())}
          />
        </div>
      ) : null}
      {refusal === '' ? null : (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      <button type="submit" className="strong" disabled={isBusy}>
        {isBusy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}
