import type { RandomState } from '../base/random.ts';
import type { Latency } from './latency.ts';
import type { VenueReport } from '../model/reports.ts';

export interface ReportInFlight {
  readonly report: VenueReport;
  readonly arriveTs: number;
}

export interface ReportQueueState {
  readonly now: number;
  readonly heardTs: number;
  readonly inFlight: readonly ReportInFlight[];
  readonly latency: RandomState | null;
}

const NOTHING: readonly VenueReport[] = [];

/** Who is told what the venue reports. */
export interface ReportListener {
  /** @param tsInit when the report reached the house */
  applyReport(report: VenueReport, tsInit: number): void;
}

/**
 * Reports on their way to the house, in the order in which the venue made them: those that have arrived wait for {@link handOver} or
 * {@link clear}.
 */
export class ReportQueue {
  /** How many have arrived and were not handed over. */
  count = 0;
  /*
   * Hot: the first `count` entries count. Entries are written over and lists never shortened, which costs several times as much.
   */
  private readonly arrived: VenueReport[] = [];
  private readonly arrivalTs: number[] = [];
  /** The house's time: what arrives now is known at this time. */
  now = 0;
  /** When the newest report that arrived did so by its latency: inside a bar's path that is before `now`, the row's end. */
  heardTs = 0;
  /** A fill has arrived that the core has not seen: nothing may be sized from the core's books. */
  hasUndeliveredFill = false;
  private readonly responseUs: number;
  private readonly latency: Latency | null;
  private inFlight: ReportInFlight[] = [];

  /** @param latency in place of `responseUs`, where lengths differ */
  constructor(responseUs: number, latency: Latency | null = null) {
    this.responseUs = responseUs;
    this.latency = latency;
  }

  get nextArrivalTs(): number {
    return this.inFlight.length === 0 ? Number.POSITIVE_INFINITY : this.inFlight[0]!.arriveTs;
  }

  /** What has arrived, in order; a copy. */
  reports(): readonly VenueReport[] {
    return this.arrived.slice(0, this.count);
  }

  /** Beside each of {@link reports}: when it reached the house. */
  tsArrive(): readonly number[] {
    return this.arrivalTs.slice(0, this.count);
  }

  /** What the house has not been handed yet. */
  unheard(): readonly VenueReport[] {
    if (this.count + this.inFlight.length === 0) return NOTHING;
    return [...this.reports(), ...this.inFlight.map(({ report }) => report)];
  }

  /** Tells what has arrived, in order, and clears it. */
  handOver(listener: ReportListener): void {
    const { arrived, arrivalTs } = this;
    for (let place = 0; place < this.count; place += 1) listener.applyReport(arrived[place]!, arrivalTs[place]!);
    this.clear();
  }

  emit(report: VenueReport): void {
    // Hot: without latency nothing is ever on its way, but for what a saved state brought.
    const { latency } = this;
    if (this.responseUs === 0 && latency === null && this.inFlight.length === 0) return this.deliver(report, Math.max(report.tsEvent, 0));
    const last = this.inFlight.length === 0 ? 0 : this.inFlight[this.inFlight.length - 1]!.arriveTs;
    const responseUs = latency === null ? this.responseUs : latency.at(report.tsEvent);
    const arriveTs = Math.max(report.tsEvent + responseUs, last);
    if ((responseUs === 0 && latency === null) || (arriveTs <= this.now && this.inFlight.length === 0)) this.deliver(report, arriveTs);
    else this.inFlight.push({ report, arriveTs });
  }

  /** Lets everything arrive that is due at `now`. */
  drain(): void {
    let count = 0;
    while (count < this.inFlight.length && this.inFlight[count]!.arriveTs <= this.now) {
      this.deliver(this.inFlight[count]!.report, this.inFlight[count]!.arriveTs);
      count += 1;
    }
    if (count > 0) this.inFlight.splice(0, count);
  }

  /** Lets everything arrive now, due or not. */
  settle(): void {
    for (const { report, arriveTs } of this.inFlight.splice(0)) this.deliver(report, arriveTs);
  }

  clear(): void {
    this.count = 0;
    this.hasUndeliveredFill = false;
  }

  /** With everything that has arrived handed over. */
  saveState(): ReportQueueState {
    return { now: this.now, heardTs: this.heardTs, inFlight: [...this.inFlight], latency: this.latency?.saveState() ?? null };
  }

  loadState({ now, heardTs, inFlight, latency }: ReportQueueState): void {
    this.now = now;
    this.heardTs = heardTs;
    this.inFlight = [...inFlight];
    this.latency?.loadState(latency);
  }

  private deliver(report: VenueReport, arriveTs: number): void {
    this.heardTs = arriveTs;
    const { count } = this;
    this.arrived[count] = report;
    this.arrivalTs[count] = this.now;
    this.count = count + 1;
    if (report.kind === 'Fill') this.hasUndeliveredFill = true;
  }
}
