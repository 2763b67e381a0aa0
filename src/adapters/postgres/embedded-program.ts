import type { PGlite } from '@electric-sql/pglite';
import type { MessagePort } from 'node:worker_threads';

/** What the thread of the embedded database is asked. */
export type EmbeddedRequest =
  | { readonly id: number; readonly kind: 'QUERY'; readonly text: string; readonly values: readonly unknown[] }
  | { readonly id: number; readonly kind: 'CLOSE' };

/** What it answers; `failed` has the words and the SQLSTATE of PostgreSQL. */
export interface EmbeddedAnswer {
  readonly id: number;
  readonly rows?: readonly (readonly unknown[])[];
  readonly count?: number;
  readonly failed?: { readonly message: string; readonly code: string | null };
}

/**
 * Serves one PGlite. Sent to its thread as text, so it uses nothing but what it is handed.
 *
 * Requests are answered one after the other, in their order: PGlite has one connection.
 */
function serveEmbedded(Database: typeof PGlite, folder: string | null, port: MessagePort): void {
  const failure = (id: number, error: unknown): EmbeddedAnswer => {
    const { message, code } = error as { message?: unknown; code?: unknown };
    return { id, failed: { message: String(message ?? error), code: typeof code === 'string' ? code : null } };
  };
  const opened = folder === null ? Database.create() : Database.create(folder);
  let turn: Promise<void> = opened.then(
    () => port.postMessage({ id: 0 }),
    (error: unknown) => port.postMessage(failure(0, error)),
  );
  port.on('message', (request: EmbeddedRequest) => {
    turn = turn.then(async () => {
      try {
        const database = await opened;
        if (request.kind === 'CLOSE') {
          await database.close();
          port.postMessage({ id: request.id });
          port.close();
          return;
        }
        const { rows, affectedRows, fields } = await database.query<unknown[]>(request.text, [...request.values], { rowMode: 'array' });
        port.postMessage({ id: request.id, rows, count: fields.length > 0 ? rows.length : (affectedRows ?? 0) });
      } catch (error) {
        port.postMessage(failure(request.id, error));
      }
    });
  });
}

/** The program of the thread. `workerData` names the module, because a program without a file has no folder to look for packages from. */
export const EMBEDDED_PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.module).then(
  ({ PGlite }) => (${serveEmbedded.toString()})(PGlite, workerData.folder, parentPort),
  (error) => parentPort.postMessage({ id: 0, failed: { message: String(error), code: null } }),
);
`;
