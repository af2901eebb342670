// First change to a cell, while it is still TypeScript: marks its last expression and takes off what only a module can have.
//
//   export const a = 1;          export {}; const a = 1;
//   a + 1                   =>   $.result = (a + 1)
//
// The `export {};` in front makes esbuild read the cell as a module (strict, await at the top, no `return` there) and
// makes a first line like 'abc' a value rather than a directive.

import type { Node, Syntax } from './parse.js';
import { type EditedText, Edits } from './rewrite-edits.js';
import { tellTypes } from './rewrite-metadata.js';

const modulePrefix = 'export {}; ';

/** The cell as a module, otherwise as it is: for cells that cannot be parsed, to hear what esbuild says of them. */
export function asModule(source: string): EditedText {
  const edits = new Edits(source);
  edits.open(0, modulePrefix);
  return edits.apply();
}

/** The cell with its result stored in `runtime.result`, without exports, and where asked for with its types told to decorators. */
export function rewriteSource(source: string, syntax: Syntax, runtime: string, metadata = false): EditedText {
  const edits = new Edits(source);
  edits.open(0, modulePrefix);
  if (metadata) tellTypes(edits, syntax);
  const statements = syntax.program.body.filter((statement) => statement.type !== 'EmptyStatement');
  const last = statements.at(-1);
  // A directive counts as a statement only where nothing follows.
  const directive = last === undefined ? syntax.program.directives.at(-1) : undefined;
  if (directive) storeResult(edits, runtime, directive.value);
  for (const statement of statements) {
    if (statement.type === 'ExpressionStatement') {
      if (statement === last) storeResult(edits, runtime, statement.expression);
    } else takeOffModule(source, edits, statement, statement === last ? runtime : undefined);
  }
  return edits.apply();
}

/** Imports and exports of the top level, where a script could not have them or esbuild would drop them. */
function takeOffModule(source: string, edits: Edits, statement: Node, runtime: string | undefined): void {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
      if (statement.declaration) {
        removeWord(source, edits, statement, 'export');
        takeOffModule(source, edits, statement.declaration, undefined);
      } else if (statement.exportKind === 'type' || !statement.source) remove(edits, statement);
      else importFor(edits, statement, statement.source.value);
      break;
    case 'ExportAllDeclaration':
      if (statement.exportKind === 'type') remove(edits, statement);
      else importFor(edits, statement, statement.source.value);
      break;
    case 'ExportDefaultDeclaration':
      takeOffDefault(source, edits, statement, runtime);
      break;
    case 'TSExportAssignment':
      edits.replace(position(statement.start), position(statement.expression.start), '');
      if (runtime) storeResult(edits, runtime, statement.expression);
      break;
    case 'ImportDeclaration':
      if (statement.specifiers.length > 0 && statement.specifiers.every(isTypeOnly)) remove(edits, statement);
      break;
    case 'TSImportEqualsDeclaration':
      // esbuild drops `import a = N.b` where the cell itself does not use it.
      if (statement.importKind !== 'type' && statement.moduleReference.type !== 'TSExternalModuleReference') {
        if (statement.isExport) removeWord(source, edits, statement, 'export');
        const at = source.indexOf('import', position(statement.start));
        edits.replace(at, at + 'import'.length, 'const');
      }
      break;
  }
}

function takeOffDefault(
  source: string,
  edits: Edits,
  statement: Extract<Node, { type: 'ExportDefaultDeclaration' }>,
  runtime: string | undefined,
): void {
  const { declaration } = statement;
  const isDeclaration = /Declaration$|^TSDeclareFunction$/.test(declaration.type);
  removeWord(source, edits, statement, 'export');
  removeWord(source, edits, statement, 'default');
  if (!isDeclaration) {
    if (runtime) storeResult(edits, runtime, declaration);
    else wrap(edits, declaration, ';(', ')');
  } else if ('id' in declaration && !declaration.id) {
    wrap(edits, declaration, ';(', ');');
  }
}

/** `import { type A }` loads nothing, unlike what verbatimModuleSyntax makes of it: a package of types alone cannot be loaded. */
function isTypeOnly(specifier: Node): boolean {
  return specifier.type === 'ImportSpecifier' && specifier.importKind === 'type';
}

function storeResult(edits: Edits, runtime: string, expression: Node): void {
  wrap(edits, expression, `${runtime}.result = (`, ')');
}

function wrap(edits: Edits, node: Node, before: string, after: string): void {
  edits.open(position(node.start), before);
  edits.close(position(node.end), after);
}

function remove(edits: Edits, node: Node): void {
  edits.remove(position(node.start), position(node.end));
}

function importFor(edits: Edits, node: Node, specifier: string): void {
  edits.replace(position(node.start), position(node.end), `import ${JSON.stringify(specifier)};`);
}

/** Removes the first `word` of a statement; decorators, which may stand before it, are skipped. */
function removeWord(source: string, edits: Edits, statement: Node, word: string): void {
  let from = position(statement.start);
  const declaration = 'declaration' in statement ? (statement.declaration as Node | null) : undefined;
  for (const decorator of (declaration && 'decorators' in declaration ? declaration.decorators : null) ?? []) {
    if (position(decorator.start) <= from) from = position(decorator.end);
  }
  const found = new RegExp(`\\b${word}\\b`, 'g');
  found.lastIndex = from;
  const at = found.exec(source)?.index;
  if (at !== undefined) edits.remove(at, at + word.length);
}

function position(offset: number | null | undefined): number {
  return offset ?? 0;
}

/** Names that a namespace or enum declares, anywhere in the cell: what esbuild makes of them needs its own names inside. */
export function mergingNames(source: string): Set<string> {
  return new Set(
    [...source.matchAll(/\b(?:enum|namespace|module)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu)].map(
      (match) => match[1] as string,
    ),
  );
}
