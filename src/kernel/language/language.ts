// What the dispatcher asks of the language side. Cells are numbered strings; positions are UTF-16 offsets into the cell's own text.

import type { CompiledCell, ErrorContent } from '../executor/messages.js';

/** A problem that keeps a cell from running: a syntax error or type errors, rendered with code frames. */
export class CellProblem extends Error {
  constructor(readonly content: ErrorContent) {
    super(content.evalue);
  }
}

export interface Completion {
  readonly text: string;
  /** As JupyterLab names them: 'function', 'method', 'property', 'variable', 'class', 'interface', 'keyword', ... */
  readonly type: string;
  readonly signature?: string;
  readonly start: number;
  readonly end: number;
}

export type Completeness =
  | { readonly status: 'complete' | 'invalid' | 'unknown' }
  | { readonly status: 'incomplete'; readonly indent: string };

/** What a cell brings into the notebook, besides what it does. */
export interface CellNames {
  /** Variables, functions, classes, enums, namespaces with values, imports: they exist at run time. */
  readonly values: readonly CellName[];
  /** Interfaces, type aliases, `import type`, `declare`: they exist for the checker only. */
  readonly types: readonly string[];
}

export interface CellName {
  readonly name: string;
  /** 'let' and 'var' may be assigned by later cells. */
  readonly kind: 'let' | 'var' | 'const' | 'function' | 'class' | 'enum' | 'namespace' | 'import';
}

/** The TypeScript side of the notebook: knows every cell that ran, and what each defined. */
export interface Language {
  /** Type-checks a cell against the cells before it; resolves to its names. @throws CellProblem; not with `// @ts-nocheck`. */
  check(source: string, cellName: string): Promise<void>;
  /** Notes that a cell ran: later cells see its types and those of its values that were `defined`. */
  commit(source: string, names: CellNames, defined: readonly string[]): void;
  complete(source: string, offset: number): Promise<readonly Completion[]>;
  /** Markdown (and the same as plain text) about what stands at the offset; undefined where there is nothing to say. */
  inspect(source: string, offset: number, detail: 0 | 1): Promise<{ markdown: string; plain: string } | undefined>;
  /** Forgets all cells: the executor was replaced. */
  forget(): void;
  close(): void;
}

/** Turns a cell into a script. @throws CellProblem at a syntax error. `known` are the notebook's names up to now. */
export type Compile = (
  source: string,
  cellName: string,
  known: ReadonlySet<string>,
) => Promise<{ readonly cell: CompiledCell; readonly names: CellNames }>;
