/**
 * A span of time in its two largest units, as people say it: `12 d 4 h`, `3 h 5 min`, `45.2 s`, `120 µs`.
 *
 * Closed: its compiled text is part of the page (see client-script.ts).
 */
export function durationText(us: number): string {
  const seconds = us / 1e6;
  if (us < 1000) return `${us} µs`;
  if (seconds < 1) return `${(us / 1000).toFixed(1)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 1440) return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(seconds / 3600);
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
