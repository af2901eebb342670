// What the type checker says about a cell, as the cell's author should read it: places in the cell, words that know of cells.

import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorContent } from '../executor/messages.js';
import { type Problem, placeName, renderProblems } from './code-frame.js';
import { type CellName, CellProblem } from './language.js';
import type { ServerDiagnostic, ServerRange } from './lsp-messages.js';
import { lineStarts, offsetAt } from './positions.js';

/** What has to be known to tell of a cell's type errors. */
export interface CheckedText {
  readonly source: string;
  /** For instance `cell 3`. */
  readonly cellName: string;
  /** Lines of the checked text that stand before the cell's own. */
  readonly linesBefore: number;
  /** The file name it was checked under. */
  readonly file: string;
  readonly directory: string;
  kindOf(name: string): CellName['kind'] | 'type' | undefined;
  /** The cell that declared a name but ended before giving it a value. */
  cellWithout(name: string): string | undefined;
  /** The cell that was checked under a slot's number. */
  at(slot: number): { readonly cellName: string; readonly source: string } | undefined;
}

export interface TypeProblem extends Problem {
  readonly code: string;
  /** Further places that have to do with it. */
  readonly notes: readonly string[];
}

const most = 10;

/** What holds for other ES modules, but not for cells: these may say `import a = require('a')`. */
const harmless = new Set([1202]);

/** The errors among a server's diagnostics that are about the cell itself. */
export function problemsOf(diagnostics: readonly ServerDiagnostic[], checked: CheckedText): TypeProblem[] {
  const lines = lineStarts(checked.source).length;
  const problems: TypeProblem[] = [];
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity !== undefined && diagnostic.severity !== 1) continue;
    if (harmless.has(Number(diagnostic.code))) continue;
    const first = diagnostic.range.start.line - checked.linesBefore;
    const beyond = first >= lines;
    if (growsOverCells(diagnostic, checked)) continue;
    // Our own lines. Only what is left open in the cell shows behind its end.
    if (first < 0 || (beyond && !isSyntax(diagnostic.code))) continue;
    problems.push({
      ...wordsOf(diagnostic, checked),
      ...place(diagnostic.range, checked),
    });
  }
  return problems.sort((a, b) => a.start.line - b.start.line || a.start.column - b.start.column);
}

/**
 * `const losses = []` in one cell, `losses.push(0.5)` in the next: within one file TypeScript would see what becomes of the list.
 * Over cells it cannot, so the variable is `any[]` there, and no error.
 */
function growsOverCells({ code, message }: ServerDiagnostic, checked: CheckedText): boolean {
  if (Number(code) !== 7005) return false;
  const kind = checked.kindOf(/'([^']+)'/.exec(message)?.[1] ?? '');
  return kind === 'let' || kind === 'var' || kind === 'const';
}

/** The problems as the error that Jupyter shows. @param problems at least one, in order */
export function typeError(problems: readonly TypeProblem[], { source, cellName }: CheckedText): CellProblem {
  const [first] = problems;
  if (!first) throw new Error(`${cellName} has no problem to tell of`);
  const others = problems.length - 1;
  const more = others > 0 ? ` and ${others} more ${others === 1 ? 'error' : 'errors'}` : '';
  const frames = problems.slice(0, most).map((problem) => {
    const notes = problem.notes.map((text) => `\n  ${text}`).join('');
    return renderProblems(source, cellName, [problem]) + (notes && `\n${notes}`);
  });
  if (problems.length > most) frames.push(`... and ${problems.length - most} more`);
  const content: ErrorContent = {
    ename: 'TypeScriptError',
    evalue: `${first.code}: ${first.message} (line ${first.start.line + 1})${more}`,
    traceback: [frames.join('\n\n')],
  };
  return new CellProblem(content);
}

/** A trouble that is not the cell's, but keeps it from being checked. */
export function cannotCheck(message: string): CellProblem {
  const advice = 'A cell that begins with // @ts-nocheck runs unchecked.';
  return new CellProblem({
    ename: 'TypeScriptError',
    evalue: message,
    traceback: [`The cell's types cannot be checked: ${message}\n${advice}`],
  });
}

