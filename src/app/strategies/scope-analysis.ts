import type { AnyNode, Identifier, Program } from 'acorn';

/** A name that the code declares. */
interface Binding {
  readonly name: string;
  readonly isModuleLevel: boolean;
  readonly isImport: boolean;
  /** What a module-level constant starts as, where that is written beside it. */
  readonly init: AnyNode | null;
}

/** A use of a name. */
export interface Reference {
  readonly node: Identifier;
  /** Null for a global: nothing in the code declares it. */
  readonly binding: Binding | null;
  readonly parent: AnyNode;
  readonly grandparent: AnyNode | null;
  /** The name itself is assigned to, counted up, or a loop's variable. */
  readonly isWrite: boolean;
  /** Functions around it; 0 runs once, while the file is loaded. */
  readonly functionDepth: number;
}

/** A write to a member: `a.b = 1`, `a[0].c += 1`, `delete a.b`. `root` is `a`. */
export interface MemberWrite {
  readonly node: AnyNode;
  readonly root: Reference | null;
  readonly functionDepth: number;
}

interface ScopeAnalysis {
  readonly references: readonly Reference[];
  readonly memberWrites: readonly MemberWrite[];
}

interface Scope {
  readonly parent: Scope | null;
  readonly bindings: Map<string, Binding>;
  readonly functionDepth: number;
  readonly isModule: boolean;
}

/** Resolves every name of a module by the rules of ECMAScript (strict code): hoisting, blocks, parameters, classes, catch, imports. */
export function analyzeScopes(program: Program): ScopeAnalysis {
  const walk = new ScopeWalk();
  walk.module(program);
  return walk;
}

class ScopeWalk implements ScopeAnalysis {
  readonly references: Reference[] = [];
  readonly memberWrites: MemberWrite[] = [];
  private readonly referenceOf = new Map<AnyNode, Reference>();

  module(program: Program): void {
    const scope: Scope = { parent: null, bindings: new Map(), functionDepth: 0, isModule: true };
    declareVars(program, scope);
    declareLexical(program.body, scope);
    for (const statement of program.body) this.visit(statement, scope, [program], false);
  }

  /** `parents`: the nodes around, outermost first. `isTarget`: the node is written to. */
  private visit(node: AnyNode, scope: Scope, parents: readonly AnyNode[], isTarget: boolean): void {
    const inside = [...parents.slice(-1), node];
    switch (node.type) {
      case 'Identifier':
        this.reference(node, scope, parents, isTarget);
        return;
      case 'ImportDeclaration':
      case 'MetaProperty':
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      case 'LabeledStatement':
        this.visit(node.body, scope, inside, false);
        return;
      case 'ExportNamedDeclaration':
        if (node.declaration) this.visit(node.declaration, scope, inside, false);
        return;
      case 'MemberExpression':
        this.visit(node.object, scope, inside, false);
        if (node.computed) this.visit(node.property, scope, inside, false);
        if (isTarget) this.memberWrite(node, scope);
        return;
      case 'AssignmentExpression':
        this.visit(node.left, scope, inside, true);
        this.visit(node.right, scope, inside, false);
        return;
      case 'UpdateExpression':
        this.visit(node.argument, scope, inside, true);
        return;
      case 'UnaryExpression':
        this.visit(node.argument, scope, inside, node.operator === 'delete');
        return;
      case 'AssignmentPattern':
        this.visit(node.left, scope, inside, isTarget);
        this.visit(node.right, scope, inside, false);
        return;
      case 'Property':
        if (node.computed) this.visit(node.key, scope, inside, false);
        this.visit(node.value, scope, inside, isTarget);
        return;
      default:
        if (this.visitScope(node, scope, inside)) return;
        for (const child of childrenOf(node)) this.visit(child, scope, inside, isTarget && isPattern(node));
    }
  }

