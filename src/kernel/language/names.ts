// The names a cell brings into the notebook: everything it declares at its top level, and which words its text mentions.

import type { CellName, CellNames } from './language.js';
import { type Node, parseCell, type Syntax } from './parse.js';
import { boundNames, varDeclarations } from './scope.js';

/** What a cell declares at its top level. @throws ParseTrouble where it cannot be parsed at all. */
export function cellNames(source: string, jsx: boolean): CellNames {
  return namesOf(parseCell(source, jsx));
}

/** The same, of a cell that has been parsed. */
export function namesOf(syntax: Syntax): CellNames {
  const found = new Collector();
  for (const statement of syntax.program.body) found.statement(statement);
  for (const declaration of varDeclarations(syntax.program.body)) {
    if (!declaration.declare) found.value('var', boundNames(declaration));
  }
  return found.names();
}

/** Every word of a text that could be a name, those in strings and comments too. */
export function mentions(source: string): Set<string> {
  return new Set(source.match(word));
}

/** The `$` of `${` belongs to a template; what stands before it might still be a name that ends in one. */
const word = /(?:[\p{ID_Start}_]|\$(?!\{))(?:[\p{ID_Continue}\u200c\u200d]|\$(?!\{))*(?:\$(?=\{))?/gu;

class Collector {
  readonly #values = new Map<string, CellName['kind']>();
  readonly #types = new Set<string>();

  names(): CellNames {
    return {
      values: [...this.#values].map(([name, kind]) => ({ name, kind })),
      types: [...this.#types].filter((name) => !this.#values.has(name)),
    };
  }

  value(kind: CellName['kind'], names: readonly string[]): void {
    for (const name of names) {
      // A namespace beside a function or class of its name adds to that.
      const before = this.#values.get(name);
      if (before === undefined || before === 'namespace') this.#values.set(name, kind);
    }
  }

  statement(node: Node): void {
    switch (node.type) {
      case 'VariableDeclaration':
        if (node.declare) this.#type(boundNames(node));
        else if (node.kind !== 'var') this.value(node.kind === 'let' ? 'let' : 'const', boundNames(node));
        break;
      case 'FunctionDeclaration':
        this.#declaration('function', node);
        break;
      case 'TSDeclareFunction':
        // Without `declare` it is an overload, and its implementation follows.
        if (node.declare) this.#type(boundNames(node.id));
        break;
      case 'ClassDeclaration':
        this.#declaration('class', node);
        break;
      case 'TSEnumDeclaration':
        this.#declaration('enum', node);
        break;
      case 'TSModuleDeclaration':
        if (node.id.type !== 'Identifier') break;
        if (node.declare || !hasValues(node)) {
          if (node.id.name !== 'global') this.#type([node.id.name]);
        } else this.value('namespace', [node.id.name]);
        break;
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
        this.#type([node.id.name]);
        break;
      case 'TSImportEqualsDeclaration':
        if (node.importKind === 'type') this.#type([node.id.name]);
        else this.value('import', [node.id.name]);
        break;
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) {
          const isType =
            node.importKind === 'type' || (specifier.type === 'ImportSpecifier' && specifier.importKind === 'type');
          if (isType) this.#type([specifier.local.name]);
          else this.value('import', [specifier.local.name]);
        }
        break;
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
        if (node.declaration) this.statement(node.declaration);
        break;
      case 'LabeledStatement':
        this.statement(node.body);
        break;
    }
  }

  #declaration(kind: CellName['kind'], node: { id?: Node | null; declare?: boolean | null }): void {
    if (node.declare) this.#type(boundNames(node.id));
    else this.value(kind, boundNames(node.id));
  }

  #type(names: readonly string[]): void {
    for (const name of names) this.#types.add(name);
  }
}

/** Whether a namespace is there at run time: one that holds only types is not. */
function hasValues(node: Extract<Node, { type: 'TSModuleDeclaration' }>): boolean {
  const body = node.body;
  if (body.type === 'TSModuleDeclaration') return hasValues(body);
  return body.body.some((statement) => {
    const inner =
      statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
    switch (inner.type) {
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSDeclareFunction':
        return false;
      case 'TSModuleDeclaration':
        return !inner.declare && hasValues(inner);
      default:
        return !('declare' in inner && inner.declare);
    }
  });
}
