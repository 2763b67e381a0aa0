import { createHash } from 'node:crypto';

const INLINE = /<(script|style)(?:\s[^>]{0,200})?>([\s\S]*?)<\/\1>/g;

/**
 * What a run's report may do in a browser: run the scripts and styles that stand in it, named by their hashes, and reach nothing, this server
 * included: a sandbox without an origin.
 */
export function reportPolicy(html: string): string {
  const hashes = { script: [] as string[], style: [] as string[] };
  for (const [, kind, text] of html.matchAll(INLINE)) {
    hashes[kind as 'script' | 'style'].push(`'sha256-${createHash('sha256').update(text!).digest('base64')}'`);
  }
  const sources = (list: readonly string[]): string => (list.length === 0 ? "'none'" : list.join(' '));
  return [
    "default-src 'none'",
    `script-src ${sources(hashes.script)}`,
    `style-src ${sources(hashes.style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-scripts',
  ].join('; ');
}
