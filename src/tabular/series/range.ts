// Whole numbers one after another: the origins of a stretch of a series, the steps of a horizon.
//
//   range(3, 6);   // [3, 4, 5]

/** From `from` up to, not including, `to`; none where that is not larger. */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
