// Reductions over axes, and running sums. Negative axes count from the last; no elements give the neutral element.

import { sizeOf } from '../host-tensor.js';
import { elementType } from '../onnx.js';
import { backend_util, type TensorInfo, util } from '../tf.js';
import { kernel, type TraceBackend } from '../trace.js';
import { castTo } from './elementwise.js';

type Axes = number | number[];

/** The shape left over when `axes` are reduced. */
function reducedShape(shape: number[], axes: number[], keepDims: boolean): number[] {
  const [out] = backend_util.computeOutAndReduceShapes(shape, axes);
  return keepDims ? backend_util.expandShapeToKeepDim(out as number[], axes) : (out as number[]);
}

function reduce(
  trace: TraceBackend,
  op: string,
  x: TensorInfo,
  axis: Axes,
  keepDims: boolean,
  ofNothing: number,
): TensorInfo {
  const axes = util.parseAxisParam(axis, x.shape);
  const like = { shape: reducedShape(x.shape, axes, keepDims), dtype: x.dtype };
  if (sizeOf(x.shape) === 0) return trace.fill(like.shape, x.dtype, ofNothing);
  if (axes.every((a) => x.shape[a] === 1)) return trace.reshaped(x, like.shape);
  return trace.emit(op, [x, trace.graph.ints(axes)], like, { keepdims: keepDims ? 1 : 0 });
}

/** Truths count as 0 and 1. */
const ofNumbers = (trace: TraceBackend, x: TensorInfo | undefined): TensorInfo =>
  x?.dtype === 'bool' ? castTo(trace, x, 'int32') : (x as TensorInfo);

kernel<{ axis: Axes; keepDims: boolean }>('Sum', ({ x }, { axis, keepDims }, trace) =>
  reduce(trace, 'ReduceSum', ofNumbers(trace, x), axis, keepDims, 0),
);

kernel<{ axis: Axes; keepDims: boolean }>('Mean', ({ x }, { axis, keepDims }, trace) =>
  reduce(trace, 'ReduceMean', castTo(trace, x as TensorInfo, 'float32'), axis, keepDims, Number.NaN),
);

kernel<{ axis: Axes; keepDims: boolean }>('Prod', ({ x }, { axis, keepDims }, trace) =>
  reduce(trace, 'ReduceProd', ofNumbers(trace, x), axis, keepDims, 1),
);

// The least and greatest whole numbers stand for the infinities they have not.
const extreme = (kernelName: string, op: string, ofNothing: { float: number; int: number }): void =>
  kernel<{ axis?: Axes; reductionIndices?: Axes; keepDims: boolean }>(kernelName, ({ x }, attributes, trace) => {
    const input = x as TensorInfo;
    const axis = (attributes.reductionIndices ?? attributes.axis) as Axes;
    if (input.dtype !== 'float32') return reduce(trace, op, input, axis, attributes.keepDims, ofNothing.int);
    const result = reduce(trace, op, input, axis, attributes.keepDims, ofNothing.float);
    if (sizeOf(input.shape) === 0) return result;
    // ONNX Runtime passes NaN over or on, as its place happens to be; one NaN should show.
    const isNan = trace.emit('IsNaN', [input], { shape: input.shape, dtype: 'bool' });
    const anyNan = castTo(
      trace,
      reduce(trace, 'ReduceMax', castTo(trace, isNan, 'int32'), axis, attributes.keepDims, 0),
      'bool',
    );
    return trace.emit('Where', [anyNan, trace.graph.scalar('float32', Number.NaN), result], result);
  });
extreme('Max', 'ReduceMax', { float: Number.NEGATIVE_INFINITY, int: -(2 ** 31) });
extreme('Min', 'ReduceMin', { float: Number.POSITIVE_INFINITY, int: 2 ** 31 - 1 });

// ONNX reduces numbers only.
const logical = (kernelName: string, op: string, ofNothing: number): void =>
  kernel<{ axis: Axes; keepDims: boolean }>(kernelName, ({ x }, { axis, keepDims }, trace) =>
    castTo(trace, reduce(trace, op, castTo(trace, x as TensorInfo, 'int32'), axis, keepDims, ofNothing), 'bool'),
  );
logical('All', 'ReduceMin', 1);
logical('Any', 'ReduceMax', 0);

const arg = (kernelName: string): void =>
  kernel<{ axis: number }>(kernelName, ({ x }, { axis }, trace) => {
    const input = ofNumbers(trace, x);
    const [dimension] = util.parseAxisParam(axis, input.shape) as [number];
    const shape = reducedShape(input.shape, [dimension], false);
    if (sizeOf(shape) === 0 || sizeOf(input.shape) === 0) return trace.fill(shape, 'int32', 0);
    const index = trace.graph.node(kernelName, [trace.nameOf(input)], { axis: dimension, keepdims: 0 });
    return trace.result(trace.graph.node('Cast', [index], { to: elementType.int32 }), shape, 'int32', kernelName);
  });
arg('ArgMax');
arg('ArgMin');

kernel<{ axis: number; exclusive: boolean; reverse: boolean }>(
  'Cumsum',
  ({ x }, { axis, exclusive, reverse }, trace) => {
    const input = ofNumbers(trace, x);
    const [dimension] = util.parseAxisParam(axis, input.shape) as [number];
    return trace.emit('CumSum', [input, trace.graph.scalar('int64', dimension)], input, {
      exclusive: exclusive ? 1 : 0,
      reverse: reverse ? 1 : 0,
    });
  },
);

// ONNX has no running product: each round multiplies by what lies 1, 2, 4, ... places before, so that n rounds cover 2^n.
kernel<{ axis: number; exclusive: boolean; reverse: boolean }>(
  'Cumprod',
  ({ x }, { axis, exclusive, reverse }, trace) => {
    const input = ofNumbers(trace, x);
    const [dimension] = util.parseAxisParam(axis, input.shape) as [number];
    const length = input.shape[dimension] as number;
    if (sizeOf(input.shape) === 0) return trace.fill(input.shape, input.dtype, 1);
    const { graph } = trace;
    const shifted = (tensor: TensorInfo, places: number): TensorInfo => {
      const ones = trace.fill(input.shape.with(dimension, Math.min(places, length)), input.dtype, 1);
      if (places >= length) return ones;
      const [from, to] = reverse ? [places, length] : [0, length - places];
      const kept = trace.emit('Slice', [tensor, graph.ints([from]), graph.ints([to]), graph.ints([dimension])], {
        shape: input.shape.with(dimension, length - places),
        dtype: input.dtype,
      });
      return trace.emit('Concat', reverse ? [kept, ones] : [ones, kept], input, { axis: dimension });
    };
    let product = exclusive ? shifted(input, 1) : input;
    for (let places = 1; places < length; places *= 2)
      product = trace.emit('Mul', [product, shifted(product, places)], input);
    return product;
  },
);
