// The notebook's own files that cells import: which of them changed on disk since the server was last asked.
// The server does not watch; a look at the few files that matter takes a fraction of a millisecond a cell.

import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findLocalFile } from '../executor/local-paths.js';
import { type FileEvent, fileEvents } from './lsp-messages.js';

interface LocalFile {
  readonly stamp: string;
  /** What it imports, as it is written there. */
  readonly specifiers: readonly string[];
}

const importing = /\b(?:from|import|require)\s*\(?\s*(["'])((?:\.{1,2}(?:\/|(?=\1))|\/)[^"'\n]*)\1/g;

export class LocalFiles {
  readonly #directory: string;
  readonly #realDirectory: string;
  readonly #known = new Map<string, LocalFile>();

  constructor(directory: string) {
    this.#directory = resolve(directory);
    this.#realDirectory = existing(() => realpathSync(this.#directory)) ?? this.#directory;
  }

  /** What happened to the files that these texts import, directly or by way of others, since the last time. */
  changes(texts: readonly string[]): FileEvent[] {
    const events: FileEvent[] = [];
    const seen = new Set<string>();
    const visit = (specifiers: readonly string[], folder: string): void => {
      for (const specifier of specifiers) {
        const path = existing(() => findLocalFile(specifier, folder))?.path;
        if (path === undefined || seen.has(path)) continue;
        seen.add(path);
        const before = this.#known.get(path);
        const file = this.#look(path);
        if (!file) continue;
        this.#known.set(path, file);
        if (before && before.stamp !== file.stamp) events.push(...this.#events(path, fileEvents.changed));
        // One that was not there when it was first imported, or that now stands before another.
        if (!before) events.push(...this.#events(path, fileEvents.created));
        visit(file.specifiers, dirname(path));
      }
    };
    for (const text of texts) visit(specifiersOf(text), this.#directory);
    for (const path of this.#known.keys()) {
      if (seen.has(path) || existing(() => statSync(path))) continue;
      this.#known.delete(path);
      events.push(...this.#events(path, fileEvents.deleted));
    }
    return events;
  }

  #look(path: string): LocalFile | undefined {
    return existing(() => {
      const { mtimeMs, size, ino } = statSync(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const known = this.#known.get(path);
      if (known?.stamp === stamp) return known;
      const isCode = /\.[cm]?[jt]sx?$/.test(path);
      return { stamp, specifiers: isCode ? specifiersOf(readFileSync(path, 'utf8')) : [] };
    });
  }

  /** The server may know a file by its real path, or by way of a linked notebook folder. */
  #events(path: string, type: FileEvent['type']): FileEvent[] {
    const paths = [path];
    if (this.#realDirectory !== this.#directory && path.startsWith(this.#realDirectory + sep)) {
      paths.push(join(this.#directory, path.slice(this.#realDirectory.length)));
    }
    return paths.map((each) => ({ uri: pathToFileURL(each).href, type }));
  }
}

function specifiersOf(text: string): string[] {
  return [...text.matchAll(importing)].map((match) => match[2] as string);
}

/** The result, or undefined where a file is not there. */
function existing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
