/** ISO 8601 in UTC with microseconds: `2013-10-07T13:31:00.000000Z`. */
export function timeText(ts: number): string {
  const ms = Math.floor(ts / 1000);
  const us = Math.round(ts - ms * 1000);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(us).padStart(3, '0')}Z`;
}

/** `2013-10-07`, and the time of day where it is not midnight. */
export function shortTimeText(ts: number): string {
  const text = timeText(ts);
  return text.slice(11, 19) === '00:00:00' ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}
