// The notebook's TypeScript settings: the nearest tsconfig.json, and what of it holds for cells.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allowsJsx, type CompilerOptions } from './compile-options.js';
import { parseJsonc } from './project-json.js';

export interface Project {
  /** The nearest tsconfig.json. */
  readonly path: string | undefined;
  /** Its compiler options, `extends` resolved, as they stand there: what the compiler (esbuild) needs. */
  readonly options: CompilerOptions;
  /** The options under which cells are checked. */
  readonly checkOptions: Readonly<Record<string, unknown>>;
  /** What cells are called, as far as TypeScript is concerned. */
  readonly extension: '.ts' | '.tsx' | '.mts';
  /** Declaration files that the tsconfig.json names. */
  readonly declarations: readonly string[];
  /** What is wrong with the tsconfig.json, where it cannot be read. */
  readonly trouble: string | undefined;
}

/** Reads the settings of a notebook's folder again whenever one of their files has changed. */
export class ProjectReader {
  readonly #directory: string;
  #project: Project | undefined;
  #stamps = new Map<string, string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The settings as they are now; the same object for as long as nothing has changed. */
  current(): Project {
    if (!this.#project || [...this.#stamps].some(([path, stamp]) => stampOf(path) !== stamp)) {
      this.#stamps = new Map();
      this.#project = this.#read();
    }
    return this.#project;
  }

