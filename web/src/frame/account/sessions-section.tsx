import { useState } from 'react';
import type { SessionInfo, SessionList } from '../../../../src/contract/api/access.ts';
import { ACCESS_PATHS, endSession } from '../../api/access.ts';
import { momentText } from '../../numbers/time-text.ts';
import { serverNow } from '../../state/now.ts';
import { useQuery } from '../../state/page-query.ts';

/** Where one is signed in. */
export function SessionsSection() {
  const [version, setVersion] = useState(0);
  const [refusal, setRefusal] = useState('');
  const { value } = useQuery<SessionList>(ACCESS_PATHS.sessions, version);
  const end = async (session: SessionInfo) => {
    const answer = await endSession(session.session);
    setRefusal(answer.ok ? '' : answer.message);
    setVersion((old) => old + 1);
  };
  return (
    <section>
      <h3>Sessions</h3>
      <ul className="session-list">
        {(value?.items ?? []).map((session) => (
          <li key={session.session}>
            <span>
              {session.address}, since {momentText(session.tsCreated, serverNow())}
              <span className="muted">, last used {momentText(session.tsUsed, serverNow())}</span>
            </span>
            {session.isThis ? (
              <span className="muted">this one</span>
            ) : (
              <button type="button" onClick={() => void end(session)}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
      {refusal === '' ? null : <p className="refusal">{refusal}</p>}
    </section>
  );
}
