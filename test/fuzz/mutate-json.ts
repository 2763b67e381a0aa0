import type { Random } from '../../src/base/random.ts';
import { isLeftAlone, ODD_NUMBERS, ODD_TEXTS, longText, mutatedText, oddText, pick } from './mutate.ts';

/** JSON with what no value of JavaScript writes: text put in as it is, and fields in their order, twice where they are. */
export type Node = Raw | null | boolean | number | string | Node[] | Fields;

class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
class Fields {
  readonly list: [name: string, value: Node][];
  constructor(list: [name: string, value: Node][]) {
    this.list = list;
  }
}

const RAW_TEXTS = [
  'NaN',
  'Infinity',
  '-Infinity',
  '1e400',
  '-1e400',
  '1e-400',
  '01',
  '-0',
  '+1',
  '.5',
  '1.',
  '0x1',
  'undefined',
  'True',
  "'a'",
  '"\\ud800"',
  '"\\u0000"',
  '"\\x"',
  '/**/null',
  '18446744073709551616',
  '1.0000000000000000000000000000001',
  '9007199254740993',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '[1,]',
  '{"a":1,}',
  '{"a":1,"a":2}',
  '""""',
];
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'length', '', '0', 'then', 'toJSON'];

export function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return value.map(nodeOf);
  if (typeof value === 'object' && value !== null) return new Fields(Object.entries(value).map(([name, inner]) => [name, nodeOf(inner)]));
  return value as Node;
}

export function textOf(node: Node): string {
  if (node instanceof Raw) return node.text;
  if (Array.isArray(node)) return `[${node.map(textOf).join(',')}]`;
  if (node instanceof Fields) return `{${node.list.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`).join(',')}}`;
  return typeof node === 'number' && !Number.isFinite(node) ? String(node) : JSON.stringify(node);
}

/** A value as JSON with some of its nodes changed; now and then the text itself. */
export function mutatedJson(random: Random, value: unknown): string {
  if (isLeftAlone(random)) return JSON.stringify(value);
  let node = nodeOf(value);
  for (let left = 1 + random.nextBelow(3); left > 0; left -= 1) node = changed(random, node, 0);
  const text = textOf(node);
  return random.nextBelow(8) === 0 ? mutatedText(random, text) : text;
}

/** Plain data with some of its values changed: for what is handed over as data and not as text. */
export function mutatedData(random: Random, value: unknown): unknown {
  let own = structuredClone(value);
  if (isLeftAlone(random)) return own;
  for (let left = 1 + random.nextBelow(3); left > 0; left -= 1) own = changedData(random, own);
  return own;
}

function changedData(random: Random, value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && random.nextBelow(5) !== 0) {
    const at = random.nextBelow(value.length);
    const way = random.nextBelow(8);
    if (way === 0) return value.filter((_, index) => index !== at);
    if (way === 1) return [...value, value[at]];
    return value.map((item: unknown, index) => (index === at ? changedData(random, item) : item));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) && random.nextBelow(5) !== 0) {
    const fields = Object.entries(value);
    if (fields.length === 0) return { [pick(random, NAMES.slice(1))]: 1 };
    const at = random.nextBelow(fields.length);
    const way = random.nextBelow(8);
    if (way === 0) return Object.fromEntries(fields.filter((_, index) => index !== at));
    if (way === 1) return Object.fromEntries([...fields, [oddText(random), fields[at]![1]]]);
    return Object.fromEntries(fields.map(([name, inner], index) => [name, index === at ? changedData(random, inner) : inner]));
  }
  return oddValue(random, value);
}

export function oddValue(random: Random, value: unknown): unknown {
  return pick<() => unknown>(random, [
    () => null,
    () => undefined,
    () => true,
    () => [],
    () => ({}),
    () => pick(random, ODD_NUMBERS),
    () => pick(random, ODD_NUMBERS),
    () => pick(random, ODD_TEXTS),
    () => oddText(random),
    () => (typeof value === 'string' ? mutatedText(random, value) : String(value)),
    () => (typeof value === 'number' ? value + pick(random, [1, -1, 0.5, 1e9]) : value),
    () => JSON.parse('{"__proto__":{"polluted":1}}') as unknown,
    () => 10n ** BigInt(random.nextBelow(40)),
    () => [[[[value]]]],
  ])();
}

function changed(random: Random, node: Node, depth: number): Node {
  const isInner = depth === 0 || random.nextBelow(6) !== 0;
  if (Array.isArray(node) && node.length > 0 && isInner) {
    const at = random.nextBelow(node.length);
    switch (random.nextBelow(6)) {
      case 0:
        return node.filter((_, index) => index !== at);
      case 1:
        return [...node, node[at]!];
      case 2:
        return random.nextBelow(20) === 0
          ? Array.from({ length: 1 + random.nextBelow(3000) }, () => node[at]!)
          : [...node, oddNode(random, node[at]!)];
      default:
        return node.map((item, index) => (index === at ? changed(random, item, depth + 1) : item));
    }
  }
  if (node instanceof Fields && node.list.length > 0 && isInner) {
    const { list } = node;
    const at = random.nextBelow(list.length);
    const [name, value] = list[at]!;
    switch (random.nextBelow(9)) {
      case 0:
        return new Fields(list.filter((_, index) => index !== at));
      case 1:
        return new Fields([...list, [name, random.nextBelow(2) === 0 ? value : oddNode(random, value)]]);
      case 2:
        return new Fields([...list, [pick(random, NAMES), oddNode(random, value)]]);
      case 3:
        return new Fields(list.map((field, index) => (index === at ? [mutatedText(random, name), value] : field)));
      default:
        return new Fields(list.map((field, index) => (index === at ? [name, changed(random, value, depth + 1)] : field)));
    }
  }
  return oddNode(random, node);
}

function oddNode(random: Random, node: Node): Node {
  return pick<() => Node>(random, [
    () => null,
    () => true,
    () => [],
    () => new Fields([]),
    () => pick(random, ODD_NUMBERS),
    () => new Raw(pick(random, RAW_TEXTS)),
    () => new Raw(pick(random, RAW_TEXTS)),
    () => oddText(random),
    () => (typeof node === 'string' ? mutatedText(random, node) : node instanceof Raw ? node : textOf(node)),
    () => (typeof node === 'number' ? node + pick(random, [1, -1, 0.5, 1e9]) : [node]),
    () => new Fields([['__proto__', new Fields([['polluted', true]])]]),
    () => (random.nextBelow(20) === 0 ? new Raw(`${'['.repeat(1 + random.nextBelow(5000))}`) : new Fields([['a', node]])),
    () => (random.nextBelow(20) === 0 ? longText(random) : pick(random, ODD_TEXTS)),
  ])();
}