  #read(): Project {
    const path = this.#nearest();
    let config: Config = { options: {}, declarations: [] };
    let trouble: string | undefined;
    try {
      if (path !== undefined) config = this.#load(path, []);
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
    const { options } = config;
    const nodeLike = isNodeLike(options.module) && (!allowsJsx(options) || this.#isModulePackage());
    const extension = allowsJsx(options) ? '.tsx' : nodeLike ? '.mts' : '.ts';
    const checkOptions = checkOptionsOf(options, nodeLike, this.#nodeTypes());
    return { path, options, checkOptions, extension, declarations: config.declarations, trouble };
  }

  #nearest(): string | undefined {
    for (const folder of upwards(this.#directory)) {
      const path = join(folder, 'tsconfig.json');
      if (this.#note(path) !== 'none') return path;
    }
    return undefined;
  }

  /** A file whose change means that the settings are to be read again. */
  #note(path: string): string {
    const stamp = stampOf(path);
    this.#stamps.set(path, stamp);
    return stamp;
  }

  #load(path: string, extending: readonly string[]): Config {
    this.#note(path);
    if (extending.includes(path)) throw new Error(`${path} extends itself, by way of ${extending.join(', ')}.`);
    const content = readConfig(path);
    const folder = dirname(path);
    let base: Config = { options: {}, declarations: [] };
    for (const name of [content.extends ?? []].flat()) {
      const other = this.#load(locate(String(name), path), [...extending, path]);
      base = { options: { ...base.options, ...other.options }, declarations: other.declarations };
    }
    const own = absolutePaths(content.compilerOptions ?? {}, folder);
    const listed = [content.files ?? [], content.include ?? []].flat().map(String);
    const declarations = listed.filter((file) => /\.d\.[cm]?ts$/.test(file) && !/[*?]/.test(file));
    return {
      options: { ...base.options, ...own },
      declarations:
        content.files || content.include ? declarations.map((file) => resolve(folder, file)) : base.declarations,
    };
  }

  /** Where `@types/node` is: undefined where TypeScript finds it by itself, else the one that this package can see. */
  #nodeTypes(): string | undefined {
    for (const folder of upwards(this.#directory)) {
      if (existsSync(join(folder, 'node_modules', '@types', 'node', 'package.json'))) return undefined;
    }
    try {
      return dirname(createRequire(import.meta.url).resolve('@types/node/package.json'));
    } catch {
      return undefined;
    }
  }

  /** Whether `.ts` files here are ES modules for Node.js. */
  #isModulePackage(): boolean {
    for (const folder of upwards(this.#directory)) {
      const path = join(folder, 'package.json');
      if (this.#note(path) === 'none') continue;
      try {
        return (JSON.parse(readFileSync(path, 'utf8')) as { type?: unknown }).type === 'module';
      } catch {
        return false;
      }
    }
    return false;
  }
}

interface Config {
  readonly options: CompilerOptions;
  readonly declarations: readonly string[];
}

interface ConfigFile {
  readonly extends?: unknown;
  readonly compilerOptions?: Record<string, unknown>;
  readonly files?: unknown[];
  readonly include?: unknown[];
}

function readConfig(path: string): ConfigFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${path} cannot be read.`);
  }
  const content = parseJsonc(text, path);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new Error(`${path} should hold an object, { "compilerOptions": { ... } }.`);
  }
  const { compilerOptions, files, include } = content as Record<string, unknown>;
  if (compilerOptions !== undefined && (typeof compilerOptions !== 'object' || compilerOptions === null)) {
    throw new Error(`"compilerOptions" of ${path} should be an object.`);
  }
  for (const [name, value] of Object.entries({ files, include })) {
    if (value !== undefined && !Array.isArray(value)) throw new Error(`"${name}" of ${path} should be a list.`);
  }
  return content as ConfigFile;
}

/** The file that `extends` means. */
function locate(name: string, from: string): string {
  if (/^\.{1,2}([/\\]|$)/.test(name) || isAbsolute(name)) {
    const path = resolve(dirname(from), name);
    return [path, `${path}.json`].find((each) => statSync(each, { throwIfNoEntry: false })?.isFile()) ?? path;
  }
  const require = createRequire(from);
  for (const spelled of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      const found = require.resolve(spelled);
      if (found.endsWith('.json')) return found;
    } catch {
      // The next spelling.
    }
  }
  throw new Error(`${from} extends "${name}", which is not installed.`);
}

/** Paths in a tsconfig.json are relative to it. */
function absolutePaths(options: Record<string, unknown>, folder: string): CompilerOptions {
  const result: Record<string, unknown> = { ...options };
  const base = typeof options.baseUrl === 'string' ? resolve(folder, options.baseUrl) : folder;
  for (const name of ['typeRoots', 'rootDirs']) {
    const value = options[name];
    if (Array.isArray(value)) result[name] = value.map((path) => resolve(folder, String(path)));
  }
  if (typeof options.paths === 'object' && options.paths !== null) {
    result.paths = Object.fromEntries(
      Object.entries(options.paths).map(([pattern, targets]) => [
        pattern,
        Array.isArray(targets) ? targets.map((target) => resolve(base, String(target))) : targets,
      ]),
    );
  }
  if (typeof options.baseUrl === 'string') result.baseUrl = base;
  return result as CompilerOptions;
}

/** Options that decide what is an error, and nothing about what tsc would write. */
const kept = [
  ...['strict', 'noImplicitAny', 'strictNullChecks', 'strictFunctionTypes', 'strictBindCallApply', 'noImplicitThis'],
  ...['strictPropertyInitialization', 'strictBuiltinIteratorReturn', 'useUnknownInCatchVariables'],
  ...['exactOptionalPropertyTypes', 'noUncheckedIndexedAccess', 'noImplicitOverride', 'noImplicitReturns'],
  ...['noFallthroughCasesInSwitch', 'noPropertyAccessFromIndexSignature', 'allowUnreachableCode', 'allowUnusedLabels'],
  ...['lib', 'noLib', 'types', 'typeRoots', 'rootDirs', 'paths', 'customConditions', 'moduleSuffixes'],
  ...['resolvePackageJsonExports', 'resolvePackageJsonImports', 'preserveSymlinks', 'allowArbitraryExtensions'],
  ...['jsx', 'jsxFactory', 'jsxFragmentFactory', 'jsxImportSource', 'reactNamespace'],
  ...['experimentalDecorators', 'emitDecoratorMetadata', 'useDefineForClassFields', 'allowJs', 'maxNodeModuleJsDepth'],
];

/** Beside this file when it is compiled, and when tests run it as it stands. */
const declarations = import.meta.url.endsWith('.ts') ? '.ts' : '.d.ts';
const typesOf = (path: string) => [fileURLToPath(new URL(`../${path}${declarations}`, import.meta.url))];
/** Modules that the executor brings along, whatever is installed beside the notebook. */
const ownModules = {
  tslab: typesOf('display/tslab-module'),
  'model-types/display': typesOf('display/index'),
  'model-types/widgets': typesOf('widgets/index'),
};

/** Where the executor finds packages too: what NODE_PATH names, after all that the project says. */
function withNodePath(paths: Record<string, string[]>): Record<string, string[]> {
  const folders = (process.env.NODE_PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  if (folders.length === 0) return paths;
  const shared = folders.flatMap((folder) => [join(folder, '*'), join(folder, '@types', '*')]);
  return { ...paths, '*': [...(paths['*'] ?? []), ...shared] };
}

function checkOptionsOf(options: CompilerOptions, nodeLike: boolean, nodeTypes: string | undefined) {
  const result: Record<string, unknown> = { strict: true, lib: ['esnext'] };
  for (const name of kept) if (options[name] !== undefined && options[name] !== null) result[name] = options[name];
  // Cells run in Node.js, whatever else the project is for.
  const types = Array.isArray(options.types) ? options.types.filter((name) => name !== 'node') : [];
  result.types = [nodeTypes ?? 'node', ...types];
  if (typeof options.baseUrl === 'string') {
    // TypeScript 7 has no `baseUrl` any more; this is what it did.
    result.paths = { '*': [join(options.baseUrl, '*')], ...(result.paths as object | undefined) };
  }
  result.paths = withNodePath({ ...(result.paths as Record<string, string[]> | undefined), ...ownModules });
  const target = String(options.target ?? 'esnext').toLowerCase();
  // Top-level await needs ES2022; below it class fields meant something else.
  const old = /^es(3|5|6|20(1[5-9]|2[01]))$/.test(target);
  if (old) result.useDefineForClassFields ??= false;
  const module = String(options.module ?? '').toLowerCase();
  const bundled = /^(es(next|2022)|preserve)$/.test(module) ? module : 'esnext';
  return {
    ...result,
    target: old ? 'es2022' : target,
    module: nodeLike ? module : bundled,
    moduleResolution: nodeLike ? resolutionOf(options.moduleResolution, module) : 'bundler',
    // A cell is a module, whatever it holds.
    moduleDetection: 'force',
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
  };
}

function isNodeLike(module: unknown): boolean {
  return typeof module === 'string' && /^node(16|18|20|next)$/i.test(module);
}

function resolutionOf(configured: unknown, module: string): string {
  if (isNodeLike(configured)) return String(configured).toLowerCase();
  return module === 'nodenext' ? 'nodenext' : 'node16';
}

function* upwards(directory: string): Generator<string> {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    yield folder;
    if (folder === dirname(folder)) return;
  }
}

function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : 'none';
}
