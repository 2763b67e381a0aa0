/** What goes into a statement. Lists go in as one array literal (see array-literal.ts). */
export type SqlValue = string | number | bigint | boolean | null;

export interface SqlResult {
  /** Fields in the order in which they were asked for. */
  readonly rows: readonly (readonly unknown[])[];
  /** Rows that were written, or read. */
  readonly count: number;
}

/** Whatever statements can be sent to. */
export interface SqlRunner {
  /** One statement with values for $1, $2 …  @throws WorldError */
  run(text: string, values?: readonly SqlValue[]): Promise<SqlResult>;
}

/** A database, embedded or on a server. */
export interface SqlConnection extends SqlRunner {
  readonly kind: 'EMBEDDED' | 'SERVER';
  /** Where it is, without a password. */
  readonly place: string;
  /** All of it, or nothing: what `work` throws undoes what it did.  @throws WorldError */
  transaction<T>(work: (inside: SqlRunner) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
