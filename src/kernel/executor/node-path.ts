// `import` of packages that lie in the folders of NODE_PATH: on a JupyterHub they lie outside of people's own folders. Node.js
// looks there for `require` alone.

import { basename, delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Namespace = Record<string, unknown>;
type Import = (specifier: string, options?: ImportCallOptions) => Promise<Namespace>;

export class NodePath {
  readonly #importers: readonly Import[];

  /**
   * @param importFrom makes an `import` that looks for packages from a file's folder upwards
   * @param require `require` of the notebook, which knows of NODE_PATH
   */
  constructor(
    importFrom: (file: string) => Import,
    readonly require: NodeJS.Require,
  ) {
    // Only in a folder of this name does Node.js find packages with all that their package.json says of ES modules.
    const folders = (process.env.NODE_PATH ?? '')
      .split(delimiter)
      .filter((folder) => basename(folder) === 'node_modules');
    this.#importers = folders.map((folder) => importFrom(join(dirname(folder), 'notebook.ipynb')));
  }

  /** Loads a package that was not found from the notebook's folder; `missing` is the error that told so, and is thrown again. */
  async import(specifier: string, options: ImportCallOptions | undefined, missing: unknown): Promise<Namespace> {
    if (!process.env.NODE_PATH || !isMissing(specifier, missing)) throw missing;
    for (const importPackage of this.#importers) {
      try {
        return await importPackage(specifier, options);
      } catch (error) {
        if (!isMissing(specifier, error)) throw error;
      }
    }
    let path: string;
    try {
      path = this.require.resolve(specifier);
    } catch {
      throw missing;
    }
    return import(pathToFileURL(path).href, options);
  }
}

/** Whether an import failed because there is no such package, and not because that package misses another. */
function isMissing(specifier: string, error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
  return code === 'ERR_MODULE_NOT_FOUND' && message.startsWith(`Cannot find package '${name}' `);
}
