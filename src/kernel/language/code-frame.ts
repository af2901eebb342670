// Problems as a reader sees them: what is wrong, where, and the lines around it with the place marked.
//
//   Cell 3, line 2, column 18: Type 'string' is not assignable to type 'number'. (TS2322)
//
//     1 | const a = 1;
//   > 2 | const b: number = 'two';
//       |       ^

import { colourTracebacks } from '../display/colour.js';

/** A place in a cell; line and column count from 0, columns in UTF-16 units, as the language server's do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Problem {
  readonly message: string;
  /** For instance `TS2322`. */
  readonly code?: string;
  readonly start: Place;
  /** Just after it; where it is left out, one character is marked. */
  readonly end?: Place;
}

export interface FrameOptions {
  /** Whether to colour it; unless told, as tracebacks are. */
  readonly colour?: boolean;
  /** How many problems to show; the others are counted. */
  readonly most?: number;
}

const context = 2;
const widest = 110;
const tab = '  ';

/** The problems of a cell, in the order of its text, each with its excerpt. `cellName` is for instance `cell 3`. */
export function renderProblems(
  source: string,
  cellName: string,
  problems: readonly Problem[],
  options: FrameOptions = {},
): string {
  const { most = 10, colour = colourTracebacks() } = options;
  const paint = colour ? coloured : plain;
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
  const ordered = [...problems].sort((a, b) => a.start.line - b.start.line || a.start.column - b.start.column);
  const shown = ordered.slice(0, most).map((problem) => renderProblem(lines, cellName, problem, paint));
  if (ordered.length > most) shown.push(paint.faint(`... and ${ordered.length - most} more`));
  return shown.join('\n\n');
}

/** A place in words: `Cell 3, line 2, column 5`. */
export function placeName(cellName: string, { line, column }: Place): string {
  return `${cellName.charAt(0).toUpperCase()}${cellName.slice(1)}, line ${line + 1}, column ${column + 1}`;
}

interface Paint {
  readonly bad: (text: string) => string;
  readonly place: (text: string) => string;
  readonly faint: (text: string) => string;
}

const plain: Paint = { bad: (text) => text, place: (text) => text, faint: (text) => text };
const coloured: Paint = {
  bad: (text) => `\x1b[31m${text}\x1b[39m`,
  place: (text) => `\x1b[36m${text}\x1b[39m`,
  faint: (text) => `\x1b[90m${text}\x1b[39m`,
};

function renderProblem(lines: readonly string[], cellName: string, problem: Problem, paint: Paint): string {
  const code = problem.code ? paint.faint(` (${problem.code})`) : '';
  const heading = `${paint.place(placeName(cellName, problem.start))}: ${paint.bad(problem.message)}${code}`;
  const at = Math.min(problem.start.line, lines.length - 1);
  const first = Math.max(0, at - context);
  const last = Math.min(lines.length - 1, at + context);
  const digits = String(last + 1).length;
  const rows: string[] = [];
  for (let line = first; line <= last; line++) {
    const text = lines[line] as string;
    const number = String(line + 1).padStart(digits);
    if (line !== at) {
      rows.push(`${paint.faint(`  ${number} |`)} ${excerpt(text, 0, 0).text}`.trimEnd());
      continue;
    }
    const start = Math.min(problem.start.column, text.length);
    const end = problem.end === undefined ? start + 1 : problem.end.line > line ? text.length : problem.end.column;
    const { text: shown, before, marked } = excerpt(text, start, Math.max(end, start + 1));
    rows.push(`${paint.bad('>')} ${paint.faint(`${number} |`)} ${shown}`.trimEnd());
    rows.push(`${paint.faint(`  ${' '.repeat(digits)} |`)} ${' '.repeat(before)}${paint.bad('^'.repeat(marked))}`);
  }
  return `${heading}\n\n${rows.join('\n')}`;
}

/** A line as it is shown, cut where it is too long, and the columns before and of its marked range. */
function excerpt(line: string, start: number, end: number): { text: string; before: number; marked: number } {
  // Cut between characters, not within a surrogate pair.
  const characters = [...line];
  const index = (offset: number) => [...line.slice(0, offset)].length;
  let from = 0;
  let to = characters.length;
  let [first, last] = [index(start), Math.max(index(end), index(start) + 1)];
  if (displayWidth(line) > widest) {
    const room = Math.floor(widest / 2);
    from = Math.max(0, Math.min(first - Math.floor(room / 2), characters.length - room));
    to = from;
    for (let width = 0; to < characters.length && width < widest; to++) width += displayWidth(characters[to] as string);
  }
  const head = from > 0 ? '…' : '';
  const tail = to < characters.length ? '…' : '';
  [first, last] = [Math.max(first, from), Math.min(last, to)];
  const shown = (a: number, b: number) => characters.slice(a, b).join('').replaceAll('\t', tab);
  return {
    text: head + shown(from, to) + tail,
    before: head.length + displayWidth(shown(from, first)),
    marked: Math.max(1, displayWidth(shown(first, Math.max(first, last)))),
  };
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const zero = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** How many columns a text takes in a fixed-width font. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character === '\t') width += tab.length;
    else if (zero.test(character)) continue;
    else width += wide.test(character) ? 2 : 1;
  }
  return width;
}
