// The cells of a notebook as modules for the type checker, and which of them owns which name.
//
//   import { __cell_1, __cell_3 } from "./__cells"; import f = __cell_3.$f; declare let x: typeof __cell_1.$x;
//   ... the cell as it was typed ...
//   export { a as $a, B as $B };
//
// Names of earlier cells come in by aliases, which carry values, types and namespaces alike; what may be assigned by `declare let`.
// `__cells` re-exports the modules of all cells. It names many more than there are, so that it never changes, and no cell's own set
// of imports changes by what it mentions: only then the server keeps its program, and checks a cell in a few milliseconds.

import type { CellName, CellNames } from './language.js';
import { mentions } from './names.js';

/** Who owns a name. */
interface Owner {
  readonly slot: number;
  readonly kind: CellName['kind'] | 'type';
  /** A type that a cell adds to the value of an earlier one, or a value that it leaves beside its own type. */
  readonly beside?: 'type' | CellName['kind'];
}

interface Slot {
  readonly source: string;
  readonly names: CellNames;
  /** For instance `cell 3`. */
  readonly cellName: string;
  /** The slots whose names it mentions. */
  readonly uses: ReadonlySet<number>;
}

/** A cell as a module. */
export interface Module {
  readonly text: string;
  /** How many lines stand before the cell's own first line. */
  readonly linesBefore: number;
  readonly uses: ReadonlySet<number>;
}

const chunk = 40;

export class Cells {
  readonly #slots = new Map<number, Slot>();
  readonly #owners = new Map<string, Owner>();
  /** Names whose cell ended before they got a value, and that cell. */
  readonly #undefined = new Map<string, string>();
  #size = chunk;
  #next = 1;

  /** How many modules `__cells` names. */
  get size(): number {
    return this.#size;
  }

