// Stack traces as a reader of the notebook wants them: frames in cells by cell and line, those in TypeScript modules by their own
// lines, and none of the kernel's or Node.js's own.

import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plainMessage } from '../language/rewrite-names.js';
import { type Original, original } from './source-maps.js';

export interface Frame {
  /** As a trace shows it, without the `at`: `f (Cell 3, line 2, column 5)`. */
  readonly text: string;
  /** Where it is in code of the notebook or its own modules: for an excerpt. */
  readonly place?: Original | undefined;
  /** In no script at all: `new Promise (<anonymous>)`. */
  readonly builtIn?: boolean;
}

const structured = new WeakMap<object, readonly Frame[]>();

/** Where the kernel's own code is: dist/src/kernel/. */
const kernel = new URL('../', import.meta.url).href;
/** The notebook's folder; a cell may go elsewhere. */
const folder = process.cwd();

/** Makes `error.stack` show cells and lines. */
export function installStackFrames(): void {
  Error.stackTraceLimit = 30;
  Error.prepareStackTrace = (error, calls) => {
    try {
      const list = frames(calls);
      if (typeof error === 'object' && error !== null) structured.set(error, list);
      return [header(error), ...collapse(list).map((frame) => `    at ${frame.text}`)].join('\n');
    } catch (problem) {
      return `${header(error)}\n    (no trace: ${header(problem)})`;
    }
  };
}

/** The frames of an error; undefined where its trace was not written by us. */
export function framesOf(error: object): readonly Frame[] | undefined {
  try {
    // Traces are written when they are first read.
    void (error as { stack?: unknown }).stack;
  } catch {
    return undefined;
  }
  return structured.get(error);
}

/** `TypeError [ERR_X]: what happened`, also for errors that resist. */
export function header(error: unknown): string {
  try {
    const text = plainMessage(Error.prototype.toString.call(error));
    const { name, code } = error as { name?: unknown; code?: unknown };
    if (typeof code !== 'string' || !code.startsWith('ERR_') || text.includes(code)) return text;
    return text.startsWith(`${name}`) ? `${name} [${code}]${text.slice(`${name}`.length)}` : text;
  } catch {
    return 'Error';
  }
}

/** Runs of the same frame, as a recursion makes them, become one. */
export function collapse(list: readonly Frame[]): Frame[] {
  const shown: Frame[] = [];
  for (let at = 0; at < list.length; ) {
    const frame = list[at] as Frame;
    let end = at + 1;
    while (end < list.length && list[end]?.text === frame.text) end++;
    const times = end - at;
    shown.push(times > 2 ? { ...frame, text: `${frame.text}, ${times} times` } : frame);
    if (times === 2) shown.push(frame);
    at = end;
  }
  return shown;
}

function frames(calls: readonly NodeJS.CallSite[]): Frame[] {
  const shown = calls.map(frame).filter((each) => each !== undefined);
  // What is built in and stands below the cell is how the kernel called it.
  const last = shown.findLastIndex((each) => !each.builtIn);
  return shown.slice(0, last + 1);
}

function frame(call: NodeJS.CallSite): Frame | undefined {
  const script = call.getFileName() ?? call.getEvalOrigin() ?? '';
  if (script.startsWith('node:') || script.startsWith(kernel)) return undefined;
  const line = call.getLineNumber();
  const column = call.getColumnNumber();
  // `get x [as x]`: where a function was found says no more than its name, and of a variable of the notebook only how it is kept.
  const text = String(call)
    .replace(/ \[as [^\]]*\]/, '')
    .replace(/^((?:async )?)NotebookBox\./, '$1');
  const file = call.getFileName();
  if (file === null || file === undefined || line === null || column === null) {
    return { text, builtIn: script === '' };
  }
  const found = original(file, { line, column });
  if (found === 'made up') return undefined;
  const where = found ? place(file, found.line, found.column) : place(file, line, column);
  const raw = `${file}:${line}:${column}`;
  // Only the place is ours to say; V8 knows best how to name what was called.
  const shown = text.endsWith(raw)
    ? text.slice(0, -raw.length) + where
    : text.endsWith(`${raw})`)
      ? `${text.slice(0, -raw.length - 1)}${where})`
      : text;
  return { text: shown, place: found };
}

function place(script: string, line: number, column: number): string {
  if (/^[a-z]+ \d+$/.test(script)) {
    return `${script.charAt(0).toUpperCase()}${script.slice(1)}, line ${line}, column ${column}`;
  }
  return `${readablePath(script)}:${line}:${column}`;
}

/** A module's path as one would type it: relative to the notebook's folder where that is shorter. */
export function readablePath(script: string): string {
  if (!script.startsWith('file:')) return script;
  let path: string;
  try {
    path = fileURLToPath(script);
  } catch {
    return script;
  }
  const near = relative(folder, path);
  return near.startsWith(`..${sep}..`) || near.length >= path.length ? path : near;
}
