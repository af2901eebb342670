// Which line of which cell, or of which TypeScript module, a position in the JavaScript that runs came from.

import { SourceMap } from 'node:module';
import type { SourceMapJson } from './messages.js';

interface Script {
  readonly map: SourceMapJson;
  parsed?: SourceMap;
}

const scripts = new Map<string, Script>();

/** Notes the map of a script, by the name that stack frames call it. */
export function addSourceMap(script: string, map: SourceMapJson): void {
  scripts.set(script, { map });
}

export interface Position {
  /** Both from 1 on. */
  readonly line: number;
  readonly column: number;
}

export interface Original extends Position {
  /** The whole text it is in, where the map has it. */
  readonly source: string | undefined;
}

/** Where a position came from: undefined for scripts without a map, `'made up'` for code that the compiler added. */
export function original(script: string, at: Position): Original | 'made up' | undefined {
  const known = scripts.get(script);
  if (!known) return undefined;
  // Read only when an error is shown: most cells run without one.
  known.parsed ??= new SourceMap(known.map as ConstructorParameters<typeof SourceMap>[0]);
  const entry = known.parsed.findEntry(at.line - 1, at.column - 1);
  if (!('originalLine' in entry) || entry.originalLine === undefined) return 'made up';
  return {
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
    source: known.map.sourcesContent?.[Math.max(0, known.map.sources.indexOf(entry.originalSource))] ?? undefined,
  };
}
