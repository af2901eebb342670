// Babel's parser with our settings: once for cells as they are typed (TypeScript), once for the JavaScript that esbuild made of them.

import { type ParseError, type ParseResult, type ParserOptions, parse } from '@babel/parser';
import type { File, Node } from '@babel/types';

export type { Node } from '@babel/types';
export type Syntax = ParseResult<File>;

/** Where and why the parser gave up. */
export interface SyntaxTrouble {
  readonly message: string;
  /** UTF-16 offset into the text. */
  readonly offset: number;
  /** Babel's own word for it, for instance `UnexpectedToken`. */
  readonly reason: string;
}

export class ParseTrouble extends Error implements SyntaxTrouble {
  readonly offset: number;
  readonly reason: string;
  constructor(error: Partial<ParseError> & { readonly message?: string; readonly pos?: number }) {
    // Babel ends its messages with "(line:column)" of its own counting.
    super((error.message ?? String(error)).replace(/ \(\d+:\d+\)$/, ''));
    this.offset = error.pos ?? 0;
    this.reason = error.reasonCode ?? 'Unknown';
  }
}

const shared: ParserOptions = {
  sourceType: 'module',
  allowUndeclaredExports: true,
  attachComment: false,
};

/**
 * A cell's TypeScript. Complaints that do not keep Babel from going on (a name declared twice, say) are in `errors`:
 * esbuild and the type checker have their own word on those. @throws ParseTrouble
 */
export function parseCell(source: string, jsx: boolean): Syntax {
  const syntax = parseOrThrow(source, {
    ...shared,
    errorRecovery: true,
    createParenthesizedExpressions: true,
    plugins: [
      'typescript',
      ...(jsx ? (['jsx'] as const) : []),
      'decorators',
      'decoratorAutoAccessors',
      'explicitResourceManagement',
      'importAttributes',
    ],
  });
  // The decorators of experimentalDecorators may stand before parameters.
  const errors = syntax.errors?.filter(({ reasonCode }) => reasonCode !== 'UnsupportedParameterDecorator');
  return { ...syntax, errors: errors ?? null };
}

/** JavaScript as esbuild prints it. @throws ParseTrouble */
export function parseScript(code: string): Syntax {
  return parseOrThrow(code, { ...shared, plugins: ['importAttributes'] });
}

function parseOrThrow(text: string, options: ParserOptions): Syntax {
  try {
    return parse(text, options);
  } catch (error) {
    if (error instanceof SyntaxError) throw new ParseTrouble(error as SyntaxError & ParseError);
    throw error;
  }
}

const notChildren = new Set(['type', 'start', 'end', 'loc', 'extra', 'range', 'errors', 'comments', 'tokens']);

/** The nodes directly below a node, in the order of the text. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (value === null || typeof value !== 'object' || notChildren.has(key)) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) found.push(item);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === 'object' && typeof (value as { type?: unknown }).type === 'string';
}

/** Where a node begins, with the parentheses around it. */
export function startOf(node: Node): number {
  const paren = node.extra?.parenStart;
  return typeof paren === 'number' ? paren : (node.start ?? 0);
}
