// Answers for prediction, four rows at a time: bins are bytes, and a 32-bit number holds four of them. Comparing each byte by
// itself takes a few operations on all four at once (Lamport 1975, "Multiple byte processing with full-word instructions").
//
//   const leaves = new Int32Array(1);                      // four rows, all in leaf 0
//   writeAbove(leaves, 3, Int32Array.of(0x05_00_07_06), 5); // bins 6, 7, 0, 5: above 5?
//   leaves[0] === 0x00_00_08_08;                            // bit 3 of the first two rows

const ONES = 0x01010101;
/** All but the highest bit of each byte: adding two such numbers carries nothing from one byte into the next. */
const LOW = 0x7f7f7f7f;

/** Sets bit `level`, 0 to 7, of each row's byte where its bin is above `border`, 0 to 254. */
export function writeAbove(leaves: Int32Array, level: number, bins: Int32Array, border: number): void {
  // A byte's sum reaches its highest bit where its low seven bits are above those of the border.
  const addend = Math.imul(127 - (border & 127), ONES);
  const shift = 7 - level;
  const bit = ONES << level;
  if (border < 128)
    for (let i = 0; i < leaves.length; i++) {
      const four = bins[i] as number;
      leaves[i] = (leaves[i] as number) | (((((four & LOW) + addend) | four) >>> shift) & bit);
    }
  else
    for (let i = 0; i < leaves.length; i++) {
      const four = bins[i] as number;
      leaves[i] = (leaves[i] as number) | (((((four & LOW) + addend) & four) >>> shift) & bit);
    }
}

/** Sets bit `level`, 0 to 7, of each row's byte where its bin is `code`. */
export function writeEqual(leaves: Int32Array, level: number, bins: Int32Array, code: number): void {
  const codes = Math.imul(code, ONES);
  const shift = 7 - level;
  const bit = ONES << level;
  for (let i = 0; i < leaves.length; i++) {
    const different = (bins[i] as number) ^ codes;
    leaves[i] = (leaves[i] as number) | ((~(((different & LOW) + LOW) | different) >>> shift) & bit);
  }
}
