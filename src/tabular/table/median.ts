// The median of numbers, for descriptions and groups.
//
//   median(Float64Array.of(3, 1, 2, 10));   // 2.5

/** The number in the middle, of an even count the mean of the two there; NaN of none. The values may hold no NaN. */
export function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
