import type { JournalRecord } from '../../ports/journal.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BRACE = 0x7b;
const BRACKET = 0x5b;

/** A record as one line of JSON. A payload that is a JSON object or array stands there as it was written, digit by digit; every other one as base64. */
export function exportLine({ sequence, kind, ts, payload }: JournalRecord): string {
  const json = jsonOf(payload);
  const content = json === null ? `"base64":"${Buffer.from(payload).toString('base64')}"` : `"payload":${json}`;
  return `{"sequence":${sequence},"kind":${kind},"ts":${ts},${content}}`;
}

function jsonOf(payload: Uint8Array): string | null {
  if (payload[0] !== BRACE && payload[0] !== BRACKET) return null;
  try {
    const text = UTF8.decode(payload);
    JSON.parse(text);
    // Within texts JSON has line ends as escapes only, so these stand between values.
    return text.replaceAll(/[\r\n]/g, ' ');
  } catch {
    // Not JSON, or not text at all: an answer, not an error.
    return null;
  }
}
