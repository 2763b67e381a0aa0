import { and, type AnyColumn, sql, type SQL } from 'drizzle-orm';
import { InputError } from '../../ports/errors.ts';
import { type Page, PAGE_ROWS_MAX, type PageRequest } from '../../ports/trading-records.ts';

/*
 * Pages by what the last row was, not by how many rows went before: rows that come in meanwhile move nothing, and the thousandth page costs what the first
 * does. A cursor is the row's place in its index: whole numbers, `1700000000000000_17_0`.
 */

/** Rows to ask for: one more than wanted tells whether there is another page. @throws InputError */
export function rowsToAsk({ limit }: PageRequest): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= PAGE_ROWS_MAX) return limit + 1;
  throw refused(`A page has 1 to ${PAGE_ROWS_MAX} rows.`, String(limit));
}

/** The rows before the cursor, in an index that ends with these columns and is read backwards. */
export function beforeCursor({ cursor }: PageRequest, columns: readonly AnyColumn[]): SQL | undefined {
  if (cursor === undefined) return undefined;
  const parts = cursor.split('_');
  if (parts.length !== columns.length || parts.some((part) => !/^\d{1,16}$/.test(part)))
    throw refused('A cursor is what the page before gave as its next.', cursor);
  const row = parts.map((part) => sql`${part}::bigint`);
  return sql`(${sql.join([...columns], sql`, `)}) < (${sql.join(row, sql`, `)})`;
}

export function pageOf<T>(rows: readonly T[], { limit }: PageRequest, cursorOf: (row: T) => string): Page<T> {
  if (rows.length <= limit) return { rows, next: null };
  const shown = rows.slice(0, limit);
  return { rows: shown, next: cursorOf(shown.at(-1)!) };
}

/** What holds together: parts that were not asked for are undefined. */
export function all(parts: readonly (SQL | undefined)[]): SQL | undefined {
  return and(...parts);
}

function refused(rule: string, value: string): InputError {
  return new InputError([{ code: 'OPTION_INVALID', rule, fix: 'Correct it.', value }]);
}