  /** Nodes that open a scope; false for others. */
  private visitScope(node: AnyNode, scope: Scope, inside: readonly AnyNode[]): boolean {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.function(node, scope, inside);
        return true;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.class(node, scope, inside);
        return true;
      case 'BlockStatement':
        this.block(node.body, inner(scope, false), inside);
        return true;
      case 'StaticBlock': {
        const own = inner(scope, false);
        for (const statement of node.body) declareVars(statement, own);
        this.block(node.body, own, inside);
        return true;
      }
      case 'SwitchStatement':
        this.visit(node.discriminant, scope, inside, false);
        this.switchCases(node.cases, scope, inside);
        return true;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.loop(node, scope, inside);
        return true;
      case 'CatchClause':
        this.catchClause(node, scope, inside);
        return true;
      default:
        return false;
    }
  }

  private reference(node: Identifier, scope: Scope, parents: readonly AnyNode[], isWrite: boolean): void {
    const reference: Reference = {
      node,
      binding: resolve(node.name, scope),
      parent: parents.at(-1)!,
      grandparent: parents.at(-2) ?? null,
      isWrite,
      functionDepth: scope.functionDepth,
    };
    this.references.push(reference);
    this.referenceOf.set(node, reference);
  }

  private memberWrite(node: AnyNode, scope: Scope): void {
    let root = node;
    while (root.type === 'MemberExpression') root = root.object;
    this.memberWrites.push({ node, root: this.referenceOf.get(root) ?? null, functionDepth: scope.functionDepth });
  }

  private function(node: Extract<AnyNode, { params: unknown }>, outer: Scope, inside: readonly AnyNode[]): void {
    const scope = inner(outer, true);
    if (node.type === 'FunctionExpression' && node.id) declare(scope, node.id.name);
    for (const parameter of node.params) for (const name of namesIn(parameter)) declare(scope, name);
    if (node.body.type === 'BlockStatement') {
      declareVars(node.body, scope);
      declareLexical(node.body.body, scope);
    }
    for (const parameter of node.params) this.visit(parameter, scope, inside, false);
    if (node.body.type === 'BlockStatement') for (const statement of node.body.body) this.visit(statement, scope, inside, false);
    else this.visit(node.body, scope, inside, false);
  }

  /** Methods and instance fields run later; static fields and blocks run with the class. */
  private class(node: Extract<AnyNode, { superClass?: unknown }>, outer: Scope, inside: readonly AnyNode[]): void {
    const scope = inner(outer, false);
    if (node.type === 'ClassExpression' && node.id) declare(scope, node.id.name);
    if (node.superClass) this.visit(node.superClass, scope, inside, false);
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        this.visit(member, scope, inside, false);
        continue;
      }
      if (member.computed) this.visit(member.key, scope, inside, false);
      if (!member.value) continue;
      const isLater = member.type === 'PropertyDefinition' && !member.static;
      this.visit(member.value, isLater ? inner(scope, true) : scope, inside, false);
    }
  }

  private block(statements: readonly AnyNode[], scope: Scope, inside: readonly AnyNode[]): void {
    declareLexical(statements, scope);
    for (const statement of statements) this.visit(statement, scope, inside, false);
  }

  private switchCases(cases: Extract<AnyNode, { type: 'SwitchStatement' }>['cases'], outer: Scope, inside: readonly AnyNode[]): void {
    const scope = inner(outer, false);
    for (const each of cases) declareLexical(each.consequent, scope);
    for (const each of cases) for (const child of childrenOf(each)) this.visit(child, scope, inside, false);
  }

  private loop(
    node: Extract<AnyNode, { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' }>,
    outer: Scope,
    inside: readonly AnyNode[],
  ): void {
    const scope = inner(outer, false);
    const head = node.type === 'ForStatement' ? node.init : node.left;
    if (head) {
      declareLexical([head], scope);
      this.visit(head, scope, inside, node.type !== 'ForStatement' && head.type !== 'VariableDeclaration');
    }
    for (const child of childrenOf(node)) if (child !== head) this.visit(child, scope, inside, false);
  }

  private catchClause(node: Extract<AnyNode, { type: 'CatchClause' }>, outer: Scope, inside: readonly AnyNode[]): void {
    const scope = inner(outer, false);
    if (node.param) {
      for (const name of namesIn(node.param)) declare(scope, name);
      this.visit(node.param, scope, inside, false);
    }
    this.visit(node.body, scope, inside, false);
  }
}

function inner(parent: Scope, isFunction: boolean): Scope {
  return { parent, bindings: new Map(), functionDepth: parent.functionDepth + (isFunction ? 1 : 0), isModule: false };
}

function resolve(name: string, scope: Scope): Binding | null {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const binding = at.bindings.get(name);
    if (binding !== undefined) return binding;
  }
  return null;
}

function declare(scope: Scope, name: string, init: AnyNode | null = null, isImport = false): void {
  scope.bindings.set(name, { name, isModuleLevel: scope.isModule, isImport, init });
}

/** `let`, `const`, classes, functions and imports of a list of statements. */
function declareLexical(statements: readonly AnyNode[], scope: Scope): void {
  for (const statement of statements) {
    const node = statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
    if (node.type === 'VariableDeclaration' && node.kind !== 'var') declareAll(node, scope);
    else if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id) declare(scope, node.id.name);
    else if (node.type === 'ImportDeclaration') for (const specifier of node.specifiers) declare(scope, specifier.local.name, null, true);
  }
}

/** `var`s of a function or module, however deep they stand; not those of functions within. */
function declareVars(node: AnyNode, scope: Scope): void {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') declareAll(node, scope);
  for (const child of childrenOf(node))
    if (!('params' in child) && child.type !== 'StaticBlock' && child.type !== 'PropertyDefinition') declareVars(child, scope);
}

function declareAll(node: Extract<AnyNode, { type: 'VariableDeclaration' }>, scope: Scope): void {
  for (const { id, init } of node.declarations)
    for (const name of namesIn(id)) declare(scope, name, id.type === 'Identifier' ? (init ?? null) : null);
}

/** Names that a pattern binds. */
export function namesIn(pattern: AnyNode): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => namesIn(property.type === 'Property' ? property.value : property));
    default:
      return [];
  }
}

function isPattern(node: AnyNode): boolean {
  return node.type === 'ObjectPattern' || node.type === 'ArrayPattern' || node.type === 'RestElement' || node.type === 'ChainExpression';
}

/** The nodes directly below a node, in order of the source. */
export function childrenOf(node: AnyNode): readonly AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) for (const part of value as unknown[]) if (isNode(part)) children.push(part);
    if (isNode(value)) children.push(value);
  }
  return children;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string' && 'start' in value;
}
