import { countText } from '../terminal/number-text.ts';
import { unreachable } from '../../base/assert.ts';
import type { BatchWriterStatus } from '../../runtime/batch-writer.ts';

type Storing = 'WELL' | 'DOWN' | 'FAILED';

/** Says one line when a session is not stored any more, or waits to be, and one when it is stored again. */
export function storingLines(say: (line: string) => void): (status: BatchWriterStatus) => void {
  let said: Storing = 'WELL';
  return (status) => {
    const now = storingOf(status, said);
    if (now === said) return;
    said = now;
    say(lineOf(now, status));
  };
}

/** While it catches up it is neither: what was said last stays until it is LIVE. */
function storingOf({ state, downSince }: BatchWriterStatus, said: Storing): Storing {
  if (state === 'FAILED') return 'FAILED';
  if (downSince !== null) return 'DOWN';
  return state === 'LIVE' ? 'WELL' : said;
}

function lineOf(storing: Storing, { problem }: BatchWriterStatus): string {
  const why = problem === null ? '' : `: ${problem.message} [${problem.code}]`;
  switch (storing) {
    case 'WELL':
      return 'The database answers again; everything is being stored.';
    case 'DOWN':
      return `The database does not answer${why}. The session goes on; what is to be stored waits.`;
    case 'FAILED':
      return `The database stores nothing more of this session${why}. The session goes on; its journal has everything.`;
    default:
      return unreachable(storing);
  }
}

/** What is said at the end, where something was not stored in time. */
export function unstoredText({ seen, written }: Pick<BatchWriterStatus, 'seen' | 'written'>): string {
  const count = seen - Math.max(written, 0);
  const inputs = count === 1 ? '1 input is' : `${countText(count)} inputs are`;
  return `${inputs} not stored in the database; the next start stores ${count === 1 ? 'it' : 'them'}.`;
}
