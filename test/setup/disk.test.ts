import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freeBytes, requireSpace } from '../../src/setup/disk.mjs';

test('free space is measured at the nearest folder that exists', () => {
  expect(freeBytes(join(tmpdir(), 'not', 'there', 'yet'))).toBeGreaterThan(0);
});

test('too little space is told with both numbers', () => {
  expect(() => requireSpace('/there', 900e6, () => 12.4e6)).toThrow(/\/there needs 900 MB, and 12 MB are free/);
  expect(() => requireSpace('/there', 900e6, () => 900e6)).not.toThrow();
});
