import { momentText, ZONE_NAME } from '../numbers/time-text.ts';
import { desk } from '../state/desk.ts';
import { useTopic } from '../state/topic.ts';

/** Says that the session does not trade, though it is there: it comes back, warms up, or has ended. */
export function PhaseBanner() {
  const link = useTopic(desk.link);
  const session = useTopic(desk.health)?.session;
  // Where there is no connection that is said instead.
  if (session === undefined || session.phase === 'RUNNING' || (link.state !== 'live' && link.heardTs !== 0)) return null;
  const upTo = `${momentText(session.ts, session.now)} ${ZONE_NAME}`;
  switch (session.phase) {
    case 'RECOVERING':
      return (
        <div className="banner" role="status">
          <strong>Coming back.</strong> The journal has been replayed up to {upTo}; trading goes on after its end.
        </div>
      );
    case 'WARMING_UP':
      return (
        <div className="banner" role="status">
          <strong>Warming up.</strong> History has been played up to {upTo}; trading begins when it reaches the present.
        </div>
      );
    default:
      return (
        <div className="banner danger" role="alert">
          <strong>{session.phase === 'FAILED' ? 'The session has failed.' : 'The session has ended.'}</strong> Nothing is traded. The
          terminal that started it says why; the command that started it goes on with it.
        </div>
      );
  }
}
