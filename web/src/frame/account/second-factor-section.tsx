import { type FormEvent, useState } from 'react';
import type { SecondFactorBegun, SecondFactorInfo } from '../../../../src/contract/api/access.ts';
import { ACCESS_PATHS, beginSecondFactor, confirmSecondFactor, removeSecondFactor, renewRecoveryCodes } from '../../api/access.ts';
import type { Answer } from '../../api/http.ts';
import { QrCode } from '../../parts/qr-code.tsx';
import { SecretField } from '../../parts/secret-field.tsx';
import { useQuery } from '../../state/page-query.ts';

/** Enrols a second factor, makes recovery codes anew, removes it. */
export function SecondFactorSection() {
  const [version, setVersion] = useState(0);
  const [begun, setBegun] = useState<SecondFactorBegun | null>(null);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const { value } = useQuery<SecondFactorInfo>(ACCESS_PATHS.totp, version);
  const ended = (made: readonly string[]) => {
    setCodes(made);
    setBegun(null);
    setVersion((old) => old + 1);
  };
  return (
    <section className="second-factor">
      <h3>Second factor</h3>
      {codes.length === 0 ? null : <RecoveryCodeList codes={codes} />}
      {value === null ? null : value.state === 'ACTIVE' ? (
        <ActiveFactor codesLeft={value.recoveryCodesLeft} onEnded={ended} />
      ) : begun === null ? (
        <BeginForm onBegun={setBegun} />
      ) : (
        <ConfirmForm begun={begun} onEnded={ended} />
      )}
    </section>
  );
}

function RecoveryCodeList({ codes }: { readonly codes: readonly string[] }) {
  return (
    <div className="shown-once">
      <p>Recovery codes, each good once in the place of a code. Keep them apart from this machine: they are not shown again.</p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

function BeginForm({ onBegun }: { readonly onBegun: (begun: SecondFactorBegun) => void }) {
  const [password, setPassword] = useState('');
  const [refusal, setRefusal] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await beginSecondFactor(password);
    if (answer.ok) onBegun(answer.value);
    else setRefusal(answer.message);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <p>None is enrolled: your password is all that somebody needs.</p>
      <SecretField label="Your password" value={password} onChange={setPassword} autoComplete="current-password" />
      <Refused text={refusal} />
      <div className="buttons">
        <button type="submit" className="strong">
          Set up an authenticator app
        </button>
      </div>
    </form>
  );
}

interface ConfirmProps {
  readonly begun: SecondFactorBegun;
  readonly onEnded: (codes: readonly string[]) => void;
}

function ConfirmForm({ begun, onEnded }: ConfirmProps) {
  const [code, setCode] = useState('');
  const [refusal, setRefusal] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await confirmSecondFactor(code);
    if (answer.ok) onEnded(answer.value.codes);
    else setRefusal(answer.message);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <p>Scan this with your authenticator app, or type the key into it; then give the code that it shows.</p>
      <div className="enrolment">
        <QrCode text={begun.uri} label="Key for your authenticator app" />
        <dl>
          <dt>Key</dt>
          <dd>
            <code className="totp-key">{begun.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
          </dd>
          <dt>Type</dt>
          <dd>by time, 6 digits, 30 seconds</dd>
        </dl>
      </div>
      <SecretField label="Code that the app shows" value={code} onChange={setCode} autoComplete="one-time-code" />
      <Refused text={refusal} />
      <div className="buttons">
        <button type="submit" className="strong">
          Turn it on
        </button>
      </div>
    </form>
  );
}

function ActiveFactor({ codesLeft, onEnded }: { readonly codesLeft: number; readonly onEnded: (codes: readonly string[]) => void }) {
  const [code, setCode] = useState('');
  const [refusal, setRefusal] = useState('');
  const act = async (answered: Promise<Answer<readonly string[]>>) => {
    const answer = await answered;
    setCode('');
    setRefusal(answer.ok ? '' : answer.message);
    if (answer.ok) onEnded(answer.value);
  };
  const renewed = async (): Promise<Answer<readonly string[]>> => {
    const answer = await renewRecoveryCodes(code);
    return answer.ok ? { ok: true, value: answer.value.codes } : answer;
  };
  const removed = async (): Promise<Answer<readonly string[]>> => {
    const answer = await removeSecondFactor(code);
    return answer.ok ? { ok: true, value: [] } : answer;
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void act(renewed());
      }}
    >
      <p>An authenticator app is asked for; {codesLeft} recovery codes are left.</p>
      <SecretField label="Code, or a recovery code" value={code} onChange={setCode} autoComplete="one-time-code" />
      <Refused text={refusal} />
      <div className="buttons">
        <button type="button" className="danger" disabled={code === ''} onClick={() => void act(removed())}>
          Turn it off
        </button>
        <button type="submit" disabled={code === ''}>
          New recovery codes
        </button>
      </div>
    </form>
  );
}

function Refused({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <p className="refusal" role="alert">
      {text}
    </p>
  );
}
