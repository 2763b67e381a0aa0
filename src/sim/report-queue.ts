import type { VenueReport } from '../model/reports.ts';

export interface ReportInFlight {
  readonly report: VenueReport;
  readonly arriveTs: number;
}

/**
 * Reports on their way to the house, in the order in which the venue made them. `reports` holds what has arrived and not been cleared,
 * `tsArrive` beside it when each arrived. The caller hands them to the core and calls {@link clear}.
 */
export class ReportQueue {
  readonly reports: VenueReport[] = [];
  readonly tsArrive: number[] = [];
  /** The house's time: what arrives now is known at this time. */
  now = 0;
  /** When the newest report that arrived did so by its latency: inside a bar's path that is before `now`, the row's end. */
  heardTs = 0;
  /** A fill has arrived that the core has not seen: nothing may be sized from the core's books. */
  hasUndeliveredFill = false;
  private readonly responseUs: number;
  private inFlight: ReportInFlight[] = [];

  constructor(responseUs: number) {
    this.responseUs = responseUs;
  }

  get nextArrivalTs(): number {
    return this.inFlight.length === 0 ? Number.POSITIVE_INFINITY : this.inFlight[0]!.arriveTs;
  }

  /** What the house has not been handed yet. */
  unheard(): readonly VenueReport[] {
    return this.inFlight.length === 0 ? this.reports : [...this.reports, ...this.inFlight.map(({ report }) => report)];
  }

  emit(report: VenueReport): void {
    // Hot: without latency nothing is ever on its way, but for what a saved state brought.
    if (this.responseUs === 0 && this.inFlight.length === 0) return this.deliver(report, Math.max(report.tsEvent, 0));
    const last = this.inFlight.length === 0 ? 0 : this.inFlight[this.inFlight.length - 1]!.arriveTs;
    const arriveTs = Math.max(report.tsEvent + this.responseUs, last);
    if (this.responseUs === 0 || (arriveTs <= this.now && this.inFlight.length === 0)) this.deliver(report, arriveTs);
    else this.inFlight.push({ report, arriveTs });
  }

  /** Lets everything arrive that is due at `now`. */
  drain(): void {
    let count = 0;
    while (count < this.inFlight.length && this.inFlight[count]!.arriveTs <= this.now) {
      this.deliver(this.inFlight[count]!.report, this.inFlight[count]!.arriveTs);
      count += 1;
    }
    if (count === this.inFlight.length) empty(this.inFlight);
    else if (count > 0) this.inFlight.splice(0, count);
  }

  /** Lets everything arrive now, due or not. */
  settle(): void {
    for (const { report, arriveTs } of this.inFlight.splice(0)) this.deliver(report, arriveTs);
  }

  clear(): void {
    empty(this.reports);
    empty(this.tsArrive);
    this.hasUndeliveredFill = false;
  }

  saveState(): readonly ReportInFlight[] {
    return [...this.inFlight];
  }

  loadState(inFlight: readonly ReportInFlight[]): void {
    this.inFlight = [...inFlight];
  }

  private deliver(report: VenueReport, arriveTs: number): void {
    this.heardTs = arriveTs;
    // Hot: written to the end by index, which is compiled in place where `push` is called.
    this.reports[this.reports.length] = report;
    this.tsArrive[this.tsArrive.length] = this.now;
    if (report.kind === 'Fill') this.hasUndeliveredFill = true;
  }
}

/** Taking entries off costs less than setting a length, and the lists are short. */
function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}
