import type { AnyNode, Program } from 'acorn';
import { CALLABLE, PLAIN_FUNCTIONS, RANDOM_REASON, REFUSED, REFUSED_EVAL, REFUSED_PROPERTIES, VALUES } from './allowed-names.ts';
import { analyzeScopes, childrenOf, type MemberWrite, type Reference } from './scope-analysis.ts';
import type { STRATEGY_CODES } from '../../model/codes/strategy.ts';

export type StrategyCode = keyof typeof STRATEGY_CODES;

/** Something that a strategy may not do. `start`: offset in the bundle. */
export interface Finding {
  readonly code: StrategyCode;
  readonly start: number;
  readonly value: string;
  readonly rule: string;
}

/** A computed key whose value is not known before the run: it is checked there. Offsets in the bundle. */
export interface ComputedKey {
  readonly start: number;
  readonly end: number;
}

interface BundleCheck {
  readonly findings: readonly Finding[];
  readonly computedKeys: readonly ComputedKey[];
}

/** Methods that change what they are called on. */
const CHANGING_METHODS: ReadonlySet<string> = new Set([
  ...['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin', 'set', 'add', 'delete', 'clear'],
]);
/** Of instances of classes, indicators above all. */
const CHANGING_INSTANCE_METHODS: ReadonlySet<string> = new Set([...CHANGING_METHODS, 'update', 'load', 'reset', 'next']);

/**
 * Holds a strategy's bundle to law 3: no clock, no chance, no machine, nothing asynchronous, no way out of its own objects, and no state
 * that two instances share. Names are resolved first, so that a variable called `Date` is what the code says it is.
 */
export function checkBundle(program: Program): BundleCheck {
  const findings: Finding[] = [];
  const computedKeys: ComputedKey[] = [];
  const { references, memberWrites } = analyzeScopes(program);
  for (const reference of references) {
    const finding = reference.binding === null ? checkGlobal(reference) : checkModuleState(reference);
    if (finding !== null) findings.push(finding);
  }
  for (const write of memberWrites) {
    const finding = checkMemberWrite(write);
    if (finding !== null) findings.push(finding);
  }
  checkNodes(program, findings, computedKeys);
  findings.sort((a, b) => a.start - b.start);
  return { findings, computedKeys };
}

/** The sentence for a property name that is refused, else null. Also asked at run time, for computed keys. */
export function refusedProperty(name: string): string | null {
  return Object.hasOwn(REFUSED_PROPERTIES, name) ? `.${name} ${REFUSED_PROPERTIES[name]!}.` : null;
}

function checkGlobal({ node, parent, isWrite, functionDepth }: Reference): Finding | null {
  const { name, start } = node;
  const refuse = (rule: string): Finding => ({ code: 'STRATEGY_GLOBAL_REFUSED', start, value: name, rule });
  if (name === 'eval') return refuse(`eval ${REFUSED_EVAL}.`);
  if (Object.hasOwn(REFUSED, name)) return refuse(`${name} ${REFUSED[name]!}.`);
  if (name === 'arguments' && functionDepth > 0) return null;
  const isKnown = VALUES.has(name) || PLAIN_FUNCTIONS.has(name) || CALLABLE.has(name);
  if (!isKnown) return refuse(`${name} is not declared in the strategy and is not one of the names of the language that it may use.`);
  if (isWrite) return refuse(`${name} is shared by everything in the process and may not be assigned.`);
  if (name === 'Math' && parent.type === 'MemberExpression' && memberName(parent) === 'random')
    return refuse(`Math.random ${RANDOM_REASON}.`);
  if (VALUES.has(name) || isPermittedUse(node, parent)) return null;
  const isHandedOver = parent.type === 'CallExpression' && parent.callee !== node;
  if (PLAIN_FUNCTIONS.has(name) && isHandedOver) return null;
  return refuse(`${name} may be called and its members read by name, not kept or passed on: it is shared by everything in the process.`);
}

/** Called, constructed, extended, compared with, or read a member of by name. */
function isPermittedUse(node: AnyNode, parent: AnyNode): boolean {
  switch (parent.type) {
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee === node;
    case 'MemberExpression':
      return parent.object === node && memberName(parent) !== null;
    case 'BinaryExpression':
      return parent.operator === 'instanceof' && parent.right === node;
    case 'ClassDeclaration':
    case 'ClassExpression':
      return parent.superClass === node;
    case 'UnaryExpression':
      return parent.operator === 'typeof';
    default:
      return false;
  }
}

