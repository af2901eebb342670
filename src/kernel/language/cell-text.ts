// What a cell's text says without being parsed.

import type { CompilerOptions } from './compile-options.js';
import { mentions } from './names.js';

/** The names that JSX stands for, where it stands for calls of a function in scope. */
export function jsxNames({
  jsx,
  jsxFactory = 'React.createElement',
  jsxFragmentFactory = 'React.Fragment',
}: CompilerOptions) {
  const calls = jsx === undefined || /^react-jsx/i.test(jsx) ? [] : [jsxFactory, jsxFragmentFactory];
  return calls.map((name) => name.split('.')[0] as string);
}

/** Whether a cell asks to run without a check: `// @ts-nocheck` among the comments that it begins with. */
export function isUnchecked(source: string): boolean {
  const comments = /^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(source)?.[0] ?? '';
  return /(?:\/\/|\/\*)[\s*]*@ts-nocheck\b/.test(comments);
}

const declaring =
  /\b(?:let|const|var|function|class|enum|interface|type|namespace)[\s*]+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;

/** The names that a text which does not parse seems to declare. */
export function roughNames(source: string): Set<string> {
  const names = new Set([...source.matchAll(declaring)].map((match) => match[1] as string));
  for (const [, imported] of source.matchAll(/\bimport\s+([^"']*?)\s*from\b/g)) {
    for (const name of mentions(imported ?? '')) names.add(name);
  }
  for (const word of ['from', 'as', 'type']) names.delete(word);
  return names;
}
