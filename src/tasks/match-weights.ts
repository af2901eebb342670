// Which weight of a checkpoint goes where in a model: a strict match, so that nothing is left out or misread in silence.
import { type HostTensor, hostTensor, randomNormal, seedFor, sizeOf, type Weights } from '../engine/index.js';
import type { Checkpoint } from '../hub/checkpoint.js';
import type { Encoder, WeightShapes } from '../models/encoder.js';

export interface WeightMatch {
  readonly encoder: Encoder;
  /** What the task puts on the encoder. */
  readonly head: WeightShapes;
  /** Takes the head from the checkpoint; otherwise it starts anew, whatever the checkpoint has. */
  readonly keepHead: boolean;
  /** Seed of what starts anew. */
  readonly seed: number;
}

/**
 * Takes the model's weights out of a checkpoint, under the names of a model with a head.
 * @param source names the checkpoint in errors
 * @returns the weights, and the names of those that start anew: the head unless kept, and a pooler that was never saved
 * @throws RangeError naming the weights that are missing, left over, or of another shape than config.json says
 */
export function matchWeights(
  checkpoint: Pick<Checkpoint, 'tensors'>,
  source: string,
  { encoder, head, keepHead, seed }: WeightMatch,
): { weights: Weights; newWeights: string[] } {
  const { prefix } = encoder;
  const tensors = new Map([...checkpoint.tensors].map(([name, tensor]) => [currentName(name), tensor]));
  // A bare encoder is saved without the prefix that a model with a head puts before its names.
  const bare = ![...tensors.keys()].some((name) => name.startsWith(prefix));
  const inFile = (name: string) => (bare && name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const wanted = new Map([...encoder.weights, ...head]);
  // Half a pooler is a broken file, not one without.
  const mayLack = (name: string) => encoder.mayLack?.test(name) ?? false;
  const lacksNone = [...wanted.keys()].some((name) => mayLack(name) && tensors.has(inFile(name)));

  const weights: Weights = new Map();
  const missing: string[] = [];
  const newWeights: string[] = [];
  for (const [name, shape] of wanted) {
    const tensor = tensors.get(inFile(name));
    const kept = keepHead || (tensor !== undefined && encoder.head.pretrained?.test(name));
    if ((head.has(name) && !kept) || (mayLack(name) && !lacksNone)) {
      newWeights.push(name);
      weights.set(name, freshWeight(encoder, name, shape, seed));
    } else if (tensor === undefined) {
      missing.push(inFile(name));
    } else if (String(tensor.shape) !== String(shape) || !(tensor.data instanceof Float32Array)) {
      throw new RangeError(
        `${source}: weight "${inFile(name)}" is ${tensor.dtype}[${tensor.shape}], but config.json asks for floats of shape [${shape}].`,
      );
    } else weights.set(name, hostTensor(tensor.data, shape));
  }
  const places = new Set([...wanted.keys()].map(inFile));
  const leftOver = [...tensors.keys()].filter((name) => !places.has(name) && !encoder.notEncoder.test(name));
  if (missing.length > 0)
    throw new RangeError(`${source} lacks ${counted(missing)} that its config.json asks for: ${list(missing)}.`);
  if (leftOver.length > 0)
    throw new RangeError(
      `${source} holds ${counted(leftOver)} that a ${encoder.modelType} of its config.json has no place for: ${list(leftOver)}.`,
    );
  return { weights, newWeights };
}

/** A weight as it starts in an encoder's family, or in the head on it. */
export function freshWeight(encoder: Encoder, name: string, shape: readonly number[], seed: number): HostTensor {
  const { deviation = encoder.initializerRange, cutoff, zeroRow, values } = encoder.start?.(name) ?? {};
  if (values) return hostTensor(values, shape);
  const fresh = startingValue(name, shape, deviation, seed);
  const { data } = fresh;
  if (cutoff !== undefined && shape.length > 1) drawAgain(data as Float32Array, deviation, cutoff, seedFor(seed, name));
  const size = shape.at(-1) as number;
  if (zeroRow !== undefined && zeroRow !== null) data.fill(0, zeroRow * size, (zeroRow + 1) * size);
  return fresh;
}

/** Replaces what lies further from 0 than `cutoff` standard deviations, until nothing does. */
function drawAgain(data: Float32Array, deviation: number, cutoff: number, seed: number): void {
  const beyond = (value: number) => Math.abs(value) > cutoff * deviation;
  let far: number[] = [];
  data.forEach((value, i) => {
    if (beyond(value)) far.push(i);
  });
  for (let round = 1; far.length > 0; round++) {
    const draws = randomNormal([far.length], deviation, seedFor(seed, String(round))).data;
    far.forEach((i, n) => {
      data[i] = draws[n] as number;
    });
    far = far.filter((i) => beyond(data[i] as number));
  }
}

/** Matrices start as small random numbers, biases at 0 and the scales of norms at 1, as in transformers. */
export function startingValue(name: string, shape: readonly number[], standardDeviation: number, seed: number) {
  if (name.endsWith('bias')) return hostTensor(new Float32Array(sizeOf(shape)), shape);
  if (/norm\.weight$/i.test(name)) return hostTensor(new Float32Array(sizeOf(shape)).fill(1), shape);
  return randomNormal(shape, standardDeviation, seedFor(seed, name));
}

/** Checkpoints as old as BERT's first call the scale and shift of a norm gamma and beta, as TensorFlow did. */
const currentName = (name: string): string =>
  name.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias');

const counted = (names: readonly string[]) => (names.length === 1 ? 'a weight' : `${names.length} weights`);

const list = (names: readonly string[]) =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
