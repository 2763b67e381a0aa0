interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function countTests(results: object | null, status: number): Counts;
export function summaryLine(counts: Counts): string;
