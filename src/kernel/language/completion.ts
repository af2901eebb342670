// Completions, from the server's form to Jupyter's: what matches the word at the cursor, and the range that it replaces.

import type { Completion } from './language.js';
import type { ServerRange } from './lsp-messages.js';
import { offsetAt, wordAt } from './positions.js';

export interface ServerCompletion {
  readonly label: string;
  readonly kind?: number;
  readonly sortText?: string;
  readonly insertText?: string;
  readonly textEdit?: { readonly range: ServerRange; readonly newText: string };
}

export type ServerCompletions = readonly ServerCompletion[] | { readonly items: readonly ServerCompletion[] } | null;

const most = 300;

/** The protocol's kinds, in the words that JupyterLab knows. */
const words: Readonly<Record<number, string>> = {
  1: 'text',
  2: 'method',
  3: 'function',
  4: 'class',
  5: 'property',
  6: 'variable',
  7: 'class',
  8: 'interface',
  9: 'module',
  10: 'property',
  12: 'value',
  13: 'enum',
  14: 'keyword',
  17: 'file',
  19: 'folder',
  20: 'enum member',
  21: 'constant',
  25: 'type parameter',
};

export interface CompletionPlace {
  readonly source: string;
  readonly offset: number;
  /** Lines of the asked text that stand before the cell's own. */
  readonly linesBefore: number;
  /** What was cut out of the text at the cursor before the server was asked, since it would not have answered with it. */
  readonly cut: number;
  /** A better word for names that the server takes for mere aliases. */
  kindOf(name: string): string | undefined;
}

/** What Jupyter offers, best first. */
export function completionsOf(found: ServerCompletions | undefined, place: CompletionPlace): Completion[] {
  const items = found ? ('items' in found ? found.items : found) : [];
  const { source, offset } = place;
  const word = wordAt(source, offset);
  const text = (range: ServerRange) => ({ start: at(range.start, place), end: at(range.end, place) });
  const matching: { completion: Completion; order: string }[] = [];
  for (const item of items) {
    if (item.label.startsWith('__cell_') || /^__(cells|draft|globals)\b/.test(item.label)) continue;
    const insert = item.textEdit?.newText ?? item.insertText ?? item.label.replace(/\?$/, '');
    const range = item.textEdit && place.cut === 0 ? text(item.textEdit.range) : stringStart(word, place);
    const prefix = source.slice(range.start, offset);
    const rank = rankOf(insert, prefix);
    if (rank === undefined) continue;
    // A word that goes on behind the cursor is replaced whole.
    const end = Math.max(range.end, range.start === word.start ? word.end : offset);
    const type = typeOf(item, place);
    matching.push({
      completion: { text: insert, type, start: range.start, end },
      order: `${rank}${item.sortText ?? ''}\0${insert.toLowerCase()}`,
    });
  }
  matching.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  const seen = new Set<string>();
  const unique = matching.filter(({ completion: { text: each } }) => !seen.has(each) && seen.add(each));
  return unique.slice(0, most).map(({ completion }) => completion);
}

/** What has to be cut out before the cursor for the server to answer: it knows `fs` for an import, but not `node:f`. */
export function cutBefore(source: string, offset: number): number {
  const typed = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](node:[^"'\n]*)$/.exec(source.slice(0, offset))?.[1];
  return typed?.length ?? 0;
}

function stringStart(word: { start: number; end: number }, { offset, cut }: CompletionPlace) {
  return cut > 0 ? { start: offset - cut, end: offset } : word;
}

function at(position: ServerRange['start'], { source, linesBefore }: CompletionPlace): number {
  return offsetAt(source, { line: position.line - linesBefore, character: position.character });
}

/** The order of a match: as typed first, then in another case; undefined where it does not match. */
function rankOf(text: string, prefix: string): number | undefined {
  if (text.startsWith(prefix)) return 0;
  const [lower, wanted] = [text.toLowerCase(), prefix.toLowerCase()];
  if (lower.startsWith(wanted)) return 1;
  // `#private` members, and `?.name` or `["a name"]` in the place of `.name`.
  const bare = wanted.replace(/^\??\./, '');
  if (prefix !== '' && /^(\?\.|\[)/.test(text) && lower.replace(/^(\?\.|\["?)/, '').startsWith(bare)) return 2;
  return undefined;
}

function typeOf({ label, kind }: ServerCompletion, place: CompletionPlace): string {
  const known = kind === 6 ? place.kindOf(label) : undefined;
  return known ?? words[kind ?? 0] ?? 'text';
}
