// The names that a piece of JavaScript uses and does not declare.

import { createRequire } from 'node:module';
import type { ParserOptions } from '@babel/parser';

type Node = Readonly<Record<string, unknown>> & { readonly type: string };

/** Under these, an identifier is no reference unless it is computed. */
const keys: Readonly<Record<string, string>> = {
  MemberExpression: 'property',
  OptionalMemberExpression: 'property',
  ObjectProperty: 'key',
  ObjectMethod: 'key',
  ClassMethod: 'key',
  ClassProperty: 'key',
  ClassAccessorProperty: 'key',
};

/** Under these, an identifier is a label or a word of the language. */
const wordless = new Set(['LabeledStatement', 'BreakStatement', 'ContinueStatement', 'MetaProperty']);

/**
 * @param source an expression
 * @returns in the order in which they come. A name that is declared anywhere in the source counts as declared everywhere.
 */
export function freeNames(source: string): readonly string[] {
  // Loaded at the first use: few notebooks have one.
  const parser = createRequire(import.meta.url)('@babel/parser') as {
    parseExpression(source: string, options: ParserOptions): Node;
  };
  const used = new Set<string>();
  const declared = new Set(['arguments', 'undefined']);

  function visit(node: Node): void {
    if (node.type === 'Identifier') used.add(String(node.name));
    if (wordless.has(node.type)) {
      if (isNode(node.body)) visit(node.body);
      return;
    }
    declare([node.id, node.param, ...list(node.params)]);
    for (const [name, value] of Object.entries(node)) {
      if (name === keys[node.type] && node.computed !== true) continue;
      for (const child of list(value)) if (isNode(child)) visit(child);
    }
  }

  /** Takes the names of a pattern. */
  function declare(patterns: readonly unknown[]): void {
    for (const pattern of patterns) {
      if (!isNode(pattern)) continue;
      if (pattern.type === 'Identifier') declared.add(String(pattern.name));
      else if (pattern.type === 'ObjectPattern') declare(list(pattern.properties));
      else if (pattern.type === 'ObjectProperty') declare([pattern.value]);
      else if (pattern.type === 'ArrayPattern') declare(list(pattern.elements));
      else if (pattern.type === 'RestElement') declare([pattern.argument]);
      else if (pattern.type === 'AssignmentPattern') declare([pattern.left]);
    }
  }

  visit(parser.parseExpression(source, { createImportExpressions: true }));
  return [...used].filter((name) => !declared.has(name));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
