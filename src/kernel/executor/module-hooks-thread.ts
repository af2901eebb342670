// The module hooks where Node.js runs them in a thread of their own (before 22.15). The books are kept at the other end of a port.

import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { SourceMapJson } from './messages.js';
import { type Books, loaded, readLocally, resolveLocally } from './module-hooks.js';
import { finish, optionsFor, syntaxError } from './transform.js';

export interface HooksData {
  readonly port: MessagePort;
  /** The notebook's path. */
  readonly notebook: string;
}

/** What this thread tells: one entry of the books. */
export type Note =
  | { readonly kind: 'add'; readonly path: string; readonly importer: string | undefined }
  | { readonly kind: 'loading'; readonly path: string; readonly stamp: string | undefined }
  | { readonly kind: 'mapped'; readonly url: string; readonly map: SourceMapJson };

let port: MessagePort;
let notebook = '';
const versions = new Map<string, number>();

const books: Books = {
  imports: (path) => path === notebook || versions.has(path),
  has: (path) => versions.has(path),
  version: (path) => versions.get(path) ?? 0,
  add: (path, importer) => {
    if (!versions.has(path)) versions.set(path, 0);
    port.postMessage({ kind: 'add', path, importer } satisfies Note);
  },
  loading: (path, stamp) => port.postMessage({ kind: 'loading', path, stamp } satisfies Note),
  mapped: (url, map) => port.postMessage({ kind: 'mapped', url, map } satisfies Note),
};

export const initialize: InitializeHook<HooksData> = (data) => {
  port = data.port;
  notebook = data.notebook;
};

export const resolve: ResolveHook = (specifier, context, next) => {
  // New versions were sent before the import that asks for them.
  for (let sent = receiveMessageOnPort(port); sent; sent = receiveMessageOnPort(port)) {
    for (const [path, version] of sent.message as ReadonlyMap<string, number>) versions.set(path, version);
  }
  return resolveLocally(books, specifier, context, next as Parameters<typeof resolveLocally>[3]);
};

export const load: LoadHook = async (url, context, next) => {
  const own = readLocally(books, url, context);
  if (!own) return next(url, context);
  if (!own.typescript) return loaded(own.format, own.source);
  const { transform } = await import('esbuild');
  try {
    const { code, map } = finish(await transform(own.source, optionsFor(own.path, own.format)));
    books.mapped(url, map);
    return loaded(own.format, code);
  } catch (error) {
    throw syntaxError(error);
  }
};
