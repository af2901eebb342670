// Finds the file that a relative import means, as TypeScript does: './helper' and './helper.js' may be helper.ts.

import { realpathSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'];

/** What a file that is imported under its JavaScript name may be called. */
const written: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

/** Whether a specifier names a file rather than a package. */
export function isPathSpecifier(specifier: string): boolean {
  return /^(\.{1,2}(\/|$)|\/|file:)/.test(specifier) || (sep === '\\' && /^(\.{1,2}\\|[a-z]:[\\/])/i.test(specifier));
}

export interface LocalFile {
  /** With links followed. */
  readonly path: string;
  /** What stood behind a question mark, with it. */
  readonly query: string;
}

/** The file a specifier means for code in `folder`; undefined where there is none, or where it is part of a package. */
export function findLocalFile(specifier: string, folder: string): LocalFile | undefined {
  if (!isPathSpecifier(specifier)) return undefined;
  let path: string;
  let query = '';
  if (specifier.startsWith('file:')) {
    const url = new URL(specifier);
    query = url.search;
    path = fileURLToPath(url);
  } else {
    const [name = '', rest] = specifier.split(/(?=[?#])/, 2);
    query = rest ?? '';
    path = resolve(folder, decodeURIComponent(name));
  }
  const found = candidates(path).find(isFile);
  if (found === undefined) return undefined;
  const real = realpathSync(found);
  return isOfPackage(real) ? undefined : { path: real, query };
}

/** Packages do not change while a notebook is open, and load as Node.js loads them. */
export function isOfPackage(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`);
}

export function isTypeScript(path: string): boolean {
  return /\.([cm]?ts|tsx|jsx)$/.test(path);
}

function* candidatesOf(path: string): Generator<string> {
  yield path;
  const ending = /\.[cm]?jsx?$/.exec(path)?.[0];
  for (const other of (ending && written[ending]) || []) yield path.slice(0, -(ending as string).length) + other;
  for (const added of endings) yield path + added;
  for (const added of endings) yield resolve(path, `index${added}`);
}

function candidates(path: string): string[] {
  return [...candidatesOf(path)];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
