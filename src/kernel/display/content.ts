// HTML, Markdown, pictures and their like as values: the last value of a cell, or an argument of display(), that is shown as such.
//
//   html`<b>${name}</b>`       what is put in is shown as text, unless it is such a value itself
//   md`The mean is **${mean}**.`
//   png(readFileSync('cat.png'))

import { inspect } from 'node:util';
import { displaySymbol } from '../bridge.js';
import type { MimeBundle } from '../executor/messages.js';
import { base64 } from './image.js';
import { bytes, count, escapeHtml } from './words.js';

/** Something to show, of one kind. */
export class Content {
  /** Its MIME type, for instance `text/html`. */
  readonly type: string;
  /** As the notebook keeps it: text, base64 or a value of JSON. */
  readonly content: unknown;
  readonly #plain: string;

  constructor(type: string, content: unknown, plain: string) {
    this.type = type;
    this.content = content;
    this.#plain = plain;
  }

  [displaySymbol](): MimeBundle {
    return { [this.type]: this.content, 'text/plain': this.#plain };
  }

  /** The source, so that one template can go into another. */
  toString(): string {
    return typeof this.content === 'string' ? this.content : this.#plain;
  }

  [inspect.custom](): string {
    return typeof this.content === 'string' && this.type.startsWith('text/') ? this.content : this.#plain;
  }
}

/** A function of a text, and a template tag. */
export interface Markup {
  (text: string): Content;
  (parts: TemplateStringsArray, ...values: readonly unknown[]): Content;
}

function markup(make: (text: string) => Content, insert: (value: unknown) => string, asTyped = false): Markup {
  return (parts: string | TemplateStringsArray, ...values: readonly unknown[]) => {
    if (typeof parts === 'string') return make(parts);
    if (!Array.isArray(parts)) throw new TypeError(`It takes a text or is a template's tag; got ${inspect(parts)}.`);
    const { raw } = parts as TemplateStringsArray;
    // A part has no text where an escape of JavaScript's is wrong in it, as in md`\usepackage`: then it is as it was typed.
    const texts = asTyped ? raw : raw.map((part, at) => parts[at] ?? part);
    return make(texts.map((part, at) => (at < values.length ? part + insert(values[at]) : part)).join(''));
  };
}

const asIs = (value: unknown): string => (Array.isArray(value) ? value.map(asIs).join('') : String(value));
const escaped = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(escaped).join('');
  if (value instanceof Content && /html|svg/.test(value.type)) return value.toString();
  return value === null || value === undefined || value === false ? '' : escapeHtml(String(value));
};

/** HTML. In a template, what is put in is shown as text, unless it is `html` or `svg` itself; an array is joined. */
export const html: Markup = markup(
  (text) => new Content('text/html', text, `[HTML, ${count(text.length)} characters]`),
  escaped,
);

/** A picture in SVG. In a template, what is put in is escaped as with `html`. */
export const svg: Markup = markup(
  (text) => new Content('image/svg+xml', text, `[SVG image, ${count(text.length)} characters]`),
  escaped,
);

/** Markdown. What is put into a template may hold Markdown. */
export const markdown: Markup = markup((text) => new Content('text/markdown', text, text), asIs);

/** Markdown, shorter. */
export const md: Markup = markdown;

/** A formula: latex`$$ e^{i \pi} = -1 $$`, with its backslashes as they are. Without dollars around it, it becomes a formula on a line of its own. */
export const latex: Markup = markup(
  (text) => {
    const formula = /\$|\\\(|\\\[|\\begin\{/.test(text) ? text : `$$${text}$$`;
    return new Content('text/latex', formula, formula);
  },
  asIs,
  true,
);

/** JavaScript that runs in the browser, with `element` for the output. */
export const javascript: Markup = markup(
  (text) => new Content('text/javascript', text, `[JavaScript, ${count(text.length)} characters]`),
  asIs,
);

/** A value as a tree that can be opened level by level. */
export function json(value: unknown): Content {
  return new Content('application/json', value, inspect(value));
}

/** A picture: the bytes of a PNG file, or these in base64. */
export function png(file: Uint8Array | string): Content {
  return picture('image/png', 'PNG', file);
}

/** A picture: the bytes of a JPEG file, or these in base64. */
export function jpeg(file: Uint8Array | string): Content {
  return picture('image/jpeg', 'JPEG', file);
}

/** A picture: the bytes of a GIF file, or these in base64. */
export function gif(file: Uint8Array | string): Content {
  return picture('image/gif', 'GIF', file);
}

function picture(type: string, name: string, file: Uint8Array | string): Content {
  if (!(file instanceof Uint8Array) && typeof file !== 'string') {
    throw new TypeError(
      `${name.toLowerCase()}: a picture is the bytes of a file, or these in base64; got ${inspect(file, { depth: 0 })}.`,
    );
  }
  const encoded = typeof file === 'string' ? file : base64(file);
  return new Content(type, encoded, `[${name} image, ${bytes(Math.floor((encoded.length * 3) / 4))}]`);
}
