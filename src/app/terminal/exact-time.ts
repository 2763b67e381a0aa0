import { instantText } from '../../model/instant.ts';

/** ISO 8601 in UTC to the second, or as fine as the time is: `2024-08-08T23:54:15.03Z`. As a run file's period takes it. */
export function exactTimeText(ts: number): string {
  const text = instantText(ts);
  return `${text.slice(0, 19)}${text.slice(19, -1).replace(/\.?0+$/, '')}Z`;
}
