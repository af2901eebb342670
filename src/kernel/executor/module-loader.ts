// Puts the module hooks in place, when the notebook first imports a module of its own.

import Module, * as nodeModule from 'node:module';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { TransformOptions } from 'esbuild';
import type { LocalModules } from './local-modules.js';
import { type Books, loaded, readLocally, resolveLocally } from './module-hooks.js';
import type { HooksData, Note } from './module-hooks-thread.js';
import { addSourceMap } from './source-maps.js';
import { finish, type ModuleFormat, optionsFor, syntaxError, type Transformed } from './transform.js';

type TransformSync = (source: string, options: TransformOptions) => { code: string; map: string };

/** Hooks in this thread, which Node.js has from 22.15 on; `@types/node` of Node.js 20 do not know them. */
type RegisterHooks = (hooks: {
  resolve: (specifier: string, context: never, next: never) => unknown;
  load: (url: string, context: never, next: (url: string, context: never) => unknown) => unknown;
}) => void;

export class ModuleLoader {
  #ready: Promise<void> | undefined;
  #port: MessagePort | undefined;

  constructor(
    readonly modules: LocalModules,
    readonly notebook: string,
  ) {}

  /** Resolves once local modules can be imported. */
  ready(): Promise<void> {
    this.#ready ??= this.#register();
    return this.#ready;
  }

  /** Takes over what the hooks have noted since the last time. */
  settle(): void {
    if (!this.#port) return;
    for (let sent = receiveMessageOnPort(this.#port); sent; sent = receiveMessageOnPort(this.#port)) {
      const note = sent.message as Note;
      if (note.kind === 'add') this.modules.add(note.path, note.importer);
      else if (note.kind === 'loading') this.modules.loading(note.path, note.stamp);
      else addSourceMap(note.url, note.map);
    }
  }

  /** Tells the hooks of new versions. */
  announce(versions: ReadonlyMap<string, number>): void {
    this.#port?.postMessage(versions);
  }

  async #register(): Promise<void> {
    const { transformSync } = (await import('esbuild')) as { transformSync: TransformSync };
    const compile = (path: string, source: string, format: ModuleFormat): Transformed => {
      try {
        return finish(transformSync(source, optionsFor(path, format)));
      } catch (error) {
        throw syntaxError(error);
      }
    };
    const { registerHooks } = nodeModule as { registerHooks?: RegisterHooks };
    if (registerHooks) this.#registerHere(registerHooks, compile);
    else this.#registerThread(compile);
  }

  #registerHere(
    register: RegisterHooks,
    compile: (path: string, source: string, format: ModuleFormat) => Transformed,
  ): void {
    const { modules, notebook } = this;
    const books: Books = {
      imports: (path) => path === notebook || modules.has(path),
      has: (path) => modules.has(path),
      version: (path) => modules.version(path),
      add: (path, importer) => modules.add(path, importer),
      loading: (path, stamp) => modules.loading(path, stamp),
      mapped: addSourceMap,
    };
    register({
      resolve: (specifier, context, next) => resolveLocally(books, specifier, context, next),
      load: (url, context, next) => {
        const own = readLocally(books, url, context);
        if (!own) return next(url, context);
        if (!own.typescript) return loaded(own.format, own.source);
        const { code, map } = compile(own.path, own.source, own.format);
        books.mapped(url, map);
        // Required modules are called by their path in stack frames.
        if (own.format === 'commonjs') books.mapped(own.path, map);
        return loaded(own.format, code);
      },
    });
  }

  #registerThread(compile: (path: string, source: string, format: ModuleFormat) => Transformed): void {
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    this.#port = port1;
    const data: HooksData = { port: port2, notebook: this.notebook };
    nodeModule.register('./module-hooks-thread.js', import.meta.url, { data, transferList: [port2] });
    // `require` does not ask these hooks.
    const { _extensions: extensions } = Module as unknown as {
      _extensions: Record<string, (module: { _compile(code: string, path: string): void }, path: string) => void>;
    };
    for (const ending of ['.ts', '.tsx', '.cts', '.mts', '.jsx']) {
      extensions[ending] ??= (module, path) => {
        const source = process.getBuiltinModule('node:fs').readFileSync(path, 'utf8');
        const { code, map } = compile(path, source, 'commonjs');
        addSourceMap(path, map);
        module._compile(code, path);
      };
    }
  }
}
