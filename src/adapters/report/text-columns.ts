/** How many characters of ISO 8601 times tell them apart: 10 a day, 16 a minute, 19 a second, 26 a microsecond. */
export function timeDigits(times: readonly string[]): number {
  let digits = 10;
  for (const time of times) {
    const rest = time.slice(10);
    if (/^T00:00:00(\.0*)?Z$/.test(rest)) continue;
    if (/^T\d\d:\d\d:00(\.0*)?Z$/.test(rest)) digits = Math.max(digits, 16);
    else if (/^T\d\d:\d\d:\d\d(\.0*)?Z$/.test(rest)) digits = Math.max(digits, 19);
    else return 26;
  }
  return digits;
}

/** An ISO time as people read it, cut to `digits` characters. */
export function timeText(iso: string, digits: number): string {
  return iso.slice(0, digits).replace('T', ' ');
}
