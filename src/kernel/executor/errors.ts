// Errors as Jupyter shows them: what was thrown, where in the cell, what caused it.

import { inspect } from 'node:util';
import { colourTracebacks } from '../display/colour.js';
import { plainMessage } from '../language/rewrite-names.js';
import type { ErrorContent } from './messages.js';
import type { Original } from './source-maps.js';
import { collapse, framesOf, header } from './stack-frames.js';

/** How deep causes are followed, how many errors of an AggregateError and how many frames are shown. */
const limits = { depth: 8, errors: 10, frames: 20 };

interface Style {
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly colors: boolean;
}

const colored: Style = {
  bad: (text) => `\u001b[1;31m${text}\u001b[0m`,
  dim: (text) => `\u001b[2m${text}\u001b[0m`,
  colors: true,
};
const plain: Style = { bad: (text) => text, dim: (text) => text, colors: false };

/** Describes whatever was thrown. Never throws itself, whatever the thing does when it is looked at. */
export function describeError(thrown: unknown): ErrorContent {
  const style = colourTracebacks() ? colored : plain;
  const { ename, evalue } = nameAndValue(thrown);
  let traceback: string[];
  try {
    traceback = lines(thrown, style, new Set());
  } catch (problem) {
    traceback = [
      style.bad(`${ename}: ${evalue}`),
      style.dim(`    (it could not be shown in full: ${header(problem)})`),
    ];
  }
  return { ename, evalue, traceback: traceback.flatMap((line) => line.split('\n')) };
}

function isError(thrown: unknown): thrown is Error {
  try {
    if (typeof thrown !== 'object' || thrown === null) return false;
    // Errors of other realms are errors too.
    return thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]';
  } catch {
    return false;
  }
}

