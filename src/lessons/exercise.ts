// Checks for exercises: they say what differs, and never stop the notebook.
//
//   exercise('1', myCount, 153_888, 'Count A and B of every layer that is corrected.');
//   // ✗ exercise 1: got 76,944, which is 0.5 times what is expected. Hint: count A and B of every layer that is corrected.

/**
 * Compares a learner's answer with the right one and prints what differs.
 * @param answer undefined while the exercise is not done
 * @param tolerance largest relative difference that still counts as right. Default 1e-6
 */
export function exercise(
  name: string,
  answer: number | undefined,
  expected: number,
  hint: string,
  tolerance = 1e-6,
): void {
  const difference = answer === undefined ? Number.NaN : answer - expected;
  const right = Math.abs(difference) <= tolerance * Math.max(1, Math.abs(expected));
  if (answer === undefined) console.log(`… exercise ${name}: no answer yet. Hint: ${hint}`);
  else if (right) console.log(`✓ exercise ${name}: ${plain(answer)} is right.`);
  else console.log(`✗ exercise ${name}: got ${plain(answer)}, ${compared(answer, expected)}. Hint: ${hint}`);
}

const plain = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 4 });

function compared(answer: number, expected: number): string {
  if (!Number.isFinite(answer)) return 'which is not a number';
  const ratio = answer / expected;
  if (Math.abs(ratio - 1) < 0.05) return `close, but off by ${(answer - expected).toPrecision(2)}`;
  if (expected !== 0 && ratio > 0) return `which is ${ratio.toPrecision(3)} times what is expected`;
  return `which is ${answer > expected ? 'too large' : 'too small'}`;
}
