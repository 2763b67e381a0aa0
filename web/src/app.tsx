import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { Me } from '../../src/contract/api/auth.ts';
import { call, setCsrfToken } from './api/http.ts';
import { PATHS } from './api/paths.ts';
import { SignInPage } from './pages/sign-in/sign-in-page.tsx';
import { desk } from './state/desk.ts';

/** Charts and pages are fetched once somebody is signed in: the sign-in is there at once. */
const DeskFrame = lazy(() => import('./frame/desk-frame.tsx').then((module) => ({ default: module.DeskFrame })));

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
  // Loaded anew, so that nothing of whoever was here is left for whoever comes next.
  const signedOut = useCallback(() => location.reload(), []);
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
      return (
        <Suspense fallback={<main className="sign-in" aria-busy="true" />}>
          <DeskFrame onSignOut={signOut} onSignedOut={signedOut} />
        </Suspense>
      );
    default:
      return <SignInPage mustChange={standing === 'must-change'} onSignedIn={() => void look()} />;
  }
}
