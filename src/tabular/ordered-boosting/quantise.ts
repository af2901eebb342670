// Numeric columns as small whole numbers: how many borders a value is above. Trees then only ever ask "above border b?", and a
// histogram over at most 255 bins answers for all borders at once.
//
//   const borders = greedyLogSumBorders(Float64Array.of(1, 1, 2, 5), 254);   // 1.5, 3.5
//   binsOf(Float64Array.of(0, 2, 9, NaN), borders);                          // 0, 1, 2, 0
//
// A missing value is below all borders (CatBoost's nan_mode 'Min'). Where training knew missing values, -Infinity is the first
// border, so that a tree can ask "is it there at all?".

/**
 * Borders as CatBoost's GreedyLogSum chooses them: the group of rows whose parting at its median gains most in the sum of
 * log(rows in a group) is parted, until there are enough groups. A border lies halfway between the values it parts.
 * @param values a training column, NaN where missing
 */
export function greedyLogSumBorders(values: Float64Array, maxCount: number): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const borders: number[] = sorted.length < values.length ? [Number.NEGATIVE_INFINITY] : [];
  const groups: Group[] = [];
  if (sorted.length > 0) push(groups, group(sorted, 0, sorted.length));
  while (borders.length < maxCount && (groups[0]?.gain ?? Number.NEGATIVE_INFINITY) > Number.NEGATIVE_INFINITY) {
    const { start, end, cut } = popBest(groups);
    borders.push(halfway(sorted[cut - 1] as number, sorted[cut] as number));
    push(groups, group(sorted, start, cut));
    push(groups, group(sorted, cut, end));
  }
  return Float64Array.from(borders).sort();
}

/** Each value's bin: the number of borders below it. At most 254 borders. */
export function binsOf(values: Float64Array, borders: Float64Array): Uint8Array {
  const bins = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    let low = 0;
    let high = borders.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value > (borders[middle] as number)) low = middle + 1;
      else high = middle;
    }
    bins[row] = low;
  }
  return bins;
}

/** Rows from `start` up to `end` of a sorted column, with the best place to part them. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly cut: number;
  /** -Infinity where all values are equal. */
  readonly gain: number;
}

function group(sorted: Float64Array, start: number, end: number): Group {
  const middle = sorted[start + ((end - start) >>> 1)] as number;
  const left = firstFrom(sorted, start, end, (value) => value >= middle);
  const right = firstFrom(sorted, left, end, (value) => value > middle);
  const gainOf = (cut: number) =>
    cut === start || cut === end
      ? Number.NEGATIVE_INFINITY
      : Math.log(cut - start + 1e-8) + Math.log(end - cut + 1e-8) - Math.log(end - start + 1e-8);
  const cut = gainOf(left) >= gainOf(right) ? left : right;
  return { start, end, cut, gain: gainOf(cut) };
}

function firstFrom(sorted: Float64Array, start: number, end: number, holds: (value: number) => boolean): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Between two values, and never equal to the upper one even where no number lies between them. */
function halfway(lower: number, upper: number): number {
  const middle = lower + (upper - lower) / 2;
  return middle < upper && Number.isFinite(middle) ? middle : lower;
}

// A binary heap with the largest gain at its root. Groups often gain the same, and which of them then comes first decides the
// borders: with the plain heap they are CatBoost's.

function push(heap: Group[], added: Group): void {
  let place = heap.length;
  heap.push(added);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if ((heap[parent] as Group).gain >= added.gain) break;
    heap[place] = heap[parent] as Group;
    place = parent;
  }
  heap[place] = added;
}

function popBest(heap: Group[]): Group {
  const best = heap[0] as Group;
  const moved = heap.pop() as Group;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child] as Group).gain < (heap[child + 1] as Group).gain) child++;
    if ((heap[child] as Group).gain < moved.gain) break;
    heap[place] = heap[child] as Group;
    place = child;
  }
  if (heap.length > 0) heap[place] = moved;
  return best;
}
