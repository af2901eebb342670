// How cells load modules: packages as Node.js does from the notebook's folder, the notebook's own files as TypeScript writes them,
// and these again when they have changed.

import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import type { Source } from './boxes.js';
import { describeError } from './errors.js';
import { LocalModules, stampOf } from './local-modules.js';
import { findLocalFile, isOfPackage } from './local-paths.js';
import { ModuleLoader } from './module-loader.js';
import { NodePath } from './node-path.js';
import { print } from './output.js';
import { readablePath } from './stack-frames.js';

type Namespace = Record<string, unknown>;
type Import = (specifier: string, options?: ImportCallOptions) => Promise<Namespace>;

/** Names that every CommonJS module finds. */
export const moduleNames = ['require', '__filename', '__dirname'] as const;

/** A local module that cells have imported, in its newest version that loads. */
interface Live {
  readonly specifier: string;
  readonly options: ImportCallOptions | undefined;
  readonly path: string;
  namespace: Namespace;
}

export class Modules {
  /** `import.meta` of the notebook. */
  readonly meta: object;
  /** What cells find as `require`, `__filename` and `__dirname`. */
  readonly names: Readonly<Record<(typeof moduleNames)[number], unknown>>;
  readonly #local = new LocalModules();
  readonly #live = new Map<string, Live>();
  readonly #liveOf = new WeakMap<Namespace, Live>();
  readonly #loader: ModuleLoader;
  readonly #folder: string;
  readonly #require: NodeJS.Require;
  readonly #native: Import;
  readonly #nodePath: NodePath;
  #required = false;

  constructor(folder: string) {
    this.#folder = folder;
    const notebook = notebookPath(folder);
    this.#require = createRequire(notebook);
    this.#loader = new ModuleLoader(this.#local, notebook);
    // The path makes Node.js look for packages from the notebook's folder upwards.
    this.#native = importFrom(notebook);
    this.#nodePath = new NodePath(importFrom, this.#require);
    this.meta = Object.assign(Object.create(null), {
      url: pathToFileURL(notebook).href,
      filename: notebook,
      dirname: folder,
      resolve: (specifier: string) => this.#resolve(specifier),
    });
    // Parameters of cells, not globals: many ES modules look whether there is a global `__dirname`, and would take it for theirs.
    this.names = { require: this.#requireOfCells(), __filename: notebook, __dirname: folder };
  }

  /** Whether a cell may have loaded files that can change. */
  get haveLocal(): boolean {
    return this.#required || this.#local.size > 0;
  }

  /** `import(specifier, options)`. */
  async import(specifier: string, options?: ImportCallOptions): Promise<Namespace> {
    const own = ownModules.get(specifier);
    if (own) return own();
    const file = findLocalFile(String(specifier), this.#folder);
    if (!file) return this.#withJson(specifier, options);
    await this.#loader.ready();
    // Known before it is loaded, so that a module that fails is tried again once it has changed.
    this.#local.add(file.path);
    let namespace: Namespace;
    try {
      namespace = await this.#native(specifier, options);
    } finally {
      this.#loader.settle();
      this.#adoptRequired();
    }
    let live = this.#live.get(file.path);
    if (!live) {
      live = { specifier, options, path: file.path, namespace };
      this.#live.set(file.path, live);
    }
    live.namespace = namespace;
    this.#liveOf.set(namespace, live);
    return namespace;
  }

  /** Where an imported variable gets its value: from the newest version of its module. */
  source(module: Namespace, name: string, specifier: string): Source {
    const live = this.#liveOf.get(module);
    const newest = live ? () => live.namespace : () => module;
    if (name === '*') return newest;
    if (!live && name in module) return () => module[name];
    return () => pick(newest(), name, specifier);
  }

  /** Loads afresh what has changed since it was loaded. A module that does not load any more stays as it was. */
  async refresh(): Promise<void> {
    this.#loader.settle();
    this.#adoptRequired();
    const renewed = this.#local.renew();
    if (renewed.size === 0) return;
    for (const path of renewed.keys()) delete this.#require.cache[path];
    this.#loader.announce(renewed);
    for (const live of this.#live.values()) {
      if (!renewed.has(live.path)) continue;
      try {
        live.namespace = await this.#native(live.specifier, live.options);
        this.#liveOf.set(live.namespace, live);
      } catch (error) {
        const name = readablePath(pathToFileURL(live.path).href);
        const { traceback } = describeError(error);
        print(
          'stderr',
          `${name} has changed but does not load; the version before stays in use.\n${traceback.join('\n')}\n`,
        );
      }
    }
    this.#loader.settle();
    this.#adoptRequired();
  }

  /** JSON of packages needs no attribute: TypeScript asks for none either. */
  async #withJson(specifier: string, options: ImportCallOptions | undefined): Promise<Namespace> {
    try {
      return await this.#native(specifier, options);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (options || !/^ERR_IMPORT_(ATTRIBUTE|ASSERTION_TYPE)_MISSING$/.test(code ?? '')) {
        return this.#nodePath.import(specifier, options, error);
      }
      return this.#native(specifier, { with: { type: 'json' } });
    }
  }

