/**
 * Round values between `low` and `high`, steps of 1, 2 or 5 times a power of ten, and the decimals that tell them apart.
 *
 * Closed: its compiled text is part of the page (see client-script.ts).
 */
export function valueTicks(low: number, high: number, countMax: number): { readonly values: number[]; readonly decimals: number } {
  const span = high - low;
  if (!(span > 0) || countMax < 1) return { values: [], decimals: 0 };
  const rough = span / countMax;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
  const values: number[] = [];
  for (let count = Math.ceil(low / step); count * step <= high; count += 1) values.push(count * step);
  return { values, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/**
 * Moments worth naming between two times (microseconds, UTC): starts of years, months, days, hours, minutes or seconds, at most `countMax`, and
 * a label for each; where a larger unit begins, its name stands.
 *
 * Closed: its compiled text is part of the page (see client-script.ts).
 */
export function timeTicks(from: number, to: number, countMax: number): { readonly ts: number; readonly label: string }[] {
  const seconds = [
    1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000,
  ];
  const months = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600];
  const rough = (to - from) / 1e6 / Math.max(1, countMax);
  if (!(rough > 0)) return [];
  const ticks: { ts: number; label: string }[] = [];
  const step = seconds.find((candidate) => candidate >= rough);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (step === undefined) {
    const monthStep = months.find((candidate) => candidate * 2_629_746 >= rough) ?? 1200;
    const begin = new Date(from / 1000);
    let month = Math.floor((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / monthStep) * monthStep;
    for (; ; month += monthStep) {
      const ts = Date.UTC(Math.floor(month / 12), month % 12) * 1000;
      if (ts > to) return ticks;
      const year = String(Math.floor(month / 12));
      if (ts >= from) ticks.push({ ts, label: month % 12 === 0 ? year : `${year}-${two((month % 12) + 1)}` });
    }
  }
  const stepUs = Math.round(step * 1e6);
  for (let ts = Math.ceil(from / stepUs) * stepUs; ts <= to; ts += stepUs) {
    const date = new Date(Math.floor(ts / 1000));
    const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
    const minute = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
    const isMidnight = ts % 86_400_000_000 === 0;
    const second = `${minute}:${two(date.getUTCSeconds())}`;
    const label = isMidnight
      ? day
      : step >= 60
        ? minute
        : step >= 1
          ? second
          : `${second}.${String(((ts % 1e6) + 1e6) % 1e6).padStart(6, '0')}`;
    ticks.push({ ts, label });
  }
  return ticks;
}
