import { z } from 'zod';

/** What a folder of a run holds: what came of it in a few figures, and the page with everything. */
export const RUN_RECORD_FILE = 'run.json';
export const RUN_REPORT_FILE = 'report.html';

export const RUN_RECORD_VERSION = 1;
/** Points of a curve that is drawn as large as a word. */
export const RUN_CURVE_POINTS_MAX = 120;

/** Characters of what tells a run from others of its name. */
export const RUN_NOTE_CHARACTERS_MAX = 256;

/** JSON knows no NaN: a figure that is not defined is null. */
const RunRecordSchema = z.strictObject({
  version: z.literal(RUN_RECORD_VERSION),
  kind: z.enum(['backtest', 'session']),
  run: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/),
  name: z.string().max(256),
  note: z.string().max(RUN_NOTE_CHARACTERS_MAX),
  status: z.string().max(32),
  tsStarted: z.int().min(0),
  digest: z.string().max(128),
  currency: z.string().max(32),
  equity: z.array(z.number()).max(RUN_CURVE_POINTS_MAX),
  figures: z.record(z.string().max(64), z.number().nullable()),
});

/** A run as its folder tells it. */
export type RunRecord = z.infer<typeof RunRecordSchema>;

/** @returns null for what is none: another program's file, or one of another version */
export function parseRunRecord(text: string): RunRecord | null {
  try {
    const parsed = RunRecordSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function runRecordText(record: RunRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Figures as JSON can hold them. */
export function writtenFigures(figures: Readonly<Record<string, number | null>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number.isFinite(value) ? value : null]));
}

/**
 * A curve in few points, to be drawn small: of each stretch the lowest and the highest stay, in their order, and the first and the last of all.
 */
export function thinCurve(values: readonly number[]): number[] {
  if (values.length <= RUN_CURVE_POINTS_MAX) return [...values];
  const stretches = RUN_CURVE_POINTS_MAX / 2 - 1;
  const inner = values.length - 2;
  const kept = [values[0]!];
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = 1 + Math.floor((stretch * inner) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * inner) / stretches);
    let low = from;
    let high = from;
    for (let at = from; at < to; at += 1) {
      if (values[at]! < values[low]!) low = at;
      if (values[at]! > values[high]!) high = at;
    }
    kept.push(values[Math.min(low, high)]!, values[Math.max(low, high)]!);
  }
  kept.push(values.at(-1)!);
  return kept;
}