/** Modules that were not found, or not their types: they may have been installed a moment ago. */
export function missesModule(diagnostics: readonly ServerDiagnostic[]): boolean {
  return diagnostics.some(({ code }) => [2307, 2732, 2792, 2834, 2835, 7016].includes(Number(code)));
}

function isSyntax(code: number | string | undefined): boolean {
  return Number(code) >= 1000 && Number(code) < 2000;
}

function place(range: ServerRange, { source, linesBefore }: CheckedText): Pick<Problem, 'start' | 'end'> {
  const within = ({ line, character }: ServerRange['start']) =>
    placeAt(source, offsetAt(source, { line: line - linesBefore, character }));
  return { start: within(range.start), end: within(range.end) };
}

/** The line and column that a reader counts, who sees more kinds of line ends than the server. */
function placeAt(source: string, offset: number): Problem['start'] {
  const before = source.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  return { line: before.length - 1, column: (before.at(-1) as string).length };
}

/** What TypeScript says of assignments, by what is assigned to. */
const assignments: Readonly<Record<string, readonly [code: string, what: string]>> = {
  const: ['TS2588', 'a constant'],
  class: ['TS2629', 'a class'],
  function: ['TS2630', 'a function'],
  enum: ['TS2628', 'an enum'],
  namespace: ['TS2631', 'a namespace'],
};

function wordsOf(diagnostic: ServerDiagnostic, checked: CheckedText): Pick<TypeProblem, 'code' | 'message' | 'notes'> {
  const code = `TS${diagnostic.code ?? 0}`;
  const message = inWordsOfCells(diagnostic.message, checked);
  const notes = (diagnostic.relatedInformation ?? []).flatMap((related) => note(related, checked));
  const name = /'([^']+)'/.exec(message)?.[1] ?? '';
  if (code === 'TS2632') {
    // A name of an earlier cell comes in as an import, of which its author knows nothing.
    const [other, what] = assignments[checked.kindOf(name) ?? ''] ?? [];
    if (other) return { code: other, message: `Cannot assign to '${name}' because it is ${what}.`, notes };
  }
  const cell = /^TS(2304|2503|2552|18004)$/.test(code) ? checked.cellWithout(name) : undefined;
  if (cell) {
    return {
      code,
      message: `Cannot find name '${name}'. ${sentence(cell)} declares it, but ended before giving it a value.`,
      notes: [],
    };
  }
  return { code, message, notes };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Without the names that we gave to files and exports. */
export function inWordsOfCells(text: string, { at }: Pick<CheckedText, 'at'>): string {
  const cell = (slot: string) => at(Number(slot))?.cellName ?? 'this cell';
  return text
    .replace(/(?:typeof )?import\("[^"]*__(?:cell_\d+|draft|cells)(?:\.m?tsx?)?"\)\.(?:__cell_\d+\.)?\$?/g, '')
    .replace(/\b__cell_\d+\.\$/g, '')
    .replace(/["'][^"'\s]*__cell_(\d+)(?:\.m?tsx?)?["']/g, (_, slot: string) => cell(slot))
    .replace(/["'][^"'\s]*__draft(?:\.m?tsx?)?["']/g, 'this cell');
}

type Related = NonNullable<ServerDiagnostic['relatedInformation']>[number];

function note({ location, message }: Related, checked: CheckedText): string[] {
  const text = inWordsOfCells(message, checked);
  const path = fileURLToPath(location.uri);
  const line = location.range.start.line;
  const file = basename(path);
  const slot = /^__cell_(\d+)\./.exec(file)?.[1];
  if (slot === undefined && !file.startsWith('__'))
    return [`${text} (${readable(path, checked.directory)}:${line + 1})`];
  if (slot === undefined) return [];
  const other = file === checked.file ? checked : checked.at(Number(slot));
  if (!other || line < 1 || line > lineStarts(other.source).length) return [];
  const start = { line: line - 1, column: location.range.start.character };
  return [`${placeName(other.cellName, start)}: ${text}`];
}

/** A path as a reader of the notebook would write it. */
export function readable(path: string, directory: string): string {
  const modules = path.lastIndexOf('node_modules');
  if (modules >= 0) return path.slice(modules + 'node_modules/'.length);
  const short = relative(directory, path);
  return short.startsWith('..') && short.length > path.length ? path : short;
}
