// The variables of the notebook. Each lives in a box that all cells share, so that everyone sees its newest value.

import type { Box } from './runtime.js';

/** Where an imported variable gets its value each time it is read. */
export type Source = () => unknown;

class NotebookBox implements Box {
  v: unknown = undefined;
}

export class Boxes {
  readonly #boxes = new Map<string, Box>();
  readonly #defined = new Set<string>();
  readonly #imported = new Set<string>();

  get(name: string): Box {
    let box = this.#boxes.get(name);
    if (!box) {
      box = new NotebookBox();
      this.#boxes.set(name, box);
    }
    return box;
  }

  has(name: string): boolean {
    return this.#defined.has(name);
  }

  define(name: string, value: unknown): void {
    const box = this.get(name);
    if (this.#imported.delete(name)) {
      Object.defineProperty(box, 'v', { value, writable: true, enumerable: true, configurable: true });
    } else {
      box.v = value;
    }
    this.#defined.add(name);
  }

  /** Makes a variable an import: read anew each time, and not to be assigned. */
  bind(name: string, source: Source): void {
    Object.defineProperty(this.get(name), 'v', {
      get: source,
      set: () => {
        throw new TypeError(`Assignment to constant variable: '${name}' is imported.`);
      },
      enumerable: true,
      configurable: true,
    });
    this.#imported.add(name);
    this.#defined.add(name);
  }

  /** `$.late`: names that no cell had defined when the code that reads them was compiled. */
  readonly late: Record<string, unknown> = new Proxy(Object.create(null) as Record<string, unknown>, {
    get: (_, name) => {
      if (typeof name !== 'string') return undefined;
      if (this.#defined.has(name)) return this.get(name).v;
      if (name in globalThis) return (globalThis as Record<string, unknown>)[name];
      throw new ReferenceError(`${name} is not defined`);
    },
    set: (_, name, value) => {
      if (typeof name !== 'string') return false;
      if (this.#defined.has(name)) this.get(name).v = value;
      else if (name in globalThis) (globalThis as Record<string, unknown>)[name] = value;
      else throw new ReferenceError(`${name} is not defined`);
      return true;
    },
    has: (_, name) => typeof name === 'string' && (this.#defined.has(name) || name in globalThis),
  });
}
