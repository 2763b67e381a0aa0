import type { TimeSeries } from './run-series.ts';

/** One stay below a peak. */
interface DrawdownEpisode {
  /** Last sample at the peak. */
  readonly peakIndex: number;
  /** First sample back at the peak or above; the last sample where it never came back. */
  readonly endIndex: number;
  /** Share of the peak lost at the lowest sample, negative. */
  readonly depth: number;
  /** Microseconds from the peak's sample to the end's. */
  readonly durationUs: number;
}

/** Value over its highest so far, less one, for each sample: 0 at a peak, negative below. */
export function drawdownCurve(values: Float64Array): Float64Array {
  const curve = new Float64Array(values.length);
  let peak = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    peak = Math.max(peak, values[index]!);
    curve[index] = (values[index]! - peak) / peak;
  }
  return curve;
}

/** Every stay below a peak, in order of time. */
export function drawdownEpisodes(series: TimeSeries): DrawdownEpisode[] {
  const curve = drawdownCurve(series.value);
  const episodes: DrawdownEpisode[] = [];
  let peakIndex = 0;
  let depth = 0;
  for (let index = 0; index < curve.length; index += 1) {
    depth = Math.min(depth, curve[index]!);
    const isLast = index === curve.length - 1;
    if (curve[index]! < 0 && !isLast) continue;
    if (depth < 0) episodes.push({ peakIndex, endIndex: index, depth, durationUs: series.ts[index]! - series.ts[peakIndex]! });
    peakIndex = index;
    depth = 0;
  }
  return episodes;
}
