const ZONE = 'UTC';
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: '2-digit', month: 'short' });

export const ZONE_NAME = ZONE;

export function clockText(tsUs: number): string {
  return CLOCK.format(tsUs / 1000);
}

/** `14:05:12`, or `29 Nov 14:05` of another day. */
export function momentText(tsUs: number, nowUs: number): string {
  if (tsUs <= 0) return '–';
  if (Math.floor(tsUs / 86_400e6) === Math.floor(nowUs / 86_400e6)) return clockText(tsUs);
  return `${DAY.format(tsUs / 1000)} ${clockText(tsUs).slice(0, 5)}`;
}

/** `2026-11-30 14:05:12.123456`. */
export function exactTimeText(tsUs: number): string {
  const seconds = Math.floor(tsUs / 1e6);
  const micros = String(tsUs - seconds * 1e6).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')}.${micros}`;
}

/** How long, in one unit: `0.4 s`, `12 s`, `3 min`, `5 h`, `2 d`. */
export function ageText(us: number): string {
  const seconds = Math.max(0, us / 1e6);
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
