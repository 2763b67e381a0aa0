import { InputError } from '../ports/errors.ts';

/** How often equity is written down: after every recorded bar, or at multiples of an interval. */
export type EquitySampling = { readonly kind: 'bar' } | { readonly kind: 'interval'; readonly everyUs: number };

/** Samples beyond this are refused: a curve of a thousand million points is a mistake in the run file. */
export const EQUITY_SAMPLES_MAX = 50_000_000;
const SAMPLES_FIRST = 4096;

export interface EquitySamplerState {
  readonly dueTs: number;
  readonly ts: Float64Array;
  readonly equityApprox: Float64Array;
}

/**
 * The equity curve. A sample at T holds what is true when every input with tsInit <= T has been handled.
 * `dueTs`: the sample that the runtime owes; it takes it before any input after that time.
 */
export class EquitySampler {
  dueTs = Number.POSITIVE_INFINITY;
  count = 0;
  ts = new Float64Array(SAMPLES_FIRST);
  /** In units of the base currency, as doubles: statistics, not money. */
  equityApprox = new Float64Array(SAMPLES_FIRST);
  private readonly sampling: EquitySampling;

  constructor(sampling: EquitySampling) {
    this.sampling = sampling;
  }

  /** Before the first input of the run: what was there, where it is known, unless that input is at a sample's own time. */
  begin(ts: number, equityApprox: number): void {
    this.beginAt(ts);
    if (this.sampling.kind === 'interval' && this.dueTs !== ts && equityApprox > 0) this.push(ts, equityApprox);
  }

  /** The first input of the run, or the first after a pause: intervals without data have no samples. */
  private beginAt(ts: number): void {
    if (this.sampling.kind === 'interval') this.dueTs = Math.ceil(ts / this.sampling.everyUs) * this.sampling.everyUs;
  }

  /** A recorded bar has been handled. */
  noteBar(ts: number): void {
    if (this.sampling.kind === 'bar') this.dueTs = ts;
  }

  /** @param tsNext when the next input was known: the next due time is not before it; Infinity at the end */
  take(equityApprox: number, tsNext: number): void {
    this.push(this.dueTs, equityApprox);
    this.dueTs = Number.POSITIVE_INFINITY;
    if (this.sampling.kind === 'interval' && tsNext !== Number.POSITIVE_INFINITY) this.beginAt(tsNext);
  }

  /** The state at the end of the run, in place of a sample at the same time. */
  finish(ts: number, equityApprox: number): void {
    if (this.count > 0 && this.ts[this.count - 1]! >= ts) this.equityApprox[this.count - 1] = equityApprox;
    else this.push(ts, equityApprox);
    this.dueTs = Number.POSITIVE_INFINITY;
  }

  saveState(): EquitySamplerState {
    const { dueTs, count } = this;
    return { dueTs, ts: this.ts.slice(0, count), equityApprox: this.equityApprox.slice(0, count) };
  }

  /** Of a sampler that has taken nothing. */
  loadState({ dueTs, ts, equityApprox }: EquitySamplerState): void {
    ts.forEach((sampleTs, at) => this.push(sampleTs, equityApprox[at]!));
    this.dueTs = dueTs;
  }

  private push(ts: number, equityApprox: number): void {
    if (this.count >= EQUITY_SAMPLES_MAX) throw tooMany();
    if (this.count === this.ts.length) {
      this.ts = grown(this.ts);
      this.equityApprox = grown(this.equityApprox);
    }
    this.ts[this.count] = ts;
    this.equityApprox[this.count] = equityApprox;
    this.count += 1;
  }
}

function tooMany(): InputError {
  return new InputError([
    {
      code: 'EQUITY_SAMPLES_TOO_MANY',
      rule: `An equity curve has at most ${EQUITY_SAMPLES_MAX} samples.`,
      fix: 'Sample less often, or run a shorter period.',
    },
  ]);
}

function grown(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
