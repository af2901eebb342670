// The notebook's own modules: which files they are, who imports whom, and which have changed since they were loaded.

import { statSync } from 'node:fs';

interface LocalModule {
  /** Goes up when the file, or one that it imports, has changed; part of the URL under which it is loaded. */
  version: number;
  /** What the file looked like when it was loaded; undefined while it never was. */
  stamp: string | undefined;
  readonly importers: Set<string>;
}

/** What tells one state of a file from another; undefined while there is no file. */
export function stampOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.mtimeNs}:${stats.size}:${stats.ino}`;
}

export class LocalModules {
  readonly #modules = new Map<string, LocalModule>();
  #versions = 0;

  get size(): number {
    return this.#modules.size;
  }

  /** Whether the state is known in which it was loaded. */
  isLoaded(path: string): boolean {
    return this.#modules.get(path)?.stamp !== undefined;
  }

  has(path: string): boolean {
    return this.#modules.has(path);
  }

  version(path: string): number {
    return this.#modules.get(path)?.version ?? 0;
  }

  /** Notes that a module is imported, by whom if that is one of ours. */
  add(path: string, importer?: string): void {
    let known = this.#modules.get(path);
    if (!known) {
      known = { version: 0, stamp: undefined, importers: new Set() };
      this.#modules.set(path, known);
    }
    if (importer !== undefined) known.importers.add(importer);
  }

  /** Notes the state in which a file is being loaded. */
  loading(path: string, stamp: string | undefined): void {
    this.add(path);
    (this.#modules.get(path) as LocalModule).stamp = stamp;
  }

  /** Gives a new version to the modules that changed and to all that import them; returns these. */
  renew(): ReadonlyMap<string, number> {
    const stale = new Set<string>();
    for (const [path, known] of this.#modules) {
      const now = stampOf(path);
      // A file that is away is being replaced by its editor, or gone for good: either way there is nothing new to load.
      if (now === undefined || known.stamp === undefined || now === known.stamp) continue;
      known.stamp = now;
      stale.add(path);
    }
    // Sets are walked in the order of insertion, and what is added meanwhile is walked too.
    for (const path of stale) for (const importer of this.#modules.get(path)?.importers ?? []) stale.add(importer);
    if (stale.size === 0) return new Map();
    const version = ++this.#versions;
    for (const path of stale) if (this.has(path)) (this.#modules.get(path) as LocalModule).version = version;
    return new Map([...stale].map((path) => [path, version]));
  }
}
