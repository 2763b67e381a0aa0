import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Alias, type Document, type Node, type ParsedNode } from 'yaml';
import { parseBigDecimal } from '../../base/decimal.ts';
import { CONFIG_CODES } from '../../model/codes/config.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';

/** What YAML holds, as plain data; numbers whose text a double cannot carry stay texts. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
export type PlainPath = readonly (string | number)[];

/** A parsed YAML text that can tell where each value stands. */
interface YamlSource {
  readonly value: Plain;
  /** Line from 1 of what stands at a path, or of the nearest thing around it. `key`: of the key itself. */
  lineOf(path: PlainPath, what?: 'value' | 'key'): number;
}

/** Values that a run file may hold once every alias is replaced by what it stands for: aliases of aliases multiply. */
export const YAML_VALUES_MAX = 100_000;
/** Maps and lists within each other: the parser calls itself once for each. */
export const YAML_DEPTH_MAX = 100;

/** Decimals within which a number's own text and the double's text are compared: more than any instrument has. */
const DECIMALS_COMPARED = 40;

/**
 * Parses YAML 1.2 (core schema).
 *
 * @throws InputError RUN_FILE_SYNTAX with every error's line; RUN_FILE_ALIAS_REFUSED, RUN_FILE_TOO_DEEP with the line
 */
export function parseYaml(text: string, file: string): YamlSource {
  const deepAt = tooDeepAt(text);
  if (deepAt >= 0) throw refusal('RUN_FILE_TOO_DEEP', { file, line: text.slice(0, deepAt).split('\n').length });
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
  const lineAt = (node: Node): number => lines.linePos(node.range?.[0] ?? 0).line;
  return {
    value: new PlainReader(document, (code, node, rule) => refusal(code, { file, line: lineAt(node), rule })).read(document.contents),
    lineOf: (path, what = 'value') => lines.linePos(offsetOf(document.contents, path, what)).line,
  };
}

/**
 * A value as it is written behind `--set key=` or an option: YAML too, so that numbers, lists and texts mean the same. What is not YAML is a text.
 *
 * @throws InputError RUN_FILE_ALIAS_REFUSED, RUN_FILE_TOO_DEEP
 */
export function parseYamlValue(text: string): Plain {
  if (tooDeepAt(text) >= 0) throw refusal('RUN_FILE_TOO_DEEP', {});
  const document = parseDocument(text);
  if (document.errors.length > 0) return text;
  return new PlainReader(document, (code, _node, rule) => refusal(code, { value: text, rule })).read(document.contents);
}

type ShapeCode = 'RUN_FILE_ALIAS_REFUSED' | 'RUN_FILE_TOO_DEEP';

function refusal(code: ShapeCode, place: Partial<InputProblem>): InputError {
  const { meaning, fix } = CONFIG_CODES[code];
  return new InputError([{ code, fix, rule: meaning, ...place }]);
}

/** Where brackets first stand too deep in each other, or -1. Looked at before parsing, because the parser itself fails on thousands of them. */
function tooDeepAt(text: string): number {
  let depth = 0;
  for (const { index, 0: bracket } of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > YAML_DEPTH_MAX) return index;
  }
  return -1;
}

function firstSentence(message: string): string {
  const line = message.split('\n')[0]!.trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** Turns nodes into plain data: aliases are replaced by what they stand for, never by themselves and never without end. */
class PlainReader {
  readonly #document: Document;
  readonly #refuse: (code: ShapeCode, node: Node, rule: string) => InputError;
  readonly #targets = new Map<Alias, Node | undefined>();
  /** Nodes that the one at hand lies in. */
  readonly #outer: Node[] = [];
  #values = 0;

  constructor(document: Document, refuse: (code: ShapeCode, node: Node, rule: string) => InputError) {
    this.#document = document;
    this.#refuse = refuse;
  }

  read(node: unknown): Plain {
    if (isAlias(node)) return this.read(this.#targetOf(node));
    if (isScalar(node)) return this.#count(node, scalarOf(node.value, node.source));
    if (!isMap(node) && !isSeq(node)) return null;
    if (this.#outer.length >= YAML_DEPTH_MAX)
      throw this.#refuse('RUN_FILE_TOO_DEEP', node, `Maps and lists stand more than ${YAML_DEPTH_MAX} deep in each other.`);
    this.#outer.push(node);
    // A key without a value says nothing: it counts as absent.
    const value = isMap(node)
      ? Object.fromEntries(
          node.items.map((pair) => [keyText(pair.key), this.read(pair.value)] as const).filter(([, inner]) => inner !== null),
        )
      : node.items.map((item) => this.read(item));
    this.#outer.pop();
    return this.#count(node, value);
  }

  #targetOf(alias: Alias): Node {
    // Finding an anchor walks the document: once for each place that names it.
    const target = this.#targets.get(alias) ?? alias.resolve(this.#document);
    this.#targets.set(alias, target);
    if (target === undefined)
      throw this.#refuse('RUN_FILE_ALIAS_REFUSED', alias, `There is no anchor &${alias.source} before the alias *${alias.source}.`);
    if (this.#outer.includes(target))
      throw this.#refuse(
        'RUN_FILE_ALIAS_REFUSED',
        alias,
        `The alias *${alias.source} stands within what it stands for: it would have no end.`,
      );
    return target;
  }

  #count(node: Node, value: Plain): Plain {
    this.#values += 1;
    if (this.#values <= YAML_VALUES_MAX) return value;
    throw this.#refuse('RUN_FILE_ALIAS_REFUSED', node, `With its aliases replaced the text holds more than ${YAML_VALUES_MAX} values.`);
  }
}

function scalarOf(value: unknown, source: string | undefined): Plain {
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
