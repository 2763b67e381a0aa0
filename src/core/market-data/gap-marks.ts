import type { DataGap } from '../../model/events.ts';

export interface GapMarksState {
  readonly fromTs: number;
  readonly toTs: number;
}

/** Whether a bar under construction touches a span of missing data. Only the newest gap can still touch a bar that begins later. */
export class GapMarks {
  private fromTs = Infinity;
  private toTs = -Infinity;

  add(gap: DataGap): void {
    this.fromTs = gap.tsFrom;
    this.toTs = Math.max(this.toTs, gap.tsTo);
  }

  /** True when the newest gap and [startTs, endTs) have an instant in common. */
  touches(startTs: number, endTs: number): boolean {
    return this.fromTs < endTs && startTs < this.toTs;
  }

  saveState(): GapMarksState {
    return { fromTs: this.fromTs, toTs: this.toTs };
  }

  loadState({ fromTs, toTs }: GapMarksState): void {
    this.fromTs = fromTs;
    this.toTs = toTs;
  }
}
