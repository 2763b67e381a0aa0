import { useCallback, useEffect, useState } from 'react';
import type { Me } from '../../src/contract/api/auth.ts';
import { call, setCsrfToken } from './api/http.ts';
import { PATHS } from './api/paths.ts';
import { DeskFrame } from './frame/desk-frame.tsx';
import { SignInPage } from './pages/sign-in/sign-in-page.tsx';
import { desk } from './state/desk.ts';

type Standing = 'asking' | 'signed-out' | 'must-change' | 'signed-in' | 'no-server';

/** Who is there decides what is shown: the sign-in or the desk. */
export function App() {
  const [standing, setStanding] = useState<Standing>('asking');
  const look = useCallback(async () => {
    const answer = await call<Me>(PATHS.me);
    if (answer.ok) {
      setCsrfToken(answer.value.csrfToken);
      desk.me.set(answer.value);
      setStanding(answer.value.mustChangePassword ? 'must-change' : 'signed-in');
    } else setStanding(answer.status === 0 ? 'no-server' : 'signed-out');
  }, []);
  useEffect(() => void look(), [look]);
  const signedOut = useCallback(() => setStanding('signed-out'), []);
  const signOut = useCallback(() => {
    void call(PATHS.logout, { method: 'POST' }).then(() => location.reload());
  }, []);
  switch (standing) {
    case 'asking':
      return <main className="sign-in" aria-busy="true" />;
    case 'no-server':
      return (
        <main className="sign-in">
          <p>The server does not answer. Start it with npm start, then try again.</p>
          <button type="button" onClick={() => void look()}>
            Try again
          </button>
        </main>
      );
    case 'signed-in':
      return <DeskFrame onSignOut={signOut} onSignedOut={signedOut} />;
    default:
      return <SignInPage mustChange={standing === 'must-change'} onSignedIn={() => void look()} />;
  }
}
