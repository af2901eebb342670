// Whether a cell could run as it stands, is only begun, or can never become right: what a console asks when somebody presses Enter.
//
// A text is begun where the parser stops at its very end, or would accept it with a few words more.

import type { Completeness } from './language.js';
import { type Node, ParseTrouble, parseCell, type SyntaxTrouble } from './parse.js';

/** What a text may lack before its open brackets are closed, and after: Babel takes many beginnings for a fault earlier in the text. */
const missingBefore = ['', ' x', ' of x'];
const missingAfter = ['', ' => 0', ' = 0', ' finally {}', ' {}'];

/** What can follow over lines: everything unterminated but strings and regular expressions. */
const openEnded = new Set(['UnterminatedTemplate', 'UnterminatedComment', 'UnterminatedJsxContent']);

/** Whether a cell is complete; where it is only begun, with the indent that its next line should have. */
export function isComplete(source: string, jsx = false): Completeness {
  const [trouble, last] = examine(source, jsx);
  if (!trouble) return awaitsBody(source, last) ? incomplete(source) : { status: 'complete' };
  if (openEnded.has(trouble.reason)) return incomplete(source, trouble);
  if (trouble.reason.startsWith('Unterminated')) {
    // A backslash at the end of a line carries a string on to the next.
    return /\\\n?$/.test(source) && trouble.reason === 'UnterminatedString' ? incomplete(source, trouble) : invalid;
  }
  if (trouble.fatal && trouble.offset >= source.length) return incomplete(source);
  const continues = endings(source).some((ending) => {
    const [rest] = examine(source + ending, jsx);
    // A parser that stops within the ending has taken the text; not if it had overlooked a fault before, and now has more to say.
    return !rest || (trouble.fatal && rest.fatal && rest.offset >= source.length);
  });
  return continues ? incomplete(source) : invalid;
}

const invalid: Completeness = { status: 'invalid' };

type Trouble = SyntaxTrouble & { /** Whether the parser stopped there. */ readonly fatal: boolean };

/** The first trouble with a text; without any, its last statement. */
function examine(source: string, jsx: boolean): [trouble: Trouble | undefined, last: Node | undefined] {
  try {
    const { errors, program } = parseCell(source, jsx);
    const [first] = errors ?? [];
    return [first ? { ...detail(new ParseTrouble(first as never)), fatal: false } : undefined, program.body.at(-1)];
  } catch (error) {
    if (!(error instanceof ParseTrouble)) throw error;
    return [{ ...detail(error), fatal: true }, undefined];
  }
}

function detail({ message, offset, reason }: ParseTrouble): SyntaxTrouble {
  return { message, offset, reason };
}

function endings(source: string): string[] {
  const closing = closers(source);
  return missingBefore.flatMap((before) => missingAfter.map((after) => before + closing + after)).slice(1);
}

/** Comments, strings, templates without a look inside, regular expressions where one may stand, and brackets. */
const tokens = new RegExp(
  [
    /\/\/.*|\/\*[\s\S]*?\*\//,
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/,
    /(?<=(?:^|[(,=:[!&|?{};+*%~^<>-]|\breturn)\s*)\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//,
    /[()[\]{}]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** The brackets that would close those open at the end of a text. */
function closers(source: string): string {
  const open: string[] = [];
  for (const [token] of source.matchAll(tokens)) {
    const closer = { '(': ')', '[': ']', '{': '}' }[token];
    if (closer) open.push(closer);
    else if (token === open.at(-1)) open.pop();
  }
  return open.reverse().join('');
}

/** `function f(a: number)` may be an overload, but is more likely a function whose body follows. */
function awaitsBody(source: string, last: Node | undefined): boolean {
  const statement = last?.type === 'ExportNamedDeclaration' ? last.declaration : last;
  return statement?.type === 'TSDeclareFunction' && !statement.declare && !/;\s*$/.test(source);
}

function incomplete(source: string, trouble?: SyntaxTrouble): Completeness {
  return { status: 'incomplete', indent: nextIndent(source, trouble) };
}

/** The indent of the next line: that of the last, and one step more where it opens something. */
function nextIndent(source: string, trouble?: SyntaxTrouble): string {
  // In a template every blank would become part of the text.
  if (trouble?.reason === 'UnterminatedTemplate' || trouble?.reason === 'UnterminatedString') return '';
  const lines = source.split('\n').filter((line) => line.trim() !== '');
  const last = lines.at(-1) ?? '';
  const indent = last.match(/^[ \t]*/)?.[0] ?? '';
  if (trouble?.reason === 'UnterminatedComment')
    return /^\s*(\/\*\*|\*)/.test(last) ? `${indent.trimEnd()} * ` : indent;
  const code = bare(last);
  if (opens(code)) return indent + stepOf(lines);
  const before = bare(lines.at(-2) ?? '');
  return goesOn(code) && !goesOn(before) ? indent + stepOf(lines) : indent;
}

/** A line without strings and comments. */
function bare(line: string): string {
  return line
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""')
    .replace(/\/\/.*$|\/\*.*?\*\//g, '')
    .trim();
}

/** Whether a line opens more brackets than it closes, after those it closes first. */
function opens(code: string): boolean {
  let depth = 0;
  for (const character of code) {
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
  }
  return depth > 0 || /^(case\b.*|default\s*):$/.test(code);
}

/** Whether a statement goes on after this line, outside brackets. */
function goesOn(code: string): boolean {
  return (
    /(=>|[-+*/%=<&|^?:.!~]|\b(else|do|extends|as|satisfies|in|of|instanceof|typeof|return|throw|await|new|from|keyof))$/.test(
      code,
    ) || /^(if|for|while|else if)\b.*\)$/.test(code)
  );
}

/** One step of indentation as the text has it: a tab, or its smallest indent. */
function stepOf(lines: readonly string[]): string {
  if (lines.some((line) => line.startsWith('\t'))) return '\t';
  const widths = lines.map((line) => line.match(/^ */)?.[0].length ?? 0).filter((width) => width > 1);
  return ' '.repeat(widths.length > 0 ? Math.min(...widths) : 2);
}
