/*
 * Lists as PostgreSQL reads them, `{1,2,NULL}`: one text per column of a batch, which costs a driver nothing to send. Source: PostgreSQL
 * documentation, section "Array Input and Output Syntax".
 */

/** Numbers, and decimals as text: nothing in them that needs a quote. */
export function plainArray(values: readonly (string | number | bigint | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** Texts of any content. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"${storableText(value).replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}

const NUL = new RegExp(String.fromCharCode(0), 'g');

/** PostgreSQL stores every character but U+0000; it becomes U+FFFD, so that a strategy cannot stop the writer by a word. */
export function storableText(text: string): string {
  return text.includes('\0') ? text.replace(NUL, '\uFFFD') : text;
}

/** As JSON that `jsonb` stores: it takes neither U+0000 nor half a surrogate pair, not even written as an escape. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'string' ? storableText(inner).replace(/\p{Surrogate}/gu, '\uFFFD') : inner,
  );
}