  /** A slot that no name needs, for the cell to be checked next. A fresh one while there is one: that keeps the program small changes. */
  free(): number {
    if (this.#next <= this.#size) return this.#next;
    const live = this.#live();
    for (let slot = 1; slot <= this.#size; slot++) if (!live.has(slot)) return slot;
    this.#size += chunk;
    return this.#next;
  }

  /** A cell as a module among those that ran. `mentioned` are names that its text needs without saying them; 'all' is every name there is. */
  module(source: string, names: CellNames, extension: string, mentioned: readonly string[] | 'all' = []): Module {
    const imports: string[] = [];
    const uses = new Set<number>();
    const declared = new Map<string, CellName['kind'] | 'type'>();
    for (const name of names.types) declared.set(name, 'type');
    for (const { name, kind } of names.values) declared.set(name, kind);
    const wanted = mentioned === 'all' ? this.#owners.keys() : new Set([...mentions(source), ...mentioned]);
    for (const name of wanted) {
      const owner = this.#owners.get(name);
      if (!owner) continue;
      const own = declared.get(name);
      if (own === 'type' && !declaresType(source, name)) continue;
      const text = headerOf(name, owner, own);
      if (text === '') continue;
      imports.push(text);
      uses.add(owner.slot);
    }
    const slots = [...uses].sort((a, b) => a - b).map((slot) => `__cell_${slot}`);
    // The empty statement at its end: right after an `import a = b;` the server would complete nothing but `type`.
    const header = `import { ${slots.join(', ')} } from "./__cells${extension}"; ${imports.join(' ')};`;
    const exported = [...declared.keys()].map((name) => `${name} as $${name}`);
    const tail = `export { ${exported.join(', ')} };`;
    // Instructions to the compiler count only where nothing stands before them.
    if (/^\s*(\/\/\/\s*<|\/\*\*?\s*@jsx)/.test(source)) {
      return { text: `${source}\n${header}\n${tail}`, linesBefore: 0, uses };
    }
    return { text: `${header}\n${source}\n${tail}`, linesBefore: 1, uses };
  }

  /** Notes that a cell ran, as the module in `slot`. */
  commit(
    slot: number,
    { source, names, cellName, uses, defined }: Slot & { readonly defined: readonly string[] },
  ): void {
    this.#slots.set(slot, { source, names, cellName, uses });
    if (slot === this.#next) this.#next++;
    const gotValue = new Set(defined);
    for (const { name, kind } of names.values) {
      const earlier = this.#owners.get(name);
      if (gotValue.has(name)) {
        this.#undefined.delete(name);
        const keepsType = takesTypeAlong(kind) && earlier && hasTypeOfItsOwn(earlier);
        this.#owners.set(name, { slot, kind, ...(keepsType ? { beside: 'type' as const } : {}) });
      } else if (!earlier) this.#undefined.set(name, cellName);
    }
    for (const name of names.types) {
      const earlier = this.#owners.get(name);
      const value = earlier && (earlier.kind === 'type' ? earlier.beside : earlier.kind);
      const keepsValue = value !== undefined && value !== 'type';
      this.#owners.set(name, { slot, kind: 'type', ...(keepsValue ? { beside: value } : {}) });
    }
  }

  /** What kind of thing a name of an earlier cell is. */
  kindOf(name: string): CellName['kind'] | 'type' | undefined {
    return this.#owners.get(name)?.kind;
  }

  /** The cell that declared a name but ended before giving it a value. */
  cellWithout(name: string): string | undefined {
    return this.#undefined.get(name);
  }

  /** The cell in a slot: its name and its text. */
  at(slot: number): { readonly cellName: string; readonly source: string } | undefined {
    return this.#slots.get(slot);
  }

  /** The texts of the cells whose names are still in use. */
  sources(): string[] {
    return [...this.#live()].flatMap((slot) => this.#slots.get(slot)?.source ?? []);
  }

  forget(): void {
    this.#slots.clear();
    this.#owners.clear();
    this.#undefined.clear();
    this.#next = 1;
  }

  #live(): Set<number> {
    const live = new Set<number>();
    const visit = (slot: number): void => {
      if (live.has(slot)) return;
      live.add(slot);
      for (const used of this.#slots.get(slot)?.uses ?? []) visit(used);
    };
    for (const { slot } of this.#owners.values()) visit(slot);
    for (const [slot, { source }] of this.#slots) if (augments(source)) visit(slot);
    return live;
  }
}

/** The text of the module that names all others. */
export function indexModule(size: number, extension: string): string {
  return Array.from(
    { length: size },
    (_, i) => `export * as __cell_${i + 1} from "./__cell_${i + 1}${extension}";\n`,
  ).join('');
}

/** A cell that is not there (yet), with the same imports as one that is. */
export function emptyModule(extension: string): string {
  return `import {  } from "./__cells${extension}"; \nexport {  };`;
}

/** How a name of an earlier cell comes in; '' where the cell's own declaration takes its place altogether. */
function headerOf(
  name: string,
  { slot, kind, beside }: Owner,
  declared: CellName['kind'] | 'type' | undefined,
): string {
  const there = `__cell_${slot}.$${name}`;
  const variable = (word: string) => `declare ${word} ${name}: typeof ${there};`;
  const word = (of: CellName['kind'] | 'type') => (of === 'let' || of === 'var' ? 'let' : 'const');
  const type = `type ${name} = ${there};`;
  const value = kind === 'type' ? (beside === 'type' ? undefined : beside) : kind;
  if (declared === 'type') return value === undefined ? '' : variable(word(value));
  if (declared !== undefined) {
    return takesTypeAlong(declared) && hasTypeOfItsOwn({ slot, kind, ...(beside ? { beside } : {}) }) ? type : '';
  }
  if (value !== undefined && word(value) === 'let') {
    return kind === 'type' || beside === 'type' ? `${variable('let')} ${type}` : variable('let');
  }
  return `import ${name} = ${there};`;
}

/** Whether a new value leaves the type of its name standing. */
function takesTypeAlong(kind: CellName['kind']): boolean {
  return kind === 'let' || kind === 'var' || kind === 'const' || kind === 'function';
}

function hasTypeOfItsOwn({ kind, beside }: Owner): boolean {
  return kind === 'type' || beside === 'type';
}

/** Whether a cell declares a type that may stand beside a value: not `import type` nor `declare let`. */
function declaresType(source: string, name: string): boolean {
  return new RegExp(
    `(?<!import\\s+)\\b(interface|type)\\s+${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`,
    'u',
  ).test(source);
}

/** Whether a cell adds to types of others. */
function augments(source: string): boolean {
  return /\bdeclare\s+(global|module)\b/.test(source);
}
