// Second change to a cell, now JavaScript: lets its code use the notebook's variables through their boxes, and lets Stop end it.
//
// Walks the syntax tree once and only inserts, or replaces a word, so that every position stays known.

import { children, type Node, startOf } from './parse.js';
import type { Edits } from './rewrite-edits.js';
import { boundNames, lexicalNames, Scope, varDeclarations } from './scope.js';

/** What running code is called where a name stands: the notebook's variables have a home, others keep their name. */
export interface Homes {
  /** The expression for a free name or a name of the top level; undefined where the name itself is right. */
  of(name: string): { readonly text: string; readonly late: boolean } | undefined;
  /** Whether the cell itself declares the name as a variable of the notebook. */
  isDeclared(name: string): boolean;
  /** Of a `const` of the top level, the offset from which on it has its value. */
  constantFrom(name: string): number | undefined;
  /** Whether the cell as typed declares it by `let`. */
  isLet(name: string): boolean;
  /** Whether it is a namespace or enum, which esbuild builds up under its own name before it is complete. */
  isMerging(name: string): boolean;
}

export interface CodeWords {
  /** `$`. */
  readonly runtime: string;
  /** The variable with `$.stop`. */
  readonly stop: string;
  /** A name for a variable that only exists to have something done in a declaration. */
  unused(): string;
}

type FunctionNode = Extract<
  Node,
  {
    type:
      | 'FunctionDeclaration'
      | 'FunctionExpression'
      | 'ArrowFunctionExpression'
      | 'ObjectMethod'
      | 'ClassMethod'
      | 'ClassPrivateMethod';
  }
