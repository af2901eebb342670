// TypeScript modules of the notebook to JavaScript, with a source map.

import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Loader, TransformFailure, TransformOptions } from 'esbuild';
import type { SourceMapJson } from './messages.js';
import { runtimeOptions } from './tsconfig.js';

export interface Transformed {
  readonly code: string;
  readonly map: SourceMapJson;
}

export type ModuleFormat = 'module' | 'commonjs';

export function optionsFor(path: string, format: ModuleFormat): TransformOptions {
  const ending = extname(path);
  return {
    loader: (ending === '.tsx' || ending === '.jsx' ? ending.slice(1) : 'ts') as Loader,
    format: format === 'module' ? 'esm' : 'cjs',
    target: `node${process.versions.node}`,
    sourcefile: path,
    sourcemap: 'external',
    sourcesContent: true,
    tsconfigRaw: runtimeOptions(path) as NonNullable<TransformOptions['tsconfigRaw']>,
    logLevel: 'silent',
  };
}

export function finish({ code, map }: { readonly code: string; readonly map: string }): Transformed {
  return { code, map: JSON.parse(map) as SourceMapJson };
}

/** esbuild's complaint as a syntax error that shows the line. */
export function syntaxError(failure: unknown): unknown {
  const first = (failure as Partial<TransformFailure>).errors?.[0];
  if (!first) return failure;
  const { location, text } = first;
  if (!location) return new SyntaxError(text);
  const mark = `${' '.repeat(location.column)}^`;
  const error = new SyntaxError(
    `${text}\n${location.file}:${location.line}:${location.column + 1}\n\n  ${location.lineText}\n  ${mark}`,
  );
  error.stack = `SyntaxError: ${error.message}`;
  return error;
}

/** Where a `file:` URL leads, its query left out. */
export function pathOf(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url) : undefined;
}
