// Turns the JavaScript of a cell into the script that the executor runs; see executor/runtime.ts for what that looks like.
//
//   import fs from 'node:fs';              "use strict"; (async ($) => { const fs$ = $.box("fs"); ...
//   const text = fs.readFileSync(p);  =>   const $module = await $.wait($.import("node:fs")); $.bind("fs", $module, "default", "node:fs");
//                                          const text = fs$.v.readFileSync(p$.v), $1 = ($.define("text", text));
//                                          })
//
// All that must run first stands on the first line, so that every line of the cell keeps its number.

import type { CellNames } from './language.js';
import { mentions } from './names.js';
import { type Node, parseScript } from './parse.js';
import { CodeRewriter, declareBody, type Homes, jsonOptions } from './rewrite-code.js';
import { type EditedText, Edits } from './rewrite-edits.js';
import { FreshNames } from './rewrite-names.js';
import { boundNames, Scope } from './scope.js';

export interface RewriteInput {
  /** What esbuild made of the cell. */
  readonly code: string;
  /** What the cell declares. */
  readonly names: CellNames;
  /** The notebook's names before this cell. */
  readonly known: ReadonlySet<string>;
  /** The name under which the code reaches its runtime. */
  readonly runtime: string;
  /** Those of the cell's names that namespaces and enums have. */
  readonly merging: ReadonlySet<string>;
  /** Local names that esbuild changed, by where they stand, with what they were before. */
  readonly renamed: ReadonlyMap<number, string>;
}

export interface RewrittenCode {
  readonly text: EditedText;
  /** Places on the first line that come from somewhere else: offsets into the new text and into the old one. */
  readonly moved: readonly { readonly to: number; readonly from: number }[];
}

/** Names that are there without anyone declaring them, though not as properties of globalThis. */
const alwaysThere = new Set(['arguments', 'undefined', 'require', '__dirname', '__filename', 'eval']);

/** @throws ParseTrouble */
export function rewrite(input: RewriteInput): RewrittenCode {
  const { code, names, known, runtime } = input;
  const { program } = parseScript(code);
  const fresh = new FreshNames([...mentions(code), runtime]);
  const declared = new Map(names.values.map(({ name, kind }) => [name, kind]));
  const top = new Scope();
  declareBody(top, program.body);
  for (const name of declared.keys()) top.names.add(name);
  const constants = new Map(
    program.body
      .flatMap((node) => (node.type === 'VariableDeclaration' && node.kind === 'const' ? node.declarations : []))
      .flatMap(({ id, end }) => boundNames(id).map((name) => [name, end ?? 0] as const)),
  );

  const boxes = new Map<string, string>();
  const box = (name: string) => {
    let variable = boxes.get(name);
    if (!variable) {
      variable = fresh.take(`${name}$`);
      boxes.set(name, variable);
    }
    return { text: `${variable}.v`, late: false };
  };
  const homes: Homes = {
    of: (name) => {
      if (declared.has(name)) return box(name);
      if (top.names.has(name) || name === runtime) return undefined;
      if (known.has(name)) return box(name);
      if (alwaysThere.has(name) || name in globalThis) return undefined;
      return { text: `${runtime}.late.${name}`, late: true };
    },
    isDeclared: (name) => declared.has(name),
    constantFrom: (name) => constants.get(name),
    isLet: (name) => declared.get(name) === 'let',
    isMerging: (name) => declared.has(name) && input.merging.has(name),
  };

  const stop = fresh.take(`${runtime}stop`);
  const edits = new Edits(code);
  let unused = 0;
  const words = { runtime, stop, unused: () => fresh.take(`${runtime}${++unused}`) };
  const walker = new CodeRewriter(edits, homes, words, top);
  const imports = new Imports(runtime, declared, fresh);
  const functions: string[] = [];
  for (const node of program.body) {
    switch (node.type) {
      case 'ImportDeclaration':
        imports.add(node);
        edits.remove(node.start ?? 0, node.end ?? 0);
        break;
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        edits.remove(node.start ?? 0, node.end ?? 0);
        break;
      case 'FunctionDeclaration':
        if (node.id && declared.has(node.id.name)) functions.push(node.id.name);
        walker.statement(node);
        break;
      default:
        walker.statement(node);
    }
  }
  for (const [offset, name] of input.renamed) {
    const now = code.slice(offset).match(/^[\p{ID_Start}$_][\p{ID_Continue}$]*/u)?.[0];
    if (now && !top.names.has(now)) edits.replace(offset, offset + now.length, name);
  }

  const head = [
    `"use strict"; (async (${runtime}) => { const ${stop} = ${runtime}.stop; `,
    ...[...boxes].map(([name, variable]) => `const ${variable} = ${runtime}.box(${quote(name)}); `),
  ].join('');
  const hoisted = [
    ...names.values.filter(({ kind }) => kind === 'var').map(({ name }) => `${quote(name)}, undefined`),
    ...functions.map((name) => `${quote(name)}, ${name}`),
  ].map((what) => `${runtime}.define(${what}); `);
  edits.surround(head + imports.text + hoisted.join(''), '\n})');
  return { text: edits.apply(), moved: imports.places.map(({ at, from }) => ({ to: head.length + at, from })) };
}

/** The cell's imports, as calls that stand before everything else. */
class Imports {
  text = '';
  readonly places: { readonly at: number; readonly from: number }[] = [];
  readonly #runtime: string;
  readonly #declared: ReadonlyMap<string, unknown>;
  readonly #fresh: FreshNames;

  constructor(runtime: string, declared: ReadonlyMap<string, unknown>, fresh: FreshNames) {
    this.#runtime = runtime;
    this.#declared = declared;
    this.#fresh = fresh;
  }

  add(node: Extract<Node, { type: 'ImportDeclaration' }>): void {
    const specifier = node.source.value;
    const $ = this.#runtime;
    this.places.push({ at: this.text.length, from: node.start ?? 0 });
    const loaded = `await ${$}.wait(${$}.import(${quote(specifier)}${importOptions(node)}))`;
    if (node.specifiers.length === 0) {
      this.text += `${loaded}; `;
      return;
    }
    const module = this.#fresh.take(`${$}module`);
    this.text += `const ${module} = ${loaded}; `;
    for (const each of node.specifiers) {
      const local = each.local.name;
      const name = importedName(each);
      if (this.#declared.has(local)) {
        this.text += `${$}.bind(${quote(local)}, ${module}, ${quote(name)}, ${quote(specifier)}); `;
      } else this.text += `const ${local} = ${name === '*' ? module : `${module}[${quote(name)}]`}; `;
    }
  }
}

function importOptions(node: Extract<Node, { type: 'ImportDeclaration' }>): string {
  const attributes = node.attributes ?? [];
  if (attributes.length === 0) return node.source.value.endsWith('.json') ? `, ${jsonOptions}` : '';
  const pairs = attributes.map(
    ({ key, value }) => `${quote(key.type === 'Identifier' ? key.name : key.value)}: ${quote(value.value)}`,
  );
  return `, { with: { ${pairs.join(', ')} } }`;
}

function importedName(
  specifier: Extract<Node, { type: 'ImportSpecifier' | 'ImportDefaultSpecifier' | 'ImportNamespaceSpecifier' }>,
): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
