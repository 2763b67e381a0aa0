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
      <div className="sign-in-foot muted">
        <p>
          <strong>Here for the first time?</strong> The name is <code>admin</code>. The first start printed a password in its terminal,
          right below the address of this page; where no terminal watched, it wrote it to <code>one-time-password-admin.txt</code> in the
          folder of the session.
        </p>
        <p>
          <strong>Password lost?</strong> On the machine itself: <code>npx quanthybrid user reset NAME</code>
        </p>
      </div>
    </main>
  );
}
