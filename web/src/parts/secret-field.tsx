import { useId } from 'react';

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoComplete?: 'current-password' | 'new-password' | 'one-time-code' | 'off';
  readonly lengthMin?: number;
}

/** For passwords and codes: masked as it is typed or pasted. */
export function SecretField({ label, value, onChange, autoComplete = 'off', lengthMin }: SecretFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="password"
        autoComplete={autoComplete}
        spellCheck={false}
        required
        minLength={lengthMin}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

/** Said of every proof, wherever one is asked for. */
export const PROOF_LABEL = 'Code of your authenticator app; your password where you have none';

/** What is shown once: to be copied, not typed. */
export function ShownOnce({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="shown-once">
      <p>{label}</p>
      <code>{text}</code>
    </div>
  );
}