>;
type ClassNode = Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>;
type LoopNode = Extract<
  Node,
  { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' | 'WhileStatement' | 'DoWhileStatement' }
>;

export class CodeRewriter {
  readonly #edits: Edits;
  readonly #homes: Homes;
  readonly #words: CodeWords;
  readonly #top: Scope;
  /** Whether the code now walked runs as part of the cell itself, not when a function is called. */
  #atTop = true;
  /** Whether `this` is the cell's, that is, undefined. */
  #topThis = true;
  /** Namespaces and enums that the statement now walked has added to. */
  readonly #merged = new Set<string>();

  constructor(edits: Edits, homes: Homes, words: CodeWords, top: Scope) {
    this.#edits = edits;
    this.#homes = homes;
    this.#words = words;
    this.#top = top;
  }

  /** A statement of the top level. */
  statement(node: Node): void {
    this.#visit(node, this.#top);
  }

  get #check(): string {
    return `if (${this.#words.stop}[0] !== 0) ${this.#words.runtime}.interrupt();`;
  }

  #visit(node: Node, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        this.#read(node, scope);
        return;
      case 'ThisExpression':
        if (this.#topThis) this.#edits.replace(from(node), to(node), '(void 0)');
        return;
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        this.#visit(node.object, scope);
        if (node.computed) this.#visit(node.property, scope);
        return;
      case 'CallExpression':
      case 'OptionalCallExpression':
        this.#call(node, scope);
        return;
      case 'TaggedTemplateExpression':
        this.#callee(node.tag, scope);
        this.#visit(node.quasi, scope);
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#edits.replace(from(node), to(node), `${this.#words.runtime}.meta`);
        return;
      case 'AwaitExpression':
        this.#edits.open(startOf(node.argument), `${this.#words.runtime}.wait(`);
        this.#visit(node.argument, scope);
        this.#edits.close(to(node), ')');
        return;
      case 'UnaryExpression':
        if (node.operator === 'typeof' && node.argument.type === 'Identifier') this.#typeof(node, node.argument, scope);
        else this.#visit(node.argument, scope);
        return;
      case 'AssignmentExpression':
        this.#target(node.left, scope);
        this.#assigned(node.left, node.right, to(node), scope);
        return;
      case 'UpdateExpression':
        this.#target(node.argument, scope);
        return;
      case 'VariableDeclaration':
        this.#variables(node, scope);
        return;
      case 'ExpressionStatement':
        this.#visit(node.expression, scope);
        this.#defineMerged(to(node));
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#function(node, scope);
        return;
      case 'ObjectMethod':
      case 'ClassMethod':
        if (node.computed) this.#visit(node.key, scope);
        this.#function(node, scope);
        return;
      case 'ClassPrivateMethod':
        this.#function(node, scope);
        return;
      case 'ClassDeclaration':
        this.#class(node, scope);
        if (scope === this.#top && node.id) this.#define([node.id.name], to(node));
        return;
      case 'ClassExpression':
        this.#class(node, scope);
        return;
      case 'ClassProperty':
      case 'ClassAccessorProperty':
        if (node.computed) this.#visit(node.key, scope);
        if (node.value) this.#inside(true, () => this.#visit(node.value as Node, scope));
        return;
      case 'ClassPrivateProperty':
        if (node.value) this.#inside(true, () => this.#visit(node.value as Node, scope));
        return;
      case 'StaticBlock':
        this.#inside(true, () => {
          const inner = new Scope(scope);
          declareBody(inner, node.body);
          for (const statement of node.body) this.#visit(statement, inner);
        });
        return;
      case 'ObjectProperty':
        this.#property(node, scope);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.#loop(node, scope);
        return;
      case 'BlockStatement':
        this.#block(node.body, new Scope(scope));
        return;
      case 'SwitchStatement':
        this.#visit(node.discriminant, scope);
        this.#switch(node.cases, scope);
        return;
      case 'CatchClause': {
        const inner = new Scope(scope);
        for (const name of boundNames(node.param)) inner.names.add(name);
        if (node.param) this.#binding(node.param, inner);
        this.#visit(node.body, inner);
        return;
      }
      case 'LabeledStatement':
        this.#visit(node.body, scope);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'PrivateName':
        return;
      default:
        for (const child of children(node)) this.#visit(child, scope);
    }
  }

  // Names

  /** The expression that stands for a name here; undefined where that is the name. */
  #homeOf(name: string, scope: Scope, at: number): { readonly text: string; readonly late: boolean } | undefined {
    const owner = scope.find(name);
    if (owner !== undefined && owner !== this.#top) return undefined;
    if (this.#atTop) {
      if (this.#homes.isMerging(name)) return undefined;
      // The cell itself may use its constants directly, which is faster. Functions may not: they outlive the cell.
      if (at >= (this.#homes.constantFrom(name) ?? Number.POSITIVE_INFINITY)) return undefined;
    }
    return this.#homes.of(name);
  }

  #read(node: Extract<Node, { type: 'Identifier' }>, scope: Scope): void {
    const home = this.#homeOf(node.name, scope, from(node));
    if (home) this.#edits.replace(from(node), to(node), home.text);
  }

  /** A name that is called: without a `this`. */
  #callee(node: Node, scope: Scope): void {
    if (node.type !== 'Identifier') {
      this.#visit(node, scope);
      return;
    }
    const home = this.#homeOf(node.name, scope, from(node));
    if (home) this.#edits.replace(from(node), to(node), `(0, ${home.text})`);
  }

  #typeof(node: Node, argument: Extract<Node, { type: 'Identifier' }>, scope: Scope): void {
    const home = this.#homeOf(argument.name, scope, from(argument));
    if (!home) return;
    if (home.late) {
      const late = `${this.#words.runtime}.late`;
      const text = `(${JSON.stringify(argument.name)} in ${late} ? typeof ${home.text} : "undefined")`;
      this.#edits.replace(from(node), to(node), text);
    } else this.#edits.replace(from(argument), to(argument), home.text);
  }

  #call(node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>, scope: Scope): void {
    if (node.callee.type === 'Import') {
      this.#edits.replace(from(node.callee), to(node.callee), `${this.#words.runtime}.import`);
      const [specifier] = node.arguments;
      if (node.arguments.length === 1 && specifier?.type === 'StringLiteral' && specifier.value.endsWith('.json')) {
        this.#edits.close(to(specifier), `, ${jsonOptions}`);
      }
    } else this.#callee(node.callee, scope);
    for (const argument of node.arguments) this.#visit(argument, scope);
  }

  #property(node: Extract<Node, { type: 'ObjectProperty' }>, scope: Scope): void {
    if (node.computed) this.#visit(node.key, scope);
    if (node.shorthand && node.value.type === 'Identifier') {
      const home = this.#homeOf(node.value.name, scope, from(node));
      if (home) this.#edits.replace(from(node), to(node), `${keyOf(node.value.name)}: ${home.text}`);
    } else this.#visit(node.value, scope);
  }

  // Declarations and assignments

  /** Visits what a declaration's pattern computes: its defaults and keys. The names it binds stay, those of the notebook too. */
  #binding(pattern: Node, scope: Scope): void {
    switch (pattern.type) {
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') this.#binding(property.argument, scope);
          else {
            if (property.computed) this.#visit(property.key, scope);
            this.#binding(property.value, scope);
          }
        }
        return;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) this.#binding(element, scope);
        return;
      case 'RestElement':
        this.#binding(pattern.argument, scope);
        return;
      case 'AssignmentPattern':
        this.#binding(pattern.left, scope);
        this.#visit(pattern.right, scope);
        return;
    }
  }

  #variables(node: Extract<Node, { type: 'VariableDeclaration' }>, scope: Scope): void {
    for (const declarator of node.declarations) {
      const names = boundNames(declarator.id).filter((name) => this.#isOfNotebook(name, scope));
      // Within the pattern the variables have no value yet that a box could know: its names mean themselves.
      let inPattern = scope;
      if (names.length > 0 && declarator.id.type !== 'Identifier') {
        inPattern = new Scope(scope);
        for (const name of names) inPattern.names.add(name);
      }
      this.#binding(declarator.id, inPattern);
      if (declarator.init) this.#visit(declarator.init, scope);
      // `var x;` gives no value here, unless esbuild made it of `let x;`.
      const given = names.filter((name) => declarator.init || node.kind !== 'var' || this.#homes.isLet(name));
      if (given.length === 0) continue;
      const values = given.map((name) => this.#defineCall(name)).join(', ');
      this.#edits.close(to(declarator), `, ${this.#words.unused()} = (${values})`);
    }
  }

  /** The left side of an assignment. */
  #target(node: Node, scope: Scope): void {
    switch (node.type) {
      case 'Identifier': {
        if (this.#keeps(node.name, scope)) return;
        this.#read(node, scope);
        return;
      }
      case 'ObjectPattern':
        for (const property of node.properties) {
          if (property.type === 'RestElement') this.#target(property.argument, scope);
          else this.#targetProperty(property, scope);
        }
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#target(element, scope);
        return;
      case 'RestElement':
        this.#target(node.argument, scope);
        return;
      case 'AssignmentPattern':
        this.#target(node.left, scope);
        this.#assigned(node.left, node.right, to(node), scope);
        return;
      default:
        this.#visit(node, scope);
    }
  }

  #targetProperty(node: Extract<Node, { type: 'ObjectProperty' }>, scope: Scope): void {
    if (node.computed) this.#visit(node.key, scope);
    const name = node.value.type === 'AssignmentPattern' ? node.value.left : node.value;
    if (node.shorthand && name.type === 'Identifier' && !this.#keeps(name.name, scope)) {
      const home = this.#homeOf(name.name, scope, from(name));
      if (home) {
        this.#edits.replace(from(name), to(name), `${keyOf(name.name)}: ${home.text}`);
        if (node.value.type === 'AssignmentPattern') this.#assigned(name, node.value.right, to(node.value), scope);
        return;
      }
    }
    this.#target(node.value, scope);
  }

  /** Whether a name stays itself where it is assigned to. */
  #keeps(name: string, scope: Scope): boolean {
    if (!this.#isOfNotebook(name, scope)) return false;
    // The name itself throws, as it should.
    if (this.#homes.constantFrom(name) !== undefined) return true;
    if (!this.#atTop || !this.#homes.isMerging(name)) return false;
    this.#merged.add(name);
    return true;
  }

  /** A value given to a name: a function without a name of its own takes that name. */
  #assigned(target: Node, value: Node, end: number, scope: Scope): void {
    const renamed =
      target.type === 'Identifier' &&
      isAnonymousFunction(value) &&
      this.#homeOf(target.name, scope, from(target)) !== undefined;
    if (!renamed) {
      this.#visit(value, scope);
      return;
    }
    const name = JSON.stringify(target.name);
    this.#edits.open(startOf(value), `({ [${name}]: `);
    this.#visit(value, scope);
    this.#edits.close(end, ` })[${name}]`);
  }

  #isOfNotebook(name: string, scope: Scope): boolean {
    return scope.find(name) === this.#top && this.#homes.isDeclared(name);
  }

  #defineCall(name: string): string {
    return `${this.#words.runtime}.define(${JSON.stringify(name)}, ${name})`;
  }

  #define(names: readonly string[], end: number): void {
    const ours = names.filter((name) => this.#homes.isDeclared(name));
    this.#edits.close(end, ours.map((name) => ` ${this.#defineCall(name)};`).join(''));
  }

  #defineMerged(end: number): void {
    if (this.#merged.size === 0 || !this.#atTop) return;
    this.#define([...this.#merged], end);
    this.#merged.clear();
  }

  // Functions, classes, blocks

  #inside(ownThis: boolean, walk: () => void): void {
    const before = [this.#atTop, this.#topThis] as const;
    this.#atTop = false;
    if (ownThis) this.#topThis = false;
    walk();
    [this.#atTop, this.#topThis] = before;
  }

  #function(node: FunctionNode, scope: Scope): void {
    const arrow = node.type === 'ArrowFunctionExpression';
    let outer = scope;
    if (node.type === 'FunctionExpression' && node.id) {
      outer = new Scope(scope);
      outer.names.add(node.id.name);
    }
    const parameters = new Scope(outer);
    for (const parameter of node.params) for (const name of boundNames(parameter)) parameters.names.add(name);
    this.#inside(!arrow, () => {
      for (const parameter of node.params) this.#binding(parameter, parameters);
      const { body } = node;
      if (body.type === 'BlockStatement') {
        const lastDirective = body.directives.at(-1);
        this.#edits.open(lastDirective ? to(lastDirective) : from(body) + 1, ` ${this.#check}`);
        const inner = new Scope(parameters);
        declareBody(inner, body.body);
        for (const statement of body.body) this.#visit(statement, inner);
      } else {
        const { stop, runtime } = this.#words;
        this.#edits.open(startOf(body), `(${stop}[0] !== 0 && ${runtime}.interrupt(), `);
        this.#visit(body, parameters);
        this.#edits.close(to(node), ')');
      }
    });
  }

  #class(node: ClassNode, scope: Scope): void {
    const inner = new Scope(scope);
    if (node.id) inner.names.add(node.id.name);
    if (node.superClass) this.#visit(node.superClass, inner);
    for (const member of node.body.body) this.#visit(member, inner);
  }

  #block(statements: readonly Node[], scope: Scope): void {
    for (const name of lexicalNames(statements)) scope.names.add(name);
    for (const statement of statements) this.#visit(statement, scope);
  }

  #switch(cases: Extract<Node, { type: 'SwitchStatement' }>['cases'], scope: Scope): void {
    const inner = new Scope(scope);
    for (const each of cases) for (const name of lexicalNames(each.consequent)) inner.names.add(name);
    for (const each of cases) {
      if (each.test) this.#visit(each.test, inner);
      for (const statement of each.consequent) this.#visit(statement, inner);
    }
  }

  #loop(node: LoopNode, scope: Scope): void {
    const inner = new Scope(scope);
    let first = this.#check;
    switch (node.type) {
      case 'ForStatement':
        if (node.init) {
          for (const name of lexicalNames([node.init])) inner.names.add(name);
          this.#visit(node.init, inner);
        }
        if (node.test) this.#visit(node.test, inner);
        if (node.update) this.#visit(node.update, inner);
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        if (node.left.type === 'VariableDeclaration') {
          for (const name of lexicalNames([node.left])) inner.names.add(name);
          for (const declarator of node.left.declarations) this.#binding(declarator.id, inner);
          const ours = boundNames(node.left).filter((name) => this.#isOfNotebook(name, inner));
          first += ours.map((name) => ` ${this.#defineCall(name)};`).join('');
        } else this.#target(node.left, inner);
        this.#iterated(node, inner);
        break;
      case 'WhileStatement':
        this.#visit(node.test, inner);
        break;
    }
    this.#loopBody(node.body, first, inner);
    if (node.type === 'DoWhileStatement') this.#visit(node.test, inner);
  }

  #iterated(node: Extract<Node, { type: 'ForInStatement' | 'ForOfStatement' }>, scope: Scope): void {
    if (node.type === 'ForInStatement' || !node.await) {
      this.#visit(node.right, scope);
      return;
    }
    this.#edits.open(startOf(node.right), `${this.#words.runtime}.iterate(`);
    this.#visit(node.right, scope);
    this.#edits.close(to(node.right), ')');
  }

  #loopBody(body: Node, first: string, scope: Scope): void {
    if (body.type === 'BlockStatement') {
      this.#edits.open(from(body) + 1, ` ${first}`);
      this.#visit(body, scope);
    } else {
      this.#edits.open(from(body), `{ ${first} `);
      this.#visit(body, scope);
      this.#edits.close(to(body), ' }');
    }
  }
}

/** What `import` is given for a JSON file, which Node asks for. */
export const jsonOptions = '{ with: { type: "json" } }';

/** Declares all of a function's own names in its scope. */
export function declareBody(scope: Scope, statements: readonly Node[]): void {
  for (const name of lexicalNames(statements)) scope.names.add(name);
  for (const declaration of varDeclarations(statements))
    for (const name of boundNames(declaration)) scope.names.add(name);
}

function isAnonymousFunction(node: Node): boolean {
  return (
    node.type === 'ArrowFunctionExpression' ||
    ((node.type === 'FunctionExpression' || node.type === 'ClassExpression') && !node.id)
  );
}

/** `__proto__: x` would set a prototype, which the shorthand does not. */
function keyOf(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : name;
}

function from(node: Node): number {
  return node.start ?? 0;
}

function to(node: Node): number {
  return node.end ?? 0;
}
