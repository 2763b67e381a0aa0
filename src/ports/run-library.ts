/** A run that has been kept. */
export interface KeptRun {
  /** From 1, in the order in which runs were kept. */
  readonly sequence: number;
  readonly kind: 'backtest' | 'session';
  readonly run: string;
  readonly name: string;
  /** What tells it from others of its name: values that were set over those of the run file. */
  readonly note: string;
  readonly status: string;
  readonly tsStarted: number;
  readonly digest: string;
  readonly hasReport: boolean;
  /** Of the equity. */
  readonly currency: string;
  /** Equity from first to last in a few points, to be drawn small. */
  readonly equity: readonly number[];
  /** Statistics by name; NaN where one is not defined. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Runs and their reports. */
export interface RunLibrary {
  /** Newest first. @param before only what has a lower number */
  page(before: number | null, limit: number): Promise<readonly KeptRun[]>;
  run(run: string): Promise<KeptRun | null>;
  /** The report: one page of HTML that needs nothing else; null where there is none. */
  report(run: string): Promise<string | null>;
}
