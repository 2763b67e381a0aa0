const EPOCH_BY_DIGITS: Readonly<Record<number, string>> = { 10: 'epoch-s', 13: 'epoch-ms', 16: 'epoch-us', 19: 'epoch-ns' };

/** What is wrong with a time that its format does not read, and what it looks like. */
export function malformedTimeRule(text: string, format: string): string {
  const looksLike = /^\d+$/.test(text) ? EPOCH_BY_DIGITS[text.length] : /^\d{4}-\d{2}-\d{2}/.test(text) ? 'iso' : undefined;
  const hint = looksLike === undefined || looksLike === format ? '' : ` It looks like timeFormat: ${looksLike}.`;
  return `The time is read as ${format}, and the text has another form.${hint}`;
}
