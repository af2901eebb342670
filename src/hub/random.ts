// Random choices that a seed repeats on every machine: which row goes into which split, and in what order.
//
//   const random = seededRandom(42);
//   shuffled(['a', 'b', 'c'], random);   // the same order in every run

/**
 * A generator of uniform numbers in [0, 1): mulberry32 (Tommy Ettinger, public domain). Good enough to shuffle,
 * not for secrets. `seed` is read as a 32-bit integer.
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy in random order (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

/** `count` of the numbers from 0 to `length - 1`, ascending; all of them where there are no more (Knuth's algorithm S). */
export function someIndices(length: number, count: number, random: () => number): Int32Array {
  const chosen: number[] = [];
  for (let i = 0; i < length && chosen.length < count; i++)
    if (length <= count || random() * (length - i) < count - chosen.length) chosen.push(i);
  return Int32Array.from(chosen);
}
