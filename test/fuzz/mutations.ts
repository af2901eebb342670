/**
 * Random damage to files, the same for the same seed: to bytes, and to JSON by its structure.
 *
 *     const random = seededRandom(7);
 *     mutateBytes(bytes, random);      // a bit flipped, a part cut, doubled or moved, a length made huge ...
 *     mutateJson(text, random);        // a field taken out or made another type, nesting, numbers beyond all bounds ...
 */

/** Numbers in [0, 1), as `Math.random` gives them. */
export type Random = () => number;

const below = (limit: number, random: Random): number => Math.floor(random() * limit);
const pick = <T>(items: readonly T[], random: Random): T => items[below(items.length, random)] as T;

const HUGE = [-1n, 0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 64n - 1n];
const NUMBERS = [
  '-1',
  '0',
  '0.5',
  '-0',
  '1e308',
  '-1e308',
  '1e999',
  '2147483648',
  '4294967296',
  '9007199254740993',
  'NaN',
];

/** A damaged copy: one to four changes. */
export function mutateBytes(bytes: Uint8Array, random: Random): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  for (let count = 1 + below(4, random); count > 0; count--) changed = pick(BYTE_CHANGES, random)(changed, random);
  return changed;
}

/** One bit of a copy becomes the other. */
export function flipBit(bytes: Uint8Array, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  if (changed.length > 0) changed[below(changed.length, random)]! ^= 1 << below(8, random);
  return changed;
}

const BYTE_CHANGES: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  flipBit,
  function setByte(bytes, random) {
    if (bytes.length > 0)
      bytes[below(bytes.length, random)] = pick([0, 1, 0x22, 0x28, 0x2c, 0x5b, 0x7b, 0x7f, 0x80, 0xff], random);
    return bytes;
  },
  function cutShort(bytes, random) {
    return bytes.subarray(0, below(bytes.length + 1, random));
  },
  function takeOut(bytes, random) {
    const from = below(bytes.length, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + below(32, random))]);
  },
  function putIn(bytes, random) {
    const at = below(bytes.length + 1, random);
    const more = Buffer.alloc(1 + below(64, random)).map(() => below(256, random));
    return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  },
  function repeatByte(bytes, random) {
    const at = below(bytes.length + 1, random);
    const more = Buffer.alloc(
      1 + below(5000, random),
      pick(['[', '{"a":', ']', '(', '}', '\x85', 'N', ' ', '\0'], random),
      'latin1',
    );
    return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  },
  function doublePart(bytes, random) {
    const [from, at] = [below(bytes.length, random), below(bytes.length + 1, random)];
    const part = bytes.subarray(from, from + 1 + below(200, random));
    return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  },
  function overwritePart(bytes, random) {
    const [from, at] = [below(bytes.length, random), below(bytes.length, random)];
    bytes.copy(bytes, at, from, from + 1 + below(100, random));
    return bytes;
  },
  function hugeLength(bytes, random) {
    const width = pick([1, 2, 4, 8], random);
    if (bytes.length < width) return bytes;
    const field = Buffer.alloc(8);
    field.writeBigUInt64LE(BigInt.asUintN(64, pick(HUGE, random)));
    field.copy(bytes, below(bytes.length - width + 1, random), 0, width);
    return bytes;
  },
  function otherDigits(bytes, random) {
    return Buffer.from(otherNumber(bytes.toString('latin1'), random), 'latin1');
  },
];

/** A number of the text, at random, becomes another. */
function otherNumber(text: string, random: Random): string {
  const numbers = [...text.matchAll(/-?\d+(\.\d+)?/g)];
  const found = pick(numbers, random);
  if (found === undefined) return text;
  return text.slice(0, found.index) + pick(NUMBERS, random) + text.slice(found.index + found[0].length);
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Damaged JSON: mostly still JSON, with its structure changed; now and then with its bytes changed as well. */
export function mutateJson(text: string, random: Random): string {
  if (random() < 0.15) return mutateBytes(Buffer.from(text), random).toString('utf8');
  const root: { value: Json } = { value: JSON.parse(text) as Json };
  for (let count = 1 + below(3, random); count > 0; count--) changeJson(root, random);
  let changed = JSON.stringify(root.value) ?? 'null';
  if (random() < 0.15) changed = otherNumber(changed, random);
  const depth = pick([10, 1000, 20_000], random);
  return changed.replace('"<deep>"', () => '['.repeat(depth) + ']'.repeat(depth));
}

/** What a value may become: every type, and the ends of their ranges. */
function otherValue(value: Json, random: Random): Json {
  return pick<() => Json>(
    [
      () => null,
      () => true,
      () => false,
      () => -1,
      () => 0,
      () => 0.5,
      () => 1e308,
      () => 2 ** 31,
      () => 2 ** 53,
      () => 1e12,
      () => (typeof value === 'number' ? value + 1 : 7),
      () => (typeof value === 'number' ? value * 1000 : 3000),
      () => '',
      () => 'x'.repeat(pick([1, 100_000], random)),
      () => '\ud800\u0000',
      () => '__proto__',
      () => 'constructor',
      () => '(a+)+$',
      () => [],
      () => ({}),
      () => [value],
      () => ({ value }),
      () => [value, value, value],
      () => Array.from({ length: 2000 }, (_, i) => i),
      () => Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key${i}`, i])),
      () => '<deep>',
      () => String(value),
      () => (typeof value === 'string' ? value.toUpperCase() : Number(value)),
    ],
    random,
  )();
}

function changeJson(root: { value: Json }, random: Random): void {
  let holder: { [key: string]: Json } | Json[] = root as { [key: string]: Json };
  let key: string | number = 'value';
  // Goes down at random; short ways down are as likely as long ones, so that few fields high up are often hit.
  for (let value: Json = root.value; value !== null && typeof value === 'object' && random() < 0.8; ) {
    const keys = Object.keys(value);
    if (keys.length === 0) break;
    holder = value;
    key = pick(keys, random);
    value = (holder as { [key: string]: Json })[key] as Json;
  }
  const fields = holder as { [key: string]: Json };
  const value = fields[key] as Json;
  const choice = random();
  if (choice < 0.55 || holder === (root as unknown)) fields[key] = otherValue(value, random);
  else if (choice < 0.75) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete fields[key];
  } else if (choice < 0.85) {
    const other = pick(Object.keys(holder), random);
    [fields[key], fields[other]] = [fields[other] as Json, value];
  } else if (choice < 0.95) {
    fields[pick(['__proto__ ', 'constructor', 'type', '', 'id', String(key).toUpperCase()], random)] = value;
  } else if (Array.isArray(holder)) holder.push(...holder.slice(0, 100));
  else fields[`${key}2`] = otherValue(value, random);
}
