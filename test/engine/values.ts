// Inputs for tests of the engine: small tensors of every type, drawn from a fixed seed, or spelled out.
//
//   floats([2, 3])              six floats between -2 and 2, the same on every run
//   floats([4], 0.1, 3)         positive ones
//   values([NaN, -0, 1])        float32 of shape [3]
//   ints([2, 2], 0, 5)          whole numbers from 0 to 4
import { type HostTensor, hostTensor, sizeOf } from '../../src/engine/host-tensor.js';

/** A generator of numbers in [0, 1) that depends on nothing but its seed (mulberry32, by Tommy Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

const drawn = (shape: readonly number[], low: number, high: number, seed: number): number[] => {
  const random = randomFrom(seed + shape.length * 1000 + sizeOf(shape));
  return Array.from({ length: sizeOf(shape) }, () => low + (high - low) * random());
};

/** Floats drawn evenly from [low, high), kept 0.05 away from 0, where much of what we differentiate has a kink. */
export const floats = (shape: readonly number[], low = -2, high = 2, seed = 1): HostTensor =>
  hostTensor(
    Float32Array.from(drawn(shape, low, high, seed), (value) => (Math.abs(value) < 0.05 ? value + 0.1 : value)),
    shape,
  );

/** Whole numbers drawn evenly from low to high - 1. */
export const ints = (shape: readonly number[], low = -3, high = 4, seed = 2): HostTensor =>
  hostTensor(Int32Array.from(drawn(shape, low, high, seed), Math.floor), shape);

export const bools = (shape: readonly number[], seed = 3): HostTensor =>
  hostTensor(
    Uint8Array.from(drawn(shape, 0, 1, seed), (value) => Number(value < 0.5)),
    shape,
  );

/** The given floats; a list without a shape is a vector. */
export const values = (list: readonly number[], shape: readonly number[] = [list.length]): HostTensor =>
  hostTensor(Float32Array.from(list), shape);

export const wholes = (list: readonly number[], shape: readonly number[] = [list.length]): HostTensor =>
  hostTensor(Int32Array.from(list), shape);

export const truths = (list: readonly number[], shape: readonly number[] = [list.length]): HostTensor =>
  hostTensor(Uint8Array.from(list), shape);
