import type { JournalSnapshot } from '../../ports/journal.ts';
import { decodeSnapshotHead } from '../../runtime/session/snapshot-codec.ts';

/** What a session's snapshots say of its digest, by the number of the input. One that cannot be read says nothing. */
export function digestsOf(snapshots: Iterable<JournalSnapshot>): ReadonlyMap<number, string> {
  const digests = new Map<number, string>();
  for (const { sequence, state } of snapshots) {
    try {
      digests.set(sequence, decodeSnapshotHead(state).digest);
    } catch {
      // The session says so when it starts.
    }
  }
  return digests;
}
