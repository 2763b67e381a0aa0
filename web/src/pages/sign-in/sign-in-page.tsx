import { useState } from 'react';
import type { SignedIn } from '../../../../src/contract/api/auth.ts';
import { PasswordForm } from './password-form.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** Name, password and code; and a password of one's own where the one given was good once. */
export function SignInPage({ mustChange, onSignedIn }: { readonly mustChange: boolean; readonly onSignedIn: () => void }) {
  const [given, setGiven] = useState('');
  const [isChanging, setChanging] = useState(mustChange);
  const signedIn = (answer: SignedIn, password: string) => {
    if (!answer.mustChangePassword) return onSignedIn();
    setGiven(password);
    setChanging(true);
  };
  return (
    <main className="sign-in">
      {isChanging ? <PasswordForm current={given} onChanged={onSignedIn} /> : <SignInForm onSignedIn={signedIn} />}
      <p className="sign-in-foot muted">
        The first password is printed once by the first start; a lost one is set anew by quanthybrid user reset.
      </p>
    </main>
  );
}
