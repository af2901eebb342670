// Reads test/fixtures, which Python wrote (test/python/references says what each tensor is), and measures distances from it.
//
//   const expected = await references('tiny-bert/expected.safetensors');
//   expect(largestError(logits, expected.get('logits'))).toBeLessThan(1e-5);
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { type HostTensor, hostTensor } from '../src/engine/index.js';
import { readSafetensors, type StoredTensor } from '../src/hub/safetensors.js';

/** The path of a file or folder in test/fixtures. */
export const fixture = (path: string): string => fileURLToPath(new URL(`./fixtures/${path}`, import.meta.url));

export const fixtureJson = (path: string): unknown => JSON.parse(readFileSync(fixture(path), 'utf8'));

/** The tensors of one file by name, whole numbers as int32. `get` throws where there is no such tensor. */
export async function references(path: string): Promise<{ names: string[]; get(name: string): HostTensor }> {
  const { tensors } = await readSafetensors(fixture(path));
  return {
    names: [...tensors.keys()],
    get(name) {
      const stored = tensors.get(name);
      if (stored === undefined) throw new RangeError(`${path} has no tensor "${name}"; it has ${[...tensors.keys()]}`);
      return toHost(stored);
    },
  };
}

export const toHost = ({ data, shape }: StoredTensor): HostTensor =>
  hostTensor(data instanceof Float32Array ? data : Int32Array.from(data, Number), shape);

/** One of the tensors stacked along the first axis. */
export function slice({ data, shape }: HostTensor, index: number): HostTensor {
  const rest = shape.slice(1);
  const size = data.length / (shape[0] as number);
  return hostTensor(data.slice(index * size, (index + 1) * size), rest);
}

/** The largest absolute difference of two tensors with as many elements; NaN where either has one. */
export function largestError(actual: { data: ArrayLike<number> }, expected: { data: ArrayLike<number> }): number {
  expect(actual.data.length).toBe(expected.data.length);
  let largest = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const error = Math.abs((actual.data[i] as number) - (expected.data[i] as number));
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

/** A folder of its own for one test, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'model-types-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