  /** Takes what was required, and is not part of a package, into the books: hooks hear of it in new versions of Node.js only. */
  #adoptRequired(): void {
    for (const [path, module] of Object.entries(this.#require.cache)) {
      if (isOfPackage(path) || !module) continue;
      if (!this.#local.isLoaded(path)) this.#local.loading(path, stampOf(path));
      // What the loader of ES modules puts there for a CommonJS module may be less than a module.
      for (const child of module.children ?? []) {
        if (!isOfPackage(child.filename)) this.#local.add(child.filename, path);
      }
    }
  }

  #requireOfCells(): NodeJS.Require {
    const base = this.#require;
    const required = (id: string): unknown => {
      this.#required = true;
      if (id === 'tslab') return base(join(import.meta.dirname, '../display/tslab.js')).tslab;
      const exports = base(id);
      this.#adoptRequired();
      return exports;
    };
    return Object.assign(required, {
      resolve: base.resolve,
      cache: base.cache,
      extensions: base.extensions,
      main: undefined,
    });
  }

  /** `import.meta.resolve`. */
  #resolve(specifier: string): string {
    const file = findLocalFile(specifier, this.#folder);
    if (file) return pathToFileURL(file.path).href + file.query;
    if (/^[a-z]{2,}:/i.test(specifier)) return specifier;
    if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, pathToFileURL(join(this.#folder, '/'))).href;
    const found = this.#require.resolve(specifier);
    return isAbsolute(found) ? pathToFileURL(found).href : `node:${found.replace(/^node:/, '')}`;
  }
}

/** An `import` that takes specifiers as a module in that file would. */
function importFrom(file: string): Import {
  return new Script('(specifier, options) => import(specifier, options)', {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Import;
}

/** Jupyter's server names the notebook in the environment; other clients do not. */
function notebookPath(folder: string): string {
  const named = process.env.JPY_SESSION_NAME;
  if (named && isAbsolute(named) && dirname(named) === folder) return named;
  return join(folder, named?.endsWith('.ipynb') ? basename(named) : 'notebook.ipynb');
}

/** An export; of a CommonJS module also what Node.js could not tell to be one. */
function pick(module: Namespace, name: string, specifier: string): unknown {
  if (name in module) return module[name];
  const whole = module.default;
  if (whole !== null && (typeof whole === 'object' || typeof whole === 'function') && name in whole) {
    return (whole as Namespace)[name];
  }
  const exports = Object.keys(module).filter((each) => each !== 'default');
  const list =
    exports.length === 0 ? '' : ` It exports ${exports.slice(0, 12).join(', ')}${exports.length > 12 ? ', ...' : ''}.`;
  throw new SyntaxError(`The module '${specifier}' has no export named '${name}' that is a value.${list}`);
}

/** Modules that belong to the kernel: found from every folder, whatever is installed there. */
const ownModules: ReadonlyMap<string, () => Promise<Namespace>> = new Map<string, () => Promise<Namespace>>([
  [
    'tslab',
    async () => {
      const { tslab } = await import('../display/tslab.js');
      return { ...tslab, default: tslab };
    },
  ],
  ['model-types/display', () => import('../display/index.js')],
  ['model-types/widgets', () => import('../widgets/index.js')],
]);
