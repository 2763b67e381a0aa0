import { unreachable } from '../../base/assert.ts';
import type { SnapshotNews } from '../../runtime/session/session-snapshots.ts';
import { countText } from '../terminal/number-text.ts';

/** What is said of a session's snapshots; null for what nobody needs to read. */
export class SnapshotLines {
  private lastReason = '';

  of(news: SnapshotNews): string | null {
    switch (news.kind) {
      case 'taken':
      case 'compressed':
        return null;
      case 'notCompressed':
        return `Older segments of the journal stay as they are: ${news.reason}`;
      case 'notTaken':
        // Again at every try: once is enough.
        if (news.reason === this.lastReason) return null;
        this.lastReason = news.reason;
        return `The session cannot be saved, so its next start replays all of it: ${news.reason} [SESSION_SNAPSHOT_NOT_TAKEN]`;
      case 'passedOver':
        return `The snapshot of input ${countText(news.sequence)} does not serve: ${news.reason} [SESSION_SNAPSHOT_PASSED_OVER]`;
      case 'recovered': {
        const from = news.snapshot === 0 ? 'No snapshot' : `Snapshot of input ${countText(news.snapshot)} loaded`;
        return `${from}, ${countText(news.replayed)} inputs replayed in ${(news.tookUs / 1e6).toFixed(1)} s`;
      }
      default:
        return unreachable(news);
    }
  }
}