/** A property, if it lets itself be read. */
function read(thing: object, name: string): unknown {
  try {
    return (thing as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

function nameAndValue(thrown: unknown): { ename: string; evalue: string } {
  if (!isError(thrown)) return { ename: 'Uncaught', evalue: show(thrown, plain) };
  const message = read(thrown, 'message');
  let evalue = typeof message === 'string' ? plainMessage(message) : message === undefined ? '' : show(message, plain);
  const errors = read(thrown, 'errors');
  if (evalue === '' && Array.isArray(errors)) evalue = `${errors.length} errors`;
  return { ename: nameOf(thrown), evalue };
}

/** The error's name; for a class that gave itself none, the name of the class. */
function nameOf(error: Error): string {
  const name = read(error, 'name');
  const ofClass = read((read(error, 'constructor') as object | undefined) ?? {}, 'name');
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name;
  return typeof ofClass === 'string' && ofClass !== '' && ofClass !== 'Object' ? ofClass : 'Error';
}

function show(value: unknown, style: Style): string {
  try {
    return inspect(value, { depth: 3, colors: style.colors, maxArrayLength: 20, maxStringLength: 2000 });
  } catch {
    return `a ${typeof value} that cannot be shown`;
  }
}

function lines(thrown: unknown, style: Style, seen: Set<unknown>): string[] {
  if (!isError(thrown)) {
    const kind =
      thrown === null || thrown === undefined
        ? 'no error'
        : `${typeof thrown === 'object' ? 'an' : 'a'} ${typeof thrown}, not an error,`;
    return [style.bad(`Uncaught ${show(thrown, plain)}`), style.dim(`    (${kind} was thrown: there is no trace)`)];
  }
  seen.add(thrown);
  const text = [...heading(thrown, style), ...trace(thrown, style), ...properties(thrown, style)];
  text.push(...related(thrown, style, seen));
  return text;
}

function heading(error: Error, style: Style): string[] {
  const { evalue } = nameAndValue(error);
  const code = read(error, 'code');
  const name = nameOf(error) + (typeof code === 'string' && code.startsWith('ERR_') ? ` [${code}]` : '');
  return [`${style.bad(name)}${evalue === '' ? '' : `: ${evalue}`}`];
}

function trace(error: Error, style: Style): string[] {
  const list = framesOf(error);
  if (!list) return foreignTrace(error, style);
  const shown = collapse(list);
  const text: string[] = [];
  let excerpted = false;
  for (const frame of shown.slice(0, limits.frames)) {
    text.push(`    at ${frame.text}`);
    if (excerpted || !frame.place) continue;
    excerpted = true;
    text.push(...excerpt(frame.place, style));
  }
  const more = shown.length - limits.frames;
  if (more > 0) text.push(style.dim(`    ... and ${more} more`));
  return text;
}

/** A trace that somebody else wrote, in its `at` lines. */
function foreignTrace(error: Error, style: Style): string[] {
  const stack = read(error, 'stack');
  if (typeof stack !== 'string') return [];
  const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line) && !/\(?node:/.test(line));
  return frames.slice(0, limits.frames).map((line) => style.dim(line));
}

/** The line, one before and one after, and a mark under the column. */
function excerpt(place: Original, style: Style): string[] {
  if (place.source === undefined) return [];
  const source = place.source.split(/\r?\n/);
  const first = Math.max(1, place.line - 1);
  const last = Math.min(source.length, place.line + 1);
  const width = String(last).length;
  const text: string[] = [];
  for (let number = first; number <= last; number++) {
    // A line of a bundle may be as long as a book.
    const start = number === place.line ? Math.max(0, place.column - 100) : 0;
    const code = (source[number - 1] ?? '').slice(start, start + 160);
    const here = number === place.line;
    const label = `${here ? '>' : ' '} ${String(number).padStart(width)} | `;
    text.push(`      ${here ? style.bad(label) : style.dim(label)}${code}`.trimEnd());
    if (!here) continue;
    const indent = code.slice(0, place.column - 1 - start).replace(/[^\t]/g, ' ');
    text.push(`      ${style.dim(`${' '.repeat(width + 2)} | `)}${indent}${style.bad('^')}`);
  }
  return ['', ...text, ''];
}

const ordinary = new Set(['stack', 'message', 'name', 'cause', 'errors', 'error', 'suppressed']);

/** What else the error carries: a code, a path, the response of a server. */
function properties(error: Error, style: Style): string[] {
  const own: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    if (ordinary.has(key) && !(key === 'error' || key === 'suppressed')) continue;
    if ((key === 'error' || key === 'suppressed') && nameOf(error) === 'SuppressedError') continue;
    // In the heading already.
    if (key === 'code' && `${read(error, 'code')}`.startsWith('ERR_')) continue;
    own[key] = read(error, key);
  }
  if (Object.keys(own).length === 0) return [];
  return [`  ${show(own, style)}`.replaceAll('\n', '\n  ')];
}

/** Its cause, its parts, and what was thrown while it was on its way. */
function related(error: Error, style: Style, seen: Set<unknown>): string[] {
  const text: string[] = [];
  const add = (title: string, other: unknown) => {
    text.push('');
    if (seen.has(other)) return text.push(style.dim(`${title} an error already shown above`));
    if (seen.size > limits.depth) return text.push(style.dim(`${title} more errors, not shown`));
    const [first, ...rest] = lines(other, style, seen);
    return text.push(`${style.dim(title)} ${first}`, ...rest.map((line) => line));
  };
  if ('cause' in error) add('Caused by', read(error, 'cause'));
  const errors = read(error, 'errors');
  if (Array.isArray(errors)) {
    for (const [at, each] of errors.slice(0, limits.errors).entries()) add(`${at + 1} of ${errors.length}:`, each);
    if (errors.length > limits.errors) text.push('', style.dim(`... and ${errors.length - limits.errors} more errors`));
  }
  if (nameOf(error) === 'SuppressedError') {
    add('Thrown last:', read(error, 'error'));
    add('It hid this one:', read(error, 'suppressed'));
  }
  return text;
}
