// How much of a value is shown: one set of settings for the process, also where a notebook's copy of this package is not the kernel's.

import { inspect } from 'node:util';

export interface DisplayOptions {
  /** How many levels of nested objects are written out, here and by console.log. Node.js has 2; Infinity for all. */
  depth: number;
  /** How many elements of an array, Map or Set are written out, here and by console.log. */
  maxArrayLength: number;
  /** How many characters of a string are written out, here and by console.log. */
  maxStringLength: number;
  /** How many rows of a table are shown: the first and the last of them. */
  maxRows: number;
  /** How many columns of a table are shown: the first and the last of them. */
  maxColumns: number;
  /** How many characters of text a value gets. */
  maxCharacters: number;
  /** How many bytes an image, or any other form of a value, may have. */
  maxBytes: number;
}

type Own = Omit<DisplayOptions, keyof typeof ofNode>;

/** The settings that Node.js keeps, since console.log follows them too. */
const ofNode = { depth: true, maxArrayLength: true, maxStringLength: true };

const defaults: Own = { maxRows: 20, maxColumns: 20, maxCharacters: 50_000, maxBytes: 10_000_000 };

const key = Symbol.for('model-types.display.options');
const holder = globalThis as { [key]?: Own };

function own(): Own {
  let options = holder[key];
  if (!options) {
    options = { ...defaults };
    Object.defineProperty(globalThis, key, { value: options });
  }
  return options;
}

export function currentOptions(): Readonly<DisplayOptions> {
  const { depth, maxArrayLength, maxStringLength } = inspect.defaultOptions;
  const all = (limit: number | null | undefined, usual: number) =>
    limit === null ? Number.POSITIVE_INFINITY : (limit ?? usual);
  return {
    depth: all(depth, 2),
    maxArrayLength: all(maxArrayLength, 100),
    maxStringLength: all(maxStringLength, 10_000),
    ...own(),
  };
}

/** The settings that hold now. */
export function displayOptions(): Readonly<DisplayOptions>;
/**
 * Sets how much of a value is shown, from now on.
 *
 *     displayOptions({ depth: 6, maxRows: 100 });
 *
 * @throws RangeError for a limit that is not a number of at least 0, TypeError for a name that is not one of them
 */
export function displayOptions(changes: Partial<DisplayOptions>): void;
export function displayOptions(changes?: Partial<DisplayOptions>): Readonly<DisplayOptions> | undefined {
  const known = currentOptions();
  if (changes === undefined) return known;
  for (const [name, limit] of Object.entries(changes)) {
    if (!(name in known)) {
      throw new TypeError(`displayOptions: there is no '${name}'. There are ${Object.keys(known).join(', ')}.`);
    }
    if (typeof limit !== 'number' || !(limit >= 0)) {
      throw new RangeError(`displayOptions: ${name} is a number of at least 0 (Infinity for no limit); got ${limit}.`);
    }
  }
  for (const [name, limit] of Object.entries(changes)) {
    if (Object.hasOwn(ofNode, name)) inspect.defaultOptions = { [name]: limit };
    else Object.assign(own(), { [name]: limit });
  }
  return undefined;
}
