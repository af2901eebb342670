// Objects that know themselves how they are shown: by Jupyter's symbol (the convention Deno's kernel began), by the methods that
// IJavascript calls, and the elements and canvases of a document.

import { displaySymbol } from '../bridge.js';
import type { MimeBundle } from '../executor/messages.js';
import { base64 } from './image.js';
import { brief, plainText } from './plain-text.js';
import { className, isObject, method } from './read.js';

/** What an object that shows itself gives: its forms; `nothing` where it needs no showing, or has shown itself. */
export type SelfShown = MimeBundle | typeof nothing;
export const nothing: unique symbol = Symbol('nothing to show');

/** Forms by an object's own `[Symbol.for('Jupyter.display')]()`; undefined where it has none. Never throws or rejects. */
export function selfShown(value: object): SelfShown | Promise<SelfShown> | undefined {
  let show: unknown;
  try {
    show = (value as { [displaySymbol]?: unknown })[displaySymbol];
    // The global object carries the function by which libraries publish outputs, under the same symbol.
    if (typeof show !== 'function' || value === globalThis) return undefined;
    const shown: unknown = show.call(value);
    if (!isThenable(shown)) return checked(value, shown);
    return Promise.resolve(shown).then(
      (forms) => checked(value, forms),
      (problem) => failed(value, problem),
    );
  } catch (problem) {
    return failed(value, problem);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof (value as { then?: unknown }).then === 'function';
}

/** `text/html`, `application/vnd.plotly.v1+json`. */
const mime = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;

export function isMimeBundle(value: unknown): value is MimeBundle {
  if (!isObject(value) || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => mime.test(name));
}

function checked(value: object, shown: unknown): SelfShown {
  if (shown === undefined || shown === null) return nothing;
  try {
    if (isMimeBundle(shown)) return withBase64(shown);
  } catch (problem) {
    return failed(value, problem);
  }
  return failed(value, new TypeError('it returned no MIME bundle, for instance { "text/html": "<b>hi</b>" }'));
}

/** Bytes travel as base64. */
function withBase64(forms: MimeBundle): MimeBundle {
  const list = Object.entries(forms);
  if (!list.some(([, form]) => form instanceof Uint8Array)) return forms;
  return Object.fromEntries(list.map(([name, form]) => [name, form instanceof Uint8Array ? base64(form) : form]));
}

/** What is shown of an object whose own method failed: why, where, and the object as it would look without it. */
function failed(value: object, problem: unknown): MimeBundle {
  const trace = problem instanceof Error ? frames(problem) : '';
  const name = className(value);
  const why = `[Symbol.for('Jupyter.display')]() of this ${name} failed: ${brief(problem)}`;
  return { 'text/plain': `${why}${trace}\n\n${plainText(value)}` };
}

function frames(problem: Error): string {
  try {
    const lines = String(problem.stack).split('\n');
    const first = lines.findIndex((line) => /^\s*at /.test(line));
    const seen = lines
      .slice(first, first + 5)
      .filter((line) => !line.includes(import.meta.dirname) && !/\(?node:/.test(line));
    return first < 0 || seen.length === 0 ? '' : `\n${seen.join('\n')}`;
  } catch {
    return '';
  }
}

/** IJavascript's methods, and the form each gives. */
const methods: Record<string, string> = {
  _toHtml: 'text/html',
  _toSvg: 'image/svg+xml',
  _toPng: 'image/png',
  _toJpeg: 'image/jpeg',
};

/** Forms by methods that other kernels call. Never throws. */
export function otherwiseShown(value: object): MimeBundle | undefined {
  try {
    return byMethods(value) ?? canvas(value) ?? element(value);
  } catch (problem) {
    return { 'text/plain': `This ${className(value)} could not show itself: ${brief(problem)}\n\n${plainText(value)}` };
  }
}

function byMethods(value: object): MimeBundle | undefined {
  const whole = method(value, '_toMime');
  if (whole) {
    const forms = whole.call(value);
    if (isMimeBundle(forms)) return withBase64(forms);
  }
  const forms: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(methods)) {
    const form = method(value, name)?.call(value);
    if (typeof form === 'string') forms[type] = form;
  }
  if (Object.keys(forms).length === 0) return undefined;
  return { ...forms, 'text/plain': plainText(value) };
}

function canvas(value: object): MimeBundle | undefined {
  const toDataUrl = method(value, 'toDataURL');
  if (!toDataUrl || !method(value, 'getContext')) return undefined;
  const png = /^data:image\/png;base64,(.+)$/.exec(String(toDataUrl.call(value)))?.[1];
  return png === undefined ? undefined : { 'image/png': png, 'text/plain': `[${className(value)}]` };
}

/** An element of jsdom, linkedom and their like. */
function element(value: object): MimeBundle | undefined {
  if (!method(value, 'getAttribute') || !method(value, 'querySelector')) return undefined;
  const { outerHTML, tagName } = value as { outerHTML?: unknown; tagName?: unknown };
  if (typeof outerHTML !== 'string') return undefined;
  return { 'text/html': outerHTML, 'text/plain': `[<${String(tagName).toLowerCase()}> element]` };
}
