// Offsets into a text and the places (line, column) in which the language server counts: lines end as the protocol says, at \n, \r\n or \r;
// columns are UTF-16 units, as JavaScript's offsets are. Both count from 0.

export interface Position {
  readonly line: number;
  readonly character: number;
}

/** The offsets at which the lines of a text begin. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: ending } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + ending.length);
  return starts;
}

export function positionAt(text: string, offset: number): Position {
  const at = Math.max(0, Math.min(offset, text.length));
  const starts = lineStarts(text.slice(0, at));
  // Between \r and \n is still the line that they end.
  if (text[at - 1] === '\r' && text[at] === '\n') starts.pop();
  const line = starts.length - 1;
  return { line, character: at - (starts[line] as number) };
}

/** The offset of a place; the nearest there is, where the text has no such place. */
export function offsetAt(text: string, { line, character }: Position): number {
  if (line < 0) return 0;
  const starts = lineStarts(text);
  const start = starts[line];
  if (start === undefined) return text.length;
  const end = starts[line + 1] ?? text.length;
  return Math.min(start + character, end);
}

const wordCharacter = /[\p{ID_Continue}$\u200c\u200d]/u;

/** The word around an offset, its `#` included: `[start, end)`. Empty where there is none. */
export function wordAt(text: string, offset: number): { readonly start: number; readonly end: number } {
  let start = offset;
  for (let before = characterBefore(text, start); wordCharacter.test(before); before = characterBefore(text, start)) {
    start -= before.length;
  }
  if (text[start - 1] === '#') start--;
  let end = offset;
  for (let next = characterAt(text, end); wordCharacter.test(next); next = characterAt(text, end)) end += next.length;
  return { start, end };
}

function characterAt(text: string, offset: number): string {
  const code = text.codePointAt(offset);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(text: string, offset: number): string {
  if (offset <= 0) return '';
  const isPair = /[\udc00-\udfff]/.test(text[offset - 1] as string) && /[\ud800-\udbff]/.test(text[offset - 2] ?? '');
  return text.slice(offset - (isPair ? 2 : 1), offset);
}
