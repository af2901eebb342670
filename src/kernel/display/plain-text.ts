// Any value as text: as Node.js writes it, cut where it gets too long, with a word on how to see the rest.

import { inspect, types } from 'node:util';
import { currentOptions } from './options.js';
import { hideTags } from './promises.js';
import { className, isNumbers } from './read.js';
import { count, shortNumber } from './words.js';

/** Never throws, whatever the value does when it is looked at. */
export function plainText(value: unknown): string {
  if (typeof value === 'function') return functionText(value);
  if (isNumbers(value) && !Buffer.isBuffer(value)) return numbersText(value);
  if (types.isPromise(value) || isTimer(value)) hideTags(value);
  const text = safeInspect(value);
  if (types.isPromise(value)) return `${text}\n(A promise: write \`await\` before it to see its value.)`;
  if (typeof value !== 'object' || value === null) return text;
  return cut(text) + notice(text);
}

/** What setTimeout and its like give carries notes of Node.js too. */
function isTimer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && /^(Timeout|Immediate)$/.test(className(value));
}

function safeInspect(value: unknown): string {
  try {
    return inspect(value);
  } catch (problem) {
    const what = typeof value === 'object' && value !== null ? className(value) : typeof value;
    return `[${what}: it cannot be shown, since looking at it throws ${brief(problem)}]`;
  }
}

/** What was thrown, in a line. */
export function brief(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something that has no text';
  }
}

/** What long text looks like: its beginning, and how much there is. */
export function cut(text: string): string {
  const { maxCharacters } = currentOptions();
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, maxCharacters)}\n... (${count(text.length - maxCharacters)} of ${count(text.length)} characters are not shown: displayOptions({ maxCharacters: ${text.length} }) shows all)`;
}

/** `a: [Object]`: where inspect went no deeper. Names of accessors and errors look alike. */
const shallow = /(?:: |=> |[[{,] |^ +)\[(?!Getter\]|Setter\]|Getter\/Setter\]|\w*Error\])[A-Z][\w$]*\](?=[,\s]|$)/m;
const few = /\.\.\. \d+ more items?/;

function notice(text: string): string {
  const { depth, maxArrayLength } = currentOptions();
  const deeper = shallow.test(text) ? `depth: ${depth + 4}` : '';
  const longer = few.test(text) ? `maxArrayLength: ${maxArrayLength * 10}` : '';
  const change = [deeper, longer].filter((each) => each !== '').join(', ');
  return change === '' ? '' : `\n(Not all of it: displayOptions({ ${change} }) shows more.)`;
}

/** How many values of a long array stand at its beginning and at its end. */
const ends = { first: 8, last: 4 };

function numbersText(value: Exclude<NodeJS.TypedArray, never>): string {
  if (value.length <= Math.min(100, currentOptions().maxArrayLength)) return safeInspect(value);
  const at = (index: number) => shortNumber(value[index] as number | bigint);
  const first = Array.from({ length: ends.first }, (_, index) => at(index));
  const last = Array.from({ length: ends.last }, (_, index) => at(value.length - ends.last + index));
  return `${className(value)}(${value.length}) [ ${[...first, '...', ...last].join(', ')} ]`;
}

/** `[Function: add]`, and how it is called: the source up to its body. */
function functionText(value: unknown): string {
  const text = safeInspect(value);
  try {
    const head = headOf(Function.prototype.toString.call(value));
    return head === undefined ? text : `${text}\n${head}`;
  } catch {
    return text;
  }
}

function headOf(source: string): string | undefined {
  if (/^class\b/.test(source) || /\{ \[native code\] \}\s*$/.test(source)) return undefined;
  let depth = 0;
  for (let at = 0; at < Math.min(source.length, 2000); at++) {
    const character = source[at] as string;
    if (depth === 0 && (character === '{' || source.startsWith('=>', at))) {
      const end = character === '{' ? at : at + 2;
      return `${authored(source.slice(0, end)).trim()} ${character === '{' ? '{ ... }' : '...'}`;
    }
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
  }
  return undefined;
}

/** How a cell's author wrote the notebook's variables, which run as `name$.v`. */
function authored(source: string): string {
  return source.replace(/\(0, ([\p{L}\p{N}_$]+?)\$\.v\)/gu, '$1').replace(/([\p{L}\p{N}_$]+?)\$\.v\b/gu, '$1');
}
