// Which names a piece of JavaScript declares, and in which scope: enough of the language's rules to tell a local from a variable of the notebook.

import type { Node } from './parse.js';

export class Scope {
  readonly names = new Set<string>();
  readonly parent: Scope | undefined;

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  /** The nearest scope, going out, that declares the name. */
  find(name: string): Scope | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) if (scope.names.has(name)) return scope;
    return undefined;
  }
}

/** The names that a pattern, parameter or declaration's left side binds. */
export function boundNames(pattern: Node | null | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === 'ObjectProperty' ? property.value : property),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap(boundNames);
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'TSParameterProperty':
      return boundNames(pattern.parameter);
    case 'VariableDeclaration':
      return pattern.declarations.flatMap((declarator) => boundNames(declarator.id));
    default:
      return [];
  }
}

/** Names that live in the block which has these statements: `let`, `const`, classes, functions, imports. */
export function lexicalNames(statements: readonly Node[]): string[] {
  return statements.flatMap((statement) => {
    switch (statement.type) {
      case 'VariableDeclaration':
        return statement.kind === 'var' ? [] : boundNames(statement);
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return boundNames(statement.id);
      case 'ImportDeclaration':
        return statement.specifiers.map((specifier) => specifier.local.name);
      case 'LabeledStatement':
        return lexicalNames([statement.body]);
      default:
        return [];
    }
  });
}

/** The `var` declarations of a function's body, or of a whole cell, wherever they stand in it; not those of functions inside. */
export function varDeclarations(statements: readonly (Node | null | undefined)[]): VarDeclaration[] {
  return statements.flatMap((statement) => {
    switch (statement?.type) {
      case 'VariableDeclaration':
        return statement.kind === 'var' ? [statement] : [];
      case 'BlockStatement':
        return varDeclarations(statement.body);
      case 'IfStatement':
        return varDeclarations([statement.consequent, statement.alternate]);
      case 'ForStatement':
        return varDeclarations([statement.init, statement.body]);
      case 'ForInStatement':
      case 'ForOfStatement':
        return varDeclarations([statement.left, statement.body]);
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'LabeledStatement':
        return varDeclarations([statement.body]);
      case 'TryStatement':
        return varDeclarations([statement.block, statement.handler?.body, statement.finalizer]);
      case 'SwitchStatement':
        return varDeclarations(statement.cases.flatMap((each) => each.consequent));
      default:
        return [];
    }
  });
}

type VarDeclaration = Extract<Node, { type: 'VariableDeclaration' }>;
