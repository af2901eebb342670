// TabNet (Arik, Pfister 2019, https://arxiv.org/abs/1908.07442) as a pure function of its weights, equal to pytorch-tabnet 4.1.0
// and under its names.
//
//   In steps, an attentive transformer chooses features by a sparse mask, a feature transformer makes numbers of what is chosen:
//   half of them (nD) decide, the other half (nA) choose the next mask. What was looked at before is chosen less (gamma).
//
//   x [rows, width] -> batch norm -> for each step:
//     mask = sparsemax(prior * norm(fc(a)))     prior *= gamma - mask     d, a = transformer(mask * x)
//   outputs = final_mapping(sum of relu(d))
import { type HostTensor, hostTensor, randomNormal, seedFor, tf, type Weights } from '../../engine/index.js';
import { batchNorm } from '../../nn/batch-norm.js';
import { categoryEmbeddings } from '../../nn/category-embeddings.js';
import { linear } from '../../nn/linear.js';
import type { Params, Pass } from '../../nn/pass.js';
import { sparsemax } from '../../nn/sparsemax.js';
import type { Start } from './fit-network.js';
import { addNorm } from './mlp-network.js';
import type { TensorRows } from './network-model.js';

/** How one feature goes in: some of the numbers, or the vector of its category. */
export type Input =
  | { readonly kind: 'numeric'; readonly width: number }
  | { readonly kind: 'categorical'; readonly rows: number; readonly width: number };

export interface TabnetShape {
  /** One a feature; each feature has one number in a mask, whatever its width. */
  readonly inputs: readonly Input[];
  readonly outputs: number;
  readonly nD: number;
  readonly nA: number;
  readonly nSteps: number;
  readonly gamma: number;
  readonly nIndependent: number;
  readonly nShared: number;
  readonly virtualBatchSize: number;
  readonly momentum: number;
}

/** Of the norm of what goes in, whatever the others have. */
const initialMomentum = 0.01;
/** Keeps the logarithm of a mask finite. */
const epsilon = 1e-15;
const halfRoot = Math.SQRT1_2;

export const inputWidth = ({ inputs }: Pick<TabnetShape, 'inputs'>): number =>
  inputs.reduce((sum, { width }) => sum + width, 0);

/** Numbers and vectors of categories side by side, in the order of the features: [rows, width]. */
export function embed({ inputs }: TabnetShape, params: Params, { numeric, codes }: TensorRows): tf.Tensor {
  const vectors = codes === undefined ? [] : categoryEmbeddings(params, 'embedder.embeddings', codes);
  const parts: tf.Tensor[] = [];
  let [number, category] = [0, 0];
  inputs.forEach((input, i) => {
    if (input.kind === 'categorical') parts.push(vectors[category++] as tf.Tensor);
    else if (inputs[i - 1]?.kind !== 'numeric') {
      // Numeric features that stand together are one piece.
      const next = inputs.findIndex(({ kind }, j) => j > i && kind !== 'numeric');
      const width = inputs.slice(i, next < 0 ? undefined : next).reduce((sum, one) => sum + one.width, 0);
      parts.push(tf.slice(numeric as tf.Tensor, [0, number], [-1, width]));
      number += width;
    }
  });
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 1);
}

export interface Encoded {
  /** What each step decides: [rows, nD], at least 0. */
  readonly decisions: readonly tf.Tensor[];
  /** The mask of each step over the features: [rows, features], each row sums to 1. */
  readonly masks: readonly tf.Tensor[];
}

/**
 * The steps.
 * @param name 'tabnet.encoder', or 'encoder' in pretraining
 * @param embedded [rows, width]
 * @param prior how much each feature may be chosen at first, [rows, features]; without it all alike
 */
