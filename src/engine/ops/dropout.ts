// Dropout (Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html), drawn inside the graph from a seed that
// is an input of each step: the same seed gives the same mask, on every machine, in a resumed run as in an unbroken one.
//
// Element (row, column) of a mask is kept where the fraction of a[row] * b[column] is at least the rate. a is hashed from
// the seed in each step, b from the place of the layer while tracing. Both are random numbers with 23 bits, and a is about
// a thousand: so the fraction is uniform and, across rows or columns, independent. It takes four passes over the mask where
// a hash of each element would take a dozen.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { elementType } from '../onnx.js';
import * as tf from '../tf.js';
import { kernel, type TraceBackend } from '../trace.js';

const operator = 'DropoutMask';
const golden = 0x9e3779b9;

/** The finaliser of MurmurHash3: each bit of the result depends on each bit of `h`. */
export function mix(h: number): number {
  let x = h | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** A float in [1, 2) from the upper 23 bits of a hash. */
const unit = (h: number): number => 1 + (h >>> 9) / 2 ** 23;

const columnFactors = (columns: number, stream: number): Float32Array =>
  Float32Array.from({ length: columns }, (_, c) => unit(mix(mix(stream + golden) + Math.imul(c + 1, golden))));

const rowOffsets = (rows: number, stream: number): Int32Array =>
  Int32Array.from({ length: rows }, (_, r) => mix(Math.imul(stream + 1, 0x85ebca77)) + Math.imul(r + 1, golden));

interface MaskAttributes {
  readonly shape: readonly number[];
  readonly rate: number;
  readonly stream: number;
}

const rowsAndColumns = (shape: readonly number[]): [number, number] => {
  const columns = shape.at(-1) ?? 1;
  return [columns === 0 ? 0 : tf.util.sizeFromShape([...shape]) / columns, columns];
};

kernel<MaskAttributes>(operator, ({ seed }, { shape, rate, stream }, trace) => {
  const [rows, columns] = rowsAndColumns(shape);
  if (rows * columns === 0) return trace.fill(shape, 'float32', 0);
  const { graph } = trace;
  const offsets = graph.constant('int32', rowOffsets(rows, stream), [rows, 1]);
  const hashed = mixNodes(trace, graph.node('Add', [trace.nameOf(seed as TensorInfo), offsets]));
  const upper = graph.node('Cast', [shift(trace, hashed, 9)], { to: elementType.float32 });
  const scaled = graph.node('Mul', [upper, graph.scalar('float32', 2 ** -13)]);
  const a = graph.node('Add', [scaled, graph.scalar('float32', 1024)]);
  const b = graph.constant('float32', columnFactors(columns, stream), [1, columns]);
  const product = graph.node('Mul', [a, b]);
  const fraction = graph.node('Sub', [product, graph.node('Floor', [product])]);
  const keep = graph.node('GreaterOrEqual', [fraction, graph.scalar('float32', rate)]);
  const mask = graph.node('Where', [keep, graph.scalar('float32', 1 / (1 - rate)), graph.scalar('float32', 0)]);
  return trace.reshaped(trace.result(mask, [rows, columns], 'float32', operator), shape);
});

const shift = ({ graph }: TraceBackend, x: string, bits: number): string =>
  graph.node('BitShift', [x, graph.scalar('uint32', bits)], { direction: 'RIGHT' });

/** `mix` as nodes, on int32 in and uint32 out: ONNX multiplies signed numbers and shifts unsigned ones. */
function mixNodes(trace: TraceBackend, h: string): string {
  const { graph } = trace;
  const unsigned = (x: string) => graph.node('Cast', [x], { to: elementType.uint32 });
  const times = (x: string, factor: number) =>
    unsigned(
      graph.node('Mul', [graph.node('Cast', [x], { to: elementType.int32 }), graph.scalar('int32', factor | 0)]),
    );
  const xorShift = (x: string, bits: number) => graph.node('BitwiseXor', [x, shift(trace, x, bits)]);
  return xorShift(times(xorShift(times(xorShift(unsigned(h), 16), 0x85ebca6b), 13), 0xc2b2ae35), 16);
}

tf.registerEagerKernel(operator, ({ inputs, attrs }) => {
  const { shape, rate, stream } = attrs as unknown as MaskAttributes;
  const [rows, columns] = rowsAndColumns(shape);
  const seed = (inputs.seed as tf.Tensor).dataSync()[0] as number;
  const b = columnFactors(columns, stream);
  const values = new Float32Array(rows * columns);
  rowOffsets(rows, stream).forEach((offset, r) => {
    const a = Math.fround((mix((seed + offset) | 0) >>> 9) * 2 ** -13 + 1024);
    for (let c = 0; c < columns; c++) {
      const product = Math.fround(a * (b[c] as number));
      values[r * columns + c] = product - Math.floor(product) >= Math.fround(rate) ? 1 / (1 - rate) : 0;
    }
  });
  return tf.tensor(values, [...shape], 'float32');
});

/** Where a forward pass draws its random numbers from: one seed for the step, one stream for each place in the model. */
export class DropoutSource {
  #streams = 0;

  /** @param seed int32 scalar, an input of the step */
  constructor(readonly seed: tf.Tensor) {}

  /** Zeroes each element of `x` (any shape) with probability `rate` in [0, 1) and scales the others by 1 / (1 - rate). */
  drop(x: tf.Tensor, rate: number): tf.Tensor {
    if (!(rate >= 0 && rate < 1)) throw new RangeError(`A dropout rate is at least 0 and below 1; got ${rate}.`);
    const stream = this.#streams++;
    if (rate === 0) return x;
    const attributes = { shape: x.shape, rate, stream };
    const mask = tf.engine().runKernel(operator, { seed: this.seed }, attributes as unknown as tf.NamedAttrMap);
    return tf.mul(x, mask as tf.Tensor);
  }
}
