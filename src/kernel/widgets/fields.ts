// The kinds of properties that widgets have: each with its default, and with words for what is wrong with a value.

export interface Field<T> {
  readonly initial: T;
  /** What is wrong with a value, as it follows the word "is"; undefined where nothing is. */
  problem(value: unknown): string | undefined;
  /** Its name in the protocol, where that is not the property's own name in snake_case. */
  readonly wire?: string;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The properties that a table of fields describes. */
export type PropertiesOf<F> = { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

function field<T>(initial: T, fits: (value: unknown) => boolean, otherwise: string): Field<T> {
  return { initial, problem: (value) => (fits(value) ? undefined : otherwise) };
}

export function text(initial = ''): Field<string> {
  return field(initial, (value) => typeof value === 'string', 'not a string');
}

export function flag(initial: boolean): Field<boolean> {
  return field(initial, (value) => typeof value === 'boolean', 'neither true nor false');
}

export function whole(initial: number): Field<number> {
  return field(initial, Number.isSafeInteger, 'not a whole number');
}

export function decimal(initial: number): Field<number> {
  return field(initial, Number.isFinite, 'not a finite number');
}

export function oneOf<const T extends string>(initial: NoInfer<T>, choices: readonly T[]): Field<T> {
  const listed = `none of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`;
  return field<T>(initial, (value) => choices.includes(value as T), listed);
}

/** A list whose items fit the field given. */
export function listOf<T>(item: Field<T>): Field<readonly T[]> {
  return {
    initial: [],
    problem(value) {
      if (!Array.isArray(value)) return 'not a list';
      for (const [index, one] of value.entries()) {
        const problem = item.problem(one);
        if (problem) return `a list whose item ${index} is ${problem}`;
      }
      return undefined;
    },
  };
}

/** The same field, or null, which is then its default. */
export function nullable<T>(inner: Field<T>): Field<T | null> {
  return { ...inner, initial: null, problem: (value) => (value === null ? undefined : inner.problem(value)) };
}

/** The same field under another name in the protocol. */
export function named<T>(wire: string, inner: Field<T>): Field<T> {
  return { ...inner, wire };
}

/** How errors, and a widget's text, quote a value. */
export function quote(value: unknown): string {
  const words = inFull(value);
  return words.length > 80 ? `${words.slice(0, 80)}...` : words;
}

function inFull(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `[${value.slice(0, 20).map(inFull).join(', ')}${value.length > 20 ? ', ...' : ''}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name}(${(value as Uint8Array).length ?? value.byteLength})`;
  if (value.toString !== Object.prototype.toString) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${inFull(item)}`)
    .join(', ')} }`;
}

export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
