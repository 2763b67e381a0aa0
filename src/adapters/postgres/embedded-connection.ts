import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { WorldError } from '../../ports/errors.ts';
import { databaseError } from './database-error.ts';
import { EMBEDDED_PROGRAM, type EmbeddedAnswer, type EmbeddedRequest } from './embedded-program.ts';
import { FolderLock } from './folder-lock.ts';
import type { SqlConnection, SqlResult, SqlRunner, SqlValue } from './sql-connection.ts';

interface Waiting {
  readonly resolve: (answer: EmbeddedAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * PostgreSQL in this process (PGlite), in a thread of its own: it computes where it stands, seconds long when it is first made.
 *
 * It has one connection, so whoever comes during a transaction waits for its end. It never waits for the disk: what it says to have stored may be gone
 * after a power cut. That is why the journal is the authority, and why live trading refuses it. Statement timeouts do not work in it.
 */
export class EmbeddedConnection implements SqlConnection {
  readonly kind = 'EMBEDDED';
  readonly place: string;
  readonly #worker: Worker;
  readonly #lock: FolderLock | null;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  /** The end of whatever was asked for last: statements and transactions take turns. */
  #turn: Promise<unknown> = Promise.resolve();
  #ended: WorldError | null = null;

  private constructor(worker: Worker, lock: FolderLock | null, place: string) {
    this.place = place;
    this.#worker = worker;
    this.#lock = lock;
    worker.on('message', (answer: EmbeddedAnswer) => this.#take(answer));
    worker.on('error', (cause) => this.#end(`its thread failed: ${cause.message}`, cause));
    worker.on('exit', () => this.#end('it was closed', null));
  }

  /**
   * @param folder null for one in memory
   * @throws InputError DATABASE_FOLDER_LOCKED; WorldError DATABASE_FOLDER_FAILED
   */
  static async open(folder: string | null): Promise<EmbeddedConnection> {
    const place = folder ?? 'in memory';
    let lock: FolderLock | null = null;
    if (folder !== null) {
      try {
        mkdirSync(folder, { recursive: true });
      } catch (cause) {
        throw new WorldError('DATABASE_FOLDER_FAILED', `${folder} cannot be made.`, { retryable: false, cause });
      }
      lock = FolderLock.acquire(folder);
    }
    const worker = new Worker(EMBEDDED_PROGRAM, {
      eval: true,
      env: {},
      workerData: { module: import.meta.resolve('@electric-sql/pglite'), folder: folder === null ? null : `${folder}/pglite` },
    });
    const connection = new EmbeddedConnection(worker, lock, place);
    try {
      await connection.#answer(0);
    } catch (cause) {
      await worker.terminate();
      lock?.release();
      throw new WorldError('DATABASE_FOLDER_FAILED', `The embedded database ${place} does not open.`, { retryable: false, cause });
    }
    return connection;
  }

  run(text: string, values: readonly SqlValue[] = []): Promise<SqlResult> {
    return this.#inTurn(() => this.#query(text, values));
  }

  transaction<T>(work: (inside: SqlRunner) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#query('begin', []);
      try {
        const result = await work({ run: (text, values = []) => this.#query(text, values) });
        await this.#query('commit', []);
        return result;
      } catch (cause) {
        if (this.#ended === null) await this.#query('rollback', []);
        throw cause;
      }
    });
  }

  async close(): Promise<void> {
    if (this.#ended !== null) return;
    try {
      await this.#inTurn(() => this.#ask({ id: this.#nextId, kind: 'CLOSE' }));
      await this.#worker.terminate();
    } finally {
      this.#lock?.release();
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #query(text: string, values: readonly SqlValue[]): Promise<SqlResult> {
    const { rows, count } = await this.#ask({ id: this.#nextId, kind: 'QUERY', text, values });
    return { rows: rows ?? [], count: count ?? 0 };
  }

  #ask(request: EmbeddedRequest): Promise<EmbeddedAnswer> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    this.#nextId += 1;
    const answer = this.#answer(request.id);
    this.#worker.postMessage(request);
    return answer;
  }

  #answer(id: number): Promise<EmbeddedAnswer> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #take(answer: EmbeddedAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.failed === undefined) waiting?.resolve(answer);
    else waiting?.reject(databaseError(Object.assign(new Error(answer.failed.message), { code: answer.failed.code }), this.place));
  }

  #end(why: string, cause: unknown): void {
    this.#ended ??= new WorldError('DATABASE_UNREACHABLE', `The embedded database ${this.place}: ${why}.`, { retryable: false, cause });
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