export function encode(
  shape: TabnetShape,
  params: Params,
  name: string,
  embedded: tf.Tensor,
  pass: Pass,
  prior?: tf.Tensor,
): Encoded {
  const { nD, nA, nSteps, gamma, virtualBatchSize, momentum } = shape;
  const x = batchNorm(params, `${name}.initial_bn`, embedded, { momentum: initialMomentum }, pass);
  const shared = `${name}.initial_splitter.shared.shared_layers`;
  const transformed = (step: string, input: tf.Tensor) =>
    featureTransformer(shape, params, `${name}.${step}`, shared, input, pass);
  const attention = (out: tf.Tensor) => tf.slice(out, [0, nD], [-1, nA]);
  const spread = spreading(shape);
  let left = prior;
  let a = attention(transformed('initial_splitter', x));
  const [decisions, masks]: [tf.Tensor[], tf.Tensor[]] = [[], []];
  for (let step = 0; step < nSteps; step++) {
    const at = `${name}.att_transformers.${step}`;
    const scores = batchNorm(
      params,
      `${at}.bn.bn`,
      linear(params, `${at}.fc`, a, {}, false),
      { momentum, virtualBatchSize },
      pass,
    );
    const mask = sparsemax(left === undefined ? scores : tf.mul(scores, left));
    masks.push(mask);
    const more = tf.sub(gamma, mask);
    left = left === undefined ? more : tf.mul(more, left);
    const chosen = tf.mul(spread === undefined ? mask : tf.matMul(mask as tf.Tensor2D, spread), x);
    const out = transformed(`feat_transformers.${step}`, chosen);
    decisions.push(tf.relu(tf.slice(out, [0, 0], [-1, nD])));
    if (step < nSteps - 1) a = attention(out);
  }
  return { decisions, masks };
}

/** [features, width]: each feature's share of the mask in each of its numbers. Undefined where each has one number. */
function spreading({ inputs }: TabnetShape): tf.Tensor2D | undefined {
  if (inputs.every(({ width }) => width === 1)) return undefined;
  return groups(inputs, (width) => 1 / width);
}

/** [features, width]: 1 where a number belongs to a feature. */
export const membership = ({ inputs }: TabnetShape): tf.Tensor2D => groups(inputs, () => 1);

function groups(inputs: readonly Input[], share: (width: number) => number): tf.Tensor2D {
  const total = inputWidth({ inputs });
  const values = new Float32Array(inputs.length * total);
  let from = 0;
  inputs.forEach(({ width }, feature) => {
    values.fill(share(width), feature * total + from, feature * total + from + width);
    from += width;
  });
  return tf.tensor2d(values, [inputs.length, total]);
}

type TransformerShape = Pick<TabnetShape, 'nIndependent' | 'nShared' | 'virtualBatchSize' | 'momentum'>;

/** Gated layers whose matrices all steps share, then layers of its own; from the second on, each adds to what goes in. */
export function featureTransformer(
  { nIndependent, nShared, virtualBatchSize, momentum }: TransformerShape,
  params: Params,
  name: string,
  sharedLayers: string,
  input: tf.Tensor,
  pass: Pass,
): tf.Tensor {
  const layers = [
    ...Array.from({ length: nShared }, (_, i) => [`${sharedLayers}.${i}`, `${name}.shared.glu_layers.${i}`] as const),
    ...Array.from({ length: nIndependent }, (_, i) => {
      const layer = `${name}.specifics.glu_layers.${i}`;
      return [`${layer}.fc`, layer] as const;
    }),
  ];
  let x = input;
  layers.forEach(([fc, layer], i) => {
    const both = batchNorm(
      params,
      `${layer}.bn.bn`,
      linear(params, fc, x, {}, false),
      { momentum, virtualBatchSize },
      pass,
    );
    const [value, gate] = tf.split(both, 2, 1) as [tf.Tensor, tf.Tensor];
    const gated = tf.mul(value, tf.sigmoid(gate));
    x = i === 0 ? gated : tf.mul(tf.add(x, gated), halfRoot);
  });
  return x;
}

/** [rows, outputs] with what the steps did. */
export function tabnetForward(shape: TabnetShape, params: Params, rows: TensorRows, pass: Pass) {
  const encoded = encode(shape, params, 'tabnet.encoder', embed(shape, params, rows), pass);
  const outputs = linear(params, 'tabnet.final_mapping', total(encoded.decisions), {}, false);
  return { outputs, ...encoded };
}

export const total = (tensors: readonly tf.Tensor[]): tf.Tensor => tensors.reduce((sum, next) => tf.add(sum, next));

/** Mean entropy of the masks: small where a step looks at few features. A scalar. */
export function maskEntropy(masks: readonly tf.Tensor[]): tf.Tensor {
  const ofStep = (mask: tf.Tensor) => tf.mean(tf.sum(tf.mul(mask, tf.log(tf.add(mask, epsilon))), 1));
  return tf.mul(total(masks.map(ofStep)), -1 / masks.length);
}

