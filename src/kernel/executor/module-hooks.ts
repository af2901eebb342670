// Hooks of Node's module loader for the notebook's own modules: TypeScript, imports as TypeScript writes them, and versions, by
// which a changed module is loaded afresh. All else passes through.

import { readFileSync } from 'node:fs';
import type { LoadFnOutput, LoadHookContext, ResolveFnOutput, ResolveHookContext } from 'node:module';
import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stampOf } from './local-modules.js';
import { findLocalFile, isTypeScript } from './local-paths.js';
import type { SourceMapJson } from './messages.js';
import { type ModuleFormat, pathOf } from './transform.js';

/** Who keeps the books of local modules: in the same thread, or at the other end of a port. */
export interface Books {
  /** Whether code in this file imports local modules: local modules do, and the notebook. */
  imports(path: string): boolean;
  has(path: string): boolean;
  version(path: string): number;
  add(path: string, importer?: string): void;
  loading(path: string, stamp: string | undefined): void;
  mapped(url: string, map: SourceMapJson): void;
}

type Resolved = ResolveFnOutput | Promise<ResolveFnOutput>;

export function resolveLocally(
  books: Books,
  specifier: string,
  context: ResolveHookContext,
  next: (specifier: string, context?: ResolveHookContext) => Resolved,
): Resolved {
  const parent = pathOf(context.parentURL ?? '');
  if (parent === undefined || !books.imports(parent)) return next(specifier, context);
  const file = findLocalFile(specifier, dirname(parent));
  if (!file) return next(specifier, context);
  books.add(file.path, books.has(parent) ? parent : undefined);
  const version = books.version(file.path);
  const url = pathToFileURL(file.path);
  url.search = [file.query.replace(/^\?/, ''), version && `v=${version}`].filter(Boolean).join('&');
  if (isTypeScript(file.path)) return { url: url.href, format: formatOf(file.path, context), shortCircuit: true };
  // `require` knows no URLs.
  return next(isRequire(context) ? file.path : url.href, context);
}

/** A module that only we can load; undefined for what Node.js loads as well. */
export interface OwnLoad {
  readonly path: string;
  readonly format: ModuleFormat;
  readonly source: string;
  readonly typescript: boolean;
}

/** Reads a module that we load. */
export function readLocally(books: Books, url: string, context: LoadHookContext): OwnLoad | undefined {
  const path = pathOf(url);
  if (path === undefined || !books.has(path)) return undefined;
  // Before it is read: a change in between is then found at the next look.
  books.loading(path, stampOf(path));
  if (isTypeScript(path)) {
    return { path, format: formatOf(path, context), source: readFileSync(path, 'utf8'), typescript: true };
  }
  if (extname(path) !== '.json' || context.importAttributes?.type === 'json' || isRequire(context)) return undefined;
  const source = `export default JSON.parse(${JSON.stringify(readFileSync(path, 'utf8'))});`;
  return { path, format: 'module', source, typescript: false };
}

export function loaded(format: ModuleFormat, source: string): LoadFnOutput {
  return { format, source, shortCircuit: true };
}

function formatOf(path: string, context: { readonly conditions?: readonly string[] }): ModuleFormat {
  return extname(path) === '.cts' || isRequire(context) ? 'commonjs' : 'module';
}

function isRequire({ conditions }: { readonly conditions?: readonly string[] }): boolean {
  return conditions?.includes('require') === true;
}
