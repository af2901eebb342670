/** Files by Python's library (test/python/make_safetensors.py) read as they should and written back byte for byte. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSafetensors, readSafetensors, type StoredTensor, writeSafetensors } from '../../src/hub/safetensors.js';

const fixtures = fileURLToPath(new URL('../fixtures/safetensors/', import.meta.url));
const shards = [1, 2, 3, 4].map((n) => `sharded/model-0000${n}-of-00004.safetensors`);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('reads every element type, odd names, scalars, empty tensors and metadata', async () => {
  const { tensors, metadata } = await readSafetensors(join(fixtures, 'kinds.safetensors'));
  expect(metadata).toEqual({ é: 'a "quoted" word' });
  expect(tensors.get('h')).toEqual({ dtype: 'F16', shape: [2, 2], data: Float32Array.of(1.5, -2, 0.25, 65504) });
  expect(tensors.get('b')).toEqual({
    dtype: 'BF16',
    shape: [3],
    data: Float32Array.of(1, -3, 9.969209968386869e37), // the bfloat16 nearest to 1e38
  });
  expect(tensors.get('ids')).toEqual({ dtype: 'I64', shape: [4], data: BigInt64Array.of(0n, 1n, -1n, 2n ** 62n) });
  expect(tensors.get('scalar')).toEqual({ dtype: 'F32', shape: [], data: Float32Array.of(3.5) });
  expect(tensors.get('empty')).toEqual({ dtype: 'F32', shape: [0, 4], data: new Float32Array(0) });
  expect(tensors.get('A')).toEqual({ dtype: 'F32', shape: [2, 1, 2], data: Float32Array.of(-0, -0, -0, -0) });
  expect([...tensors.keys()]).toContain('odd "\\\n\x01\x7f é');
  expect(tensors.size).toBe(10);
});

test('reads the other integers, doubles and truth values', async () => {
  const { tensors } = await readSafetensors(join(fixtures, 'integers.safetensors'));
  const data = Object.fromEntries([...tensors].map(([name, tensor]) => [name, tensor.data]));
  expect(data).toMatchObject({
    'b.uint64': BigUint64Array.of(0n, 1n, 2n ** 64n - 1n),
    'b.int64': BigInt64Array.of(-(2n ** 63n), 1n, 2n ** 63n - 1n),
    'b.uint32': Uint32Array.of(0, 1, 2 ** 32 - 1),
    'b.int32': Int32Array.of(-(2 ** 31), 1, 2 ** 31 - 1),
    'b.uint16': Uint16Array.of(0, 1, 65535),
    'b.int16': Int16Array.of(-32768, 1, 32767),
    'b.int8': Int8Array.of(-128, 1, 127),
    'b.uint8': Uint8Array.of(0, 1, 255),
    'b.bool': Uint8Array.of(1, 0, 1),
    'b.float64': Float64Array.of(0.1, -1e300, Number.POSITIVE_INFINITY),
    'a.int32': Int32Array.of(7),
  });
  expect(tensors.get('b.bool')?.dtype).toBe('BOOL');
  expect(tensors.get('b.float64')?.shape).toEqual([3, 1]);
});

test('parsing bytes and reading a file give the same', async () => {
  for (const name of ['kinds.safetensors', 'integers.safetensors', 'rounding.safetensors', ...shards]) {
    const path = join(fixtures, name);
    expect(parseSafetensors(await readFile(path), path)).toEqual(await readSafetensors(path));
  }
});

test.each([
  'kinds.safetensors',
  'integers.safetensors',
  'rounding.safetensors',
  'no-metadata.safetensors',
  'whole/model.safetensors',
  ...shards,
])('writes %s as Python did, whatever order the tensors come in', async (name) => {
  const { tensors, metadata } = await readSafetensors(join(fixtures, name));
  const path = join(folder, 'copy.safetensors');
  await writeSafetensors(path, new Map([...tensors].reverse()), metadata);
  expect(Buffer.compare(await readFile(path), await readFile(join(fixtures, name)))).toBe(0);
});

test('the format is the metadata written by default', async () => {
  const { tensors } = await readSafetensors(join(fixtures, 'no-metadata.safetensors'));
  const path = join(folder, 'default.safetensors');
  await writeSafetensors(path, tensors);
  expect((await readSafetensors(path)).metadata).toEqual({ format: 'pt' });
  await writeSafetensors(path, new Map());
  expect(await readSafetensors(path)).toEqual({ tensors: new Map(), metadata: { format: 'pt' } });
});

test('a view into a larger array is written, not the array behind it', async () => {
  const arena = Float32Array.of(9, 1, 2, 9);
  const path = join(folder, 'view.safetensors');
  for (const dtype of ['F32', 'F16', 'BF16'] as const) {
    await writeSafetensors(path, new Map([['x', { dtype, shape: [2], data: arena.subarray(1, 3) }]]));
    expect((await readSafetensors(path)).tensors.get('x')?.data).toEqual(Float32Array.of(1, 2));
  }
});

describe('what cannot be stored is refused before anything is written', () => {
  const data = Float32Array.of(1, 2);
  const cases: [string, string, StoredTensor, RegExp][] = [
    ['a shape that disagrees', 'x', { dtype: 'F32', shape: [3], data }, /tensor "x": shape \[3\] asks for 3 values/],
    ['a negative size', 'x', { dtype: 'F32', shape: [-1, -2], data }, /shape \[-1,-2\] must hold integers/],
    ['floats as I64', 'x', { dtype: 'I64', shape: [2], data }, /I64 is stored from a BigInt64Array/],
    ['integers as F16', 'x', { dtype: 'F16', shape: [1], data: BigInt64Array.of(1n) }, /F16 is stored from a Float32/],
    ['the name of the metadata', '__metadata__', { dtype: 'F32', shape: [2], data }, /rename the tensor/],
    ['half a surrogate pair', '\ud800', { dtype: 'F32', shape: [2], data }, /not valid Unicode/],
  ];
  test.each(cases)('%s', async (_, name, tensor, message) => {
    const path = join(folder, 'never', 'refused.safetensors');
    await expect(writeSafetensors(path, new Map([[name, tensor]]))).rejects.toThrow(message);
    expect(await readdir(folder)).not.toContain('never');
  });
});

test('a failed write leaves the old file and nothing else', async () => {
  const inner = await mkdtemp(join(folder, 'failed-'));
  const path = join(inner, 'model.safetensors');
  await writeSafetensors(path, new Map([['x', { dtype: 'F32', shape: [1], data: Float32Array.of(7) }]]));
  const poisoned = {
    dtype: 'F32',
    shape: [1],
    get data(): Float32Array {
      if (new Error().stack?.includes('storedBytes')) throw new Error('out of memory');
      return Float32Array.of(8);
    },
  } as const;
  await expect(writeSafetensors(path, new Map([['x', poisoned]]))).rejects.toThrow('out of memory');
  expect((await readSafetensors(path)).tensors.get('x')?.data).toEqual(Float32Array.of(7));
  expect(await readdir(inner)).toEqual(['model.safetensors']);
});
