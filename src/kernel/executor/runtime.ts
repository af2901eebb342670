// What compiled cells call: the `$` of `async ($) => { ... }`. The compiler (../language) writes these calls, the executor provides them.
//
// A variable of the notebook lives in a box, so that every cell, and every function an earlier cell made, sees its newest value:
//
//   let total = 0;                          const total$ = $.box("total");
//   for (const x of xs) total += x;    =>   let total = 0; $.define("total", total);
//                                           for (const x of xs) { if ($.stop[0] !== 0) $.interrupt(); total$.v += x; }

export interface Box {
  v: unknown;
}

export interface CellRuntime {
  /** The variable of this name, the same box for as long as the executor lives. */
  box(name: string): Box;
  /** Gives a variable its first value in this cell, whatever it was before, and notes that it is defined. */
  define(name: string, value: unknown): void;
  /** Loads a module, relative to the notebook's folder: `import(specifier, options)`. */
  import(specifier: string, options?: ImportCallOptions): Promise<Record<string, unknown>>;
  /** Makes a variable an import: `name` of the module ('*' for the module itself, 'default'), live as long as the module is loaded. */
  bind(variable: string, module: Record<string, unknown>, name: string, specifier: string): void;
  /** Not 0 once Stop was pressed. Read at every turn of a loop and at the start of every function. */
  readonly stop: Int32Array;
  /** Throws the interruption. */
  interrupt(): never;
  /** `await value` becomes `await $.wait(value)`: rejects with the interruption where Stop comes first. */
  wait<T>(value: T): T | Promise<Awaited<T>>;
  /** `for await (const x of source)` becomes `for await (const x of $.iterate(source))`, for the same reason. */
  iterate<T>(source: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncIterable<T>;
  /** `import.meta` of the notebook: url, filename, dirname, resolve. */
  readonly meta: object;
  /** Names the notebook does not know (yet): `$.late.name` looks in the notebook, then in globalThis, and else throws a ReferenceError; `in` tells without throwing. */
  readonly late: Record<string, unknown>;
  /** Where the cell puts the value of its last expression. */
  result: unknown;
}
