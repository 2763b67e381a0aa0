/** Text that is HTML already. Only {@link html} and {@link trustedHtml} make it, so whatever else reaches a page is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPart = Html | string | number | readonly HtmlPart[];

/** Template tag: texts and numbers put into it are escaped, pieces of HTML and lists of them go in as they are. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0]!;
  parts.forEach((part, index) => {
    text += partText(part) + strings[index + 1]!;
  });
  return new Html(text);
}

/** For text that we wrote ourselves: styles, scripts, {@link jsonForScript}. */
export function trustedHtml(text: string): Html {
  return new Html(text);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe in element content and in a quoted attribute. A NUL or a lone surrogate is no character of HTML and is shown as U+FFFD. */
export function escapeHtml(text: string): string {
  // With the u flag a surrogate matches only where its other half is missing.
  return text.replace(/[\0\ud800-\udfff]/gu, '\uFFFD').replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

/**
 * JSON for a `<script type="application/json">`: no `<` is left, so neither `</script>` nor `<!--` can end or change the element.
 * NaN and infinities become null, as JSON has it.
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function partText(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return escapeHtml(String(part));
  return part.map(partText).join('');
}
