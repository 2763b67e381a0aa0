import { EXIT, interruption } from '../command-frame.ts';
import type { DataProgress } from '../data/data-progress.ts';
import { dataProgressText, progressView } from '../terminal/progress.ts';
import { VERSION } from '../version.ts';

/** What the commands about data have in common. */

export const STORE_DEFAULT = './data';
export const CREATED_BY = `quanthybrid ${VERSION}`;

/** Runs with progress and Ctrl-C, then prints what came of it. */
export async function shown(
  work: (given: { readonly signal: AbortSignal; readonly onProgress: (progress: DataProgress) => void }) => Promise<readonly string[]>,
  { json = false }: { readonly json?: boolean | undefined },
): Promise<number> {
  const view = progressView(process.stderr, dataProgressText);
  const { signal, release } = interruption();
  try {
    const lines = await work({ signal, onProgress: view.show });
    view.end();
    print(lines);
    return EXIT.ok;
  } catch (error) {
    view.end();
    if (!signal.aborted) throw error;
    if (json) print([JSON.stringify({ status: 'stopped' })]);
    process.stderr.write('stopped: nothing incomplete was kept.\n');
    return EXIT.interrupted;
  } finally {
    release();
  }
}

export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
