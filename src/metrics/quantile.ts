// Quantiles of sorted numbers, with straight lines between them, as NumPy's `quantile` gives by default.
//
//   quantileOfSorted([1, 2, 4], 0.75);   // 3

/**
 * @param sorted ascending, at least one
 * @param quantile from 0 to 1
 */
export function quantileOfSorted(sorted: ArrayLike<number>, quantile: number): number {
  const place = quantile * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  const share = place - below;
  // From the nearer end, as NumPy does, so that the result never leaves [low, high].
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}
