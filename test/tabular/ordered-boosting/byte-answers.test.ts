import { expect, test } from 'vitest';
import { writeAbove, writeEqual } from '../../../src/tabular/ordered-boosting/byte-answers.js';

const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
const words = new Int32Array(bytes.buffer);

test('the example', () => {
  const leaves = new Int32Array(1);
  writeAbove(leaves, 3, Int32Array.of(0x05_00_07_06), 5);
  expect(leaves[0]).toBe(0x00_00_08_08);
});

test('every byte against every border and code, at every level', () => {
  for (let level = 0; level < 8; level++)
    for (let constant = 0; constant < 255; constant++) {
      const above = new Uint8Array(256).fill(1 << ((level + 1) & 7));
      writeAbove(new Int32Array(above.buffer), level, words, constant);
      const equal = new Uint8Array(256);
      writeEqual(new Int32Array(equal.buffer), level, words, constant);
      const wrong = bytes.findIndex(
        (value) =>
          above[value] !== ((1 << ((level + 1) & 7)) | (Number(value > constant) << level)) ||
          equal[value] !== Number(value === constant) << level,
      );
      expect(wrong).toBe(-1);
    }
});
