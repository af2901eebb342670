import { expect, test } from 'vitest';
import { threadCaps, usable } from '../../../src/kernel/install/threads.js';

const laptop = { processors: 8, available: 8, quota: '' };
const container = { processors: 64, available: 64, quota: '150000 100000\n' };

test('a container’s quota and the processors a process is bound to count, not those the machine has', () => {
  expect(usable(laptop)).toBe(8);
  expect(usable(container)).toBe(2);
  expect(usable({ processors: 64, available: 4, quota: 'max 100000\n' })).toBe(4);
});

test('every library that reads a variable gets the cap', () => {
  expect(threadCaps(3, laptop)).toEqual({
    OMP_NUM_THREADS: '3',
    OPENBLAS_NUM_THREADS: '3',
    MKL_NUM_THREADS: '3',
    TF_NUM_INTRAOP_THREADS: '3',
    TF_NUM_INTEROP_THREADS: '3',
    ORT_INTRA_OP_NUM_THREADS: '3',
  });
});

test('ONNX Runtime keeps its own choice where there is nothing to cap', () => {
  expect(threadCaps(undefined, laptop)).not.toHaveProperty('ORT_INTRA_OP_NUM_THREADS');
  expect(threadCaps(undefined, container)).toMatchObject({ ORT_INTRA_OP_NUM_THREADS: '2', OMP_NUM_THREADS: '2' });
});