function checkModuleState({ node, binding, parent, grandparent, isWrite, functionDepth }: Reference): Finding | null {
  // What esbuild makes of a require() that it cannot resolve.
  if (node.name === '__require' && parent.type !== 'VariableDeclarator') {
    return { code: 'STRATEGY_GLOBAL_REFUSED', start: node.start, value: 'require', rule: `require ${REFUSED['require']!}.` };
  }
  if (binding === null || !binding.isModuleLevel || functionDepth === 0) return null;
  if (isWrite) return sharedState(node.start, node.name, `${node.name} is a variable of the module, and a function assigns to it.`);
  const { init } = binding;
  const isCall =
    parent.type === 'MemberExpression' && parent.object === node && grandparent?.type === 'CallExpression' && grandparent.callee === parent;
  if (!isCall || init === null) return null;
  const method = memberName(parent) ?? '';
  const isContainer = init.type === 'ArrayExpression' || init.type === 'ObjectExpression';
  const isChange =
    (isContainer && CHANGING_METHODS.has(method)) || (init.type === 'NewExpression' && CHANGING_INSTANCE_METHODS.has(method));
  return isChange
    ? sharedState(node.start, `${node.name}.${method}`, `${node.name} belongs to the module, and a function changes it by ${method}().`)
    : null;
}

function checkMemberWrite({ node, root, functionDepth }: MemberWrite): Finding | null {
  if (root === null) return null;
  const { name } = root.node;
  if (root.binding === null) {
    const rule = `${name} is shared by everything in the process and may not be changed.`;
    return CALLABLE.has(name) || PLAIN_FUNCTIONS.has(name)
      ? { code: 'STRATEGY_GLOBAL_REFUSED', start: node.start, value: name, rule }
      : null;
  }
  if (!root.binding.isModuleLevel || (functionDepth === 0 && !root.binding.isImport)) return null;
  return sharedState(node.start, name, `${name} belongs to the module, and a function writes to it.`);
}

function sharedState(start: number, value: string, rule: string): Finding {
  return { code: 'STRATEGY_STATE_SHARED', start, value, rule };
}

function checkNodes(node: AnyNode, findings: Finding[], computedKeys: ComputedKey[]): void {
  const syntax = refusedSyntax(node);
  if (syntax !== null)
    findings.push({
      code: 'STRATEGY_SYNTAX_REFUSED',
      start: node.start,
      value: syntax,
      rule: `${syntax} runs or loads outside the event in hand.`,
    });
  if (node.type === 'MemberExpression') checkKey(node, node.property, memberName(node), findings, computedKeys);
  if (node.type === 'ObjectPattern') {
    for (const property of node.properties) {
      if (property.type === 'Property')
        checkKey(property, property.key, property.computed ? literalName(property.key) : keyName(property.key), findings, computedKeys);
    }
  }
  for (const child of childrenOf(node)) checkNodes(child, findings, computedKeys);
}

function checkKey(
  owner: { readonly computed: boolean },
  key: AnyNode,
  name: string | null,
  findings: Finding[],
  computedKeys: ComputedKey[],
): void {
  const rule = name === null ? null : refusedProperty(name);
  if (rule !== null) findings.push({ code: 'STRATEGY_PROPERTY_REFUSED', start: key.start, value: name!, rule });
  if (owner.computed && name === null && !isNumeric(key)) computedKeys.push({ start: key.start, end: key.end });
}

function refusedSyntax(node: AnyNode): string | null {
  if ('async' in node && node.async === true) return 'async';
  switch (node.type) {
    case 'AwaitExpression':
      return 'await';
    case 'ForOfStatement':
      return node.await ? 'for await' : null;
    case 'ImportExpression':
      return 'import()';
    case 'MetaProperty':
      return node.meta.name === 'import' ? 'import.meta' : null;
    default:
      return null;
  }
}

/** The member's name where the source tells it, else null. */
function memberName(node: Extract<AnyNode, { type: 'MemberExpression' }>): string | null {
  return node.computed ? literalName(node.property) : keyName(node.property);
}

function keyName(key: AnyNode): string | null {
  return key.type === 'Identifier' ? key.name : key.type === 'PrivateIdentifier' ? `#${key.name}` : literalName(key);
}

function literalName(key: AnyNode): string | null {
  if (key.type === 'Literal') return String(key.value);
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0]!.value.cooked ?? null;
  return null;
}

const NUMERIC_OPERATORS: ReadonlySet<string> = new Set(['-', '*', '/', '%', '**', '|', '&', '^', '<<', '>>', '>>>']);

/** True where the key can only be a number, whatever its parts are. */
function isNumeric(key: AnyNode): boolean {
  switch (key.type) {
    case 'UpdateExpression':
      return true;
    case 'UnaryExpression':
      return key.operator === '-' || key.operator === '+' || key.operator === '~';
    case 'BinaryExpression':
      return NUMERIC_OPERATORS.has(key.operator) || (key.operator === '+' && isNumeric(key.left) && isNumeric(key.right));
    case 'Literal':
      return typeof key.value === 'number';
    default:
      return false;
  }
}
