import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type ParsedNode } from 'yaml';
import { parseBigDecimal } from '../../base/decimal.ts';
import { InputError } from '../../ports/errors.ts';

/** What YAML holds, as plain data; numbers whose text a double cannot carry stay texts. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
export type PlainPath = readonly (string | number)[];

/** A parsed YAML text that can tell where each value stands. */
export interface YamlSource {
  readonly value: Plain;
  /** Line from 1 of what stands at a path, or of the nearest thing around it. `key`: of the key itself. */
  lineOf(path: PlainPath, what?: 'value' | 'key'): number;
}

/** Decimals within which a number's own text and the double's text are compared: more than any instrument has. */
const DECIMALS_COMPARED = 40;

/**
 * Parses YAML 1.2 (core schema).
 *
 * @throws InputError RUN_FILE_SYNTAX with every error's line
 */
export function parseYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => ({
        code: 'RUN_FILE_SYNTAX',
        file,
        line: lines.linePos(error.pos[0]).line,
        rule: `This is not YAML: ${firstSentence(error.message)}`,
        fix: 'Mend this line; lines are indented with spaces, and a text with ":" or "#" stands in quotes.',
      })),
    );
  }
  return {
    value: plainOf(document.contents, document),
    lineOf: (path, what = 'value') => lines.linePos(offsetOf(document.contents, path, what)).line,
  };
}

/** A value as it is written behind `--set key=`: YAML too, so that numbers, lists and texts mean the same. Null where it is not YAML. */
export function parseYamlValue(text: string): Plain {
  const document = parseDocument(text);
  return document.errors.length > 0 ? text : plainOf(document.contents, document);
}

function firstSentence(message: string): string {
  const line = message.split('\n')[0]!.trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function plainOf(node: unknown, document: Document): Plain {
  if (isAlias(node)) return plainOf(node.resolve(document), document);
  if (isMap(node)) {
    // A key without a value says nothing: it counts as absent.
    const entries = node.items
      .map((pair) => [keyText(pair.key), plainOf(pair.value, document)] as const)
      .filter(([, value]) => value !== null);
    return Object.fromEntries(entries);
  }
  if (isSeq(node)) return node.items.map((item) => plainOf(item, document));
  if (!isScalar(node)) return null;
  const { value, source } = node;
  if (typeof value === 'number') return exactNumber(value, source ?? String(value));
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : String(value);
}

function exactNumber(value: number, source: string): number | string {
  const written = parseBigDecimal(source, DECIMALS_COMPARED);
  if (typeof written === 'string') return Number.isFinite(value) ? value : source;
  return parseBigDecimal(String(value), DECIMALS_COMPARED) === written ? value : source;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.source ?? key.value) : String(key);
}

function offsetOf(contents: ParsedNode | null, path: PlainPath, what: 'value' | 'key'): number {
  let node: Node | null = contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [place, step] of path.entries()) {
    let next: Node | null = null;
    if (isMap(node)) {
      const pair = node.items.find((item) => keyText(item.key) === String(step));
      if (pair === undefined) break;
      const keyOffset = (pair.key as Node | null)?.range?.[0] ?? offset;
      next = pair.value as Node | null;
      const isLast = place === path.length - 1;
      offset = isLast && (what === 'key' || isMap(next) || isSeq(next)) ? keyOffset : (next?.range?.[0] ?? keyOffset);
    } else if (isSeq(node)) {
      next = (node.items[Number(step)] ?? null) as Node | null;
      offset = next?.range?.[0] ?? offset;
    }
    if (next === null) break;
    node = next;
  }
  return offset;
}
