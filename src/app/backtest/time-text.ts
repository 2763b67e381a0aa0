import { instantText } from '../../model/instant.ts';

/** `2013-10-07`, and the time of day where it is not midnight. */
export function shortTimeText(ts: number): string {
  const text = instantText(ts);
  return text.slice(11, 19) === '00:00:00' ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}
