import { reconnectNow } from '../api/live.ts';
import { ageText, clockText, ZONE_NAME } from '../numbers/time-text.ts';
import { desk } from '../state/desk.ts';
import { machineNow, now } from '../state/now.ts';
import { useTopic } from '../state/topic.ts';

/** Says that what is shown is not known to be so, since when, and what happens next. */
export function LinkBanner() {
  const link = useTopic(desk.link);
  useTopic(now);
  if (link.state === 'live' || link.heardTs === 0) return null;
  const silence = ageText(machineNow() - link.heardTs);
  const asOf = `Everything below is as of ${clockText(link.heardTs)} ${ZONE_NAME}.`;
  if (link.state === 'resyncing')
    return (
      <div className="banner" role="status">
        Connected again. Fetching what was missed; {asOf.toLowerCase()}
      </div>
    );
  if (link.state === 'stale')
    return (
      <div className="banner" role="status">
        Nothing heard for {silence}. {asOf}
      </div>
    );
  const next = link.retryTs === null ? 'Trying now.' : `Next attempt in ${ageText(link.retryTs - machineNow())}.`;
  return (
    <div className="banner danger" role="alert">
      <strong>No connection for {silence}.</strong> {asOf} {next}
      <button type="button" onClick={reconnectNow}>
        Try now
      </button>
    </div>
  );
}
