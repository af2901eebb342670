// Random starting values for weights, the same for the same seed on every machine.
import { type HostTensor, hostTensor, sizeOf } from './host-tensor.js';
import { mix } from './ops/dropout.js';

/** A uniform number in (0, 1] for the n-th draw of a seed; counter-based, so that nothing has to be carried along. */
const uniform = (seed: number, n: number): number =>
  ((mix(mix(seed) + Math.imul(n + 1, 0x9e3779b9)) >>> 0) + 1) / 2 ** 32;

/** A float32 tensor drawn from a normal distribution with mean 0 (Box, Muller 1958). */
export function randomNormal(shape: readonly number[], standardDeviation: number, seed: number): HostTensor {
  const data = new Float32Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    const radius = Math.sqrt(-2 * Math.log(uniform(seed, 2 * i)));
    data[i] = standardDeviation * radius * Math.cos(2 * Math.PI * uniform(seed, 2 * i + 1));
  }
  return hostTensor(data, shape);
}

/** A float32 tensor drawn evenly from -bound to bound. */
export function randomUniform(shape: readonly number[], bound: number, seed: number): HostTensor {
  return hostTensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => bound * (2 * uniform(seed, i) - 1)),
    shape,
  );
}

/** A seed of its own for each name (FNV-1a of the name, mixed with the seed). */
export function seedFor(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  return mix(hash ^ mix(seed));
}
