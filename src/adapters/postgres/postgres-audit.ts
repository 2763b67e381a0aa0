import { asc, desc, eq, gte, lt } from 'drizzle-orm';
import { WorldError } from '../../ports/errors.ts';
import type { Page, PageRequest, Span } from '../../ports/trading-records.ts';
import type { AuditRecord, AuditStore } from '../../ports/audit-store.ts';
import { AUDIT, AUDIT_HEAD } from './access-tables.ts';
import { all, beforeCursor, pageOf, rowsToAsk } from './paging.ts';
import { answered, type Queries } from './queries.ts';
import type { SqlConnection } from './sql-connection.ts';

export interface AuditFilter extends Span {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
}

/** The audit log. It can be added to and read: triggers refuse the rest, and the role of the running program has no right to it. */
export class PostgresAudit implements AuditStore {
  readonly #queries: Queries;
  readonly #connection: SqlConnection;

  constructor(queries: Queries, connection: SqlConnection) {
    this.#queries = queries;
    this.#connection = connection;
  }

  /** The end of the log as it was stored with the last record; null before the first. */
  async head(): Promise<{ readonly sequence: number; readonly hash: string } | null> {
    const columns = { sequence: AUDIT_HEAD.sequence, hash: AUDIT_HEAD.hash };
    return (await answered(this.#queries.select(columns).from(AUDIT_HEAD).where(eq(AUDIT_HEAD.number, 1))))[0] ?? null;
  }

  /** Adds the record and moves the head, both or neither. @throws WorldError DATABASE_REFUSED where the record does not follow the head */
  append(record: AuditRecord): Promise<void> {
    const { sequence, ts, actor, address, action, subject, before, after, previousHash, hash } = record;
    return this.#connection.transaction(async (inside) => {
      const { count } =
        sequence === 1
          ? await inside.run('insert into quanthybrid.audit_head (number, sequence, hash) values (1, 1, $1) on conflict do nothing', [hash])
          : await inside.run(
              'update quanthybrid.audit_head set sequence = $1, hash = $2 where number = 1 and sequence = $1 - 1 and hash = $3',
              [sequence, hash, previousHash],
            );
      if (count !== 1)
        throw new WorldError('DATABASE_REFUSED', `Audit record ${sequence} does not follow the end of the log.`, { retryable: false });
      await inside.run(
        `insert into quanthybrid.audit (sequence, ts, actor, address, action, subject, before, after, previous_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [sequence, ts, actor, address, action, subject, before, after, previousHash, hash],
      );
    });
  }

  /** In order, from a sequence number on. */
  read(fromSequence: number, countMax: number): Promise<readonly AuditRecord[]> {
    return answered(
      this.#queries.select().from(AUDIT).where(gte(AUDIT.sequence, fromSequence)).orderBy(asc(AUDIT.sequence)).limit(countMax),
    );
  }

  /** Newest first. */
  async page(filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>> {
    const { actor, action, from, to } = filter;
    const isWanted = all([
      actor === undefined ? undefined : eq(AUDIT.actor, actor),
      action === undefined ? undefined : eq(AUDIT.action, action),
      from === undefined ? undefined : gte(AUDIT.ts, from),
      to === undefined ? undefined : lt(AUDIT.ts, to),
      beforeCursor(page, [AUDIT.sequence]),
    ]);
    const query = this.#queries.select().from(AUDIT).where(isWanted).orderBy(desc(AUDIT.sequence)).limit(rowsToAsk(page));
    return pageOf(await answered(query), page, (row) => String(row.sequence));
  }
}