/** Each feature's attention in each row over all steps, by how much the steps decided: [rows, features]. */
export const aggregated = ({ decisions, masks }: Encoded): tf.Tensor =>
  total(masks.map((mask, step) => tf.mul(mask, tf.sum(decisions[step] as tf.Tensor, 1, true))));

/** Weights and statistics of the encoder as pytorch-tabnet draws them. */
export function encoderStart(shape: TabnetShape, name: string, seed: number): Start {
  const start: Start = { weights: new Map(), statistics: new Map() };
  const { weights, statistics } = start;
  let column = 0;
  for (const input of shape.inputs)
    if (input.kind === 'categorical') {
      const table = `embedder.embeddings.${column++}.weight`;
      weights.set(table, randomNormal([input.rows, input.width], 1, seedFor(seed, table)));
    }
  const width = inputWidth(shape);
  const size = shape.nD + shape.nA;
  addNorm(`${name}.initial_bn`, width, weights, statistics);
  const shared = `${name}.initial_splitter.shared.shared_layers`;
  const steps = Array.from({ length: shape.nSteps }, (_, step) => `${name}.feat_transformers.${step}`);
  for (const transformer of [`${name}.initial_splitter`, ...steps])
    addTransformer(shape, transformer, shared, width, size, start, seed);
  for (let step = 0; step < shape.nSteps; step++) {
    const at = `${name}.att_transformers.${step}`;
    addMapping(`${at}.fc`, shape.nA, shape.inputs.length, weights, seed);
    addNorm(`${at}.bn.bn`, shape.inputs.length, weights, statistics);
  }
  return start;
}

/** The weights of a feature transformer; of the shared ones those that are not there yet. */
export function addTransformer(
  { nShared, nIndependent }: TransformerShape,
  name: string,
  sharedLayers: string,
  inputs: number,
  size: number,
  { weights, statistics }: Start,
  seed: number,
): void {
  const gated = (fc: string, layer: string, first: boolean) => {
    const from = first ? inputs : size;
    const deviation = Math.sqrt((from + 2 * size) / Math.sqrt(from)) * Math.sqrt(2 / (from + 2 * size));
    if (!weights.has(`${fc}.weight`))
      weights.set(`${fc}.weight`, randomNormal([2 * size, from], deviation, seedFor(seed, `${fc}.weight`)));
    addNorm(`${layer}.bn.bn`, 2 * size, weights, statistics);
  };
  for (let i = 0; i < nShared; i++) gated(`${sharedLayers}.${i}`, `${name}.shared.glu_layers.${i}`, i === 0);
  for (let i = 0; i < nIndependent; i++) {
    const layer = `${name}.specifics.glu_layers.${i}`;
    gated(`${layer}.fc`, layer, i === 0 && nShared === 0);
  }
}

/** A matrix that no gate follows. */
export function addMapping(name: string, inputs: number, outputs: number, weights: Weights, seed: number): void {
  const gain = Math.sqrt((inputs + outputs) / Math.sqrt(4 * inputs));
  const deviation = gain * Math.sqrt(2 / (inputs + outputs));
  weights.set(`${name}.weight`, randomNormal([outputs, inputs], deviation, seedFor(seed, `${name}.weight`)));
}

export function tabnetStart(shape: TabnetShape, seed: number): Start {
  const start = encoderStart(shape, 'tabnet.encoder', seed);
  addMapping('tabnet.final_mapping', shape.nD, shape.outputs, start.weights, seed);
  return start;
}

/**
 * The weights and statistics that a TabNet of this shape has, out of the state dict of pytorch-tabnet's `network`; what else is
 * in there, other names of the same tensors, is left.
 * @throws Error naming a tensor that is not there or of another shape
 */
export function fromStateDict(shape: TabnetShape, state: ReadonlyMap<string, HostTensor>): Start {
  const pick = (wanted: Weights): Weights =>
    new Map(
      [...wanted].map(([name, { shape: dimensions }]) => {
        const given = state.get(name);
        if (given === undefined) throw new Error(`The state dict has no '${name}'.`);
        if (String(given.shape) !== String(dimensions))
          throw new Error(
            `'${name}' has shape [${given.shape}] in the state dict; these settings ask for [${dimensions}].`,
          );
        return [name, hostTensor(given.data, dimensions)];
      }),
    );
  const { weights, statistics } = tabnetStart(shape, 0);
  return { weights: pick(weights), statistics: pick(statistics) };
}
