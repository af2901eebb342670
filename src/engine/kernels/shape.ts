// Moving elements about: reshape, transpose, slice, join, split, tile, pad, reverse.

import { sizeOf } from '../host-tensor.js';
import { backend_util, slice_util, type TensorInfo, util } from '../tf.js';
import { kernel, type TraceBackend } from '../trace.js';

kernel<{ shape: number[] }>('Reshape', ({ x }, { shape }, trace) =>
  trace.reshaped(x as TensorInfo, util.inferFromImplicitShape(shape, sizeOf((x as TensorInfo).shape))),
);

kernel<{ dim: number }>('ExpandDims', ({ input }, { dim }, trace) => {
  const x = input as TensorInfo;
  return trace.reshaped(x, x.shape.toSpliced(dim < 0 ? dim + x.shape.length + 1 : dim, 0, 1));
});

kernel<{ perm: number[] }>('Transpose', ({ x }, { perm }, trace) => {
  const input = x as TensorInfo;
  const shape = perm.map((i) => input.shape[i] as number);
  // Moving dimensions of size 1 about moves no element.
  const moved = perm.filter((i) => input.shape[i] !== 1);
  if (moved.every((dimension, i) => i === 0 || (moved[i - 1] as number) < dimension))
    return trace.reshaped(input, shape);
  return trace.emit('Transpose', [input], { shape, dtype: input.dtype }, { perm });
});

kernel<{ begin: number[]; size: number[] }>('Slice', ({ x }, { begin, size }, trace) => {
  const input = x as TensorInfo;
  const [starts, sizes] = slice_util.parseSliceParams(input as never, begin, size) as [number[], number[]];
  slice_util.assertParamsValid(input as never, starts, sizes);
  return slice(trace, input, starts, sizes);
});

function slice(trace: TraceBackend, x: TensorInfo, starts: number[], sizes: number[]): TensorInfo {
  const cut = starts.map((_, axis) => axis).filter((axis) => sizes[axis] !== x.shape[axis]);
  if (cut.length === 0) return trace.reshaped(x, x.shape);
  const ends = cut.map((axis) => (starts[axis] as number) + (sizes[axis] as number));
  const { graph } = trace;
  const begins = graph.ints(cut.map((axis) => starts[axis] as number));
  return trace.emit('Slice', [x, begins, graph.ints(ends), graph.ints(cut)], { shape: sizes, dtype: x.dtype });
}

kernel<{
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}>('StridedSlice', ({ x }, mask, trace) => {
  const input = x as TensorInfo;
  const { finalShape, begin, end, strides } = slice_util.sliceInfo(
    input.shape,
    mask.begin,
    mask.end,
    mask.strides,
    mask.beginMask,
    mask.endMask,
    mask.ellipsisMask,
    mask.newAxisMask,
    mask.shrinkAxisMask,
  );
  if (sizeOf(finalShape) === 0) return trace.fill(finalShape, input.dtype, 0);
  const { graph } = trace;
  // Walking backwards to the very first element ends before it: ONNX spells that as a far negative end.
  const ends = end.map((value, axis) => ((strides[axis] as number) < 0 && value < 0 ? -(2 ** 31) : value));
  const axes = graph.ints(begin.map((_, axis) => axis));
  const inputs = [input, graph.ints(begin), graph.ints(ends), axes, graph.ints(strides)];
  const shape = slice_util.computeOutShape(begin, end, strides);
  return trace.reshaped(trace.emit('Slice', inputs, { shape, dtype: input.dtype }), finalShape);
});

kernel<{ axis: number }>('Concat', (inputs, { axis }, trace) => {
  const all = Object.values(inputs);
  const [dimension] = util.parseAxisParam(axis, (all[0] as TensorInfo).shape) as [number];
  backend_util.assertParamsConsistent(
    all.map((part) => part.shape),
    dimension,
  );
  const parts = all.filter((part) => sizeOf(part.shape) > 0);
  const first = all[0] as TensorInfo;
  const shape = first.shape.with(
    dimension,
    all.reduce((sum, part) => sum + (part.shape[dimension] as number), 0),
  );
  if (parts.length === 1) return trace.reshaped(parts[0] as TensorInfo, shape);
  return trace.emit('Concat', parts, { shape, dtype: first.dtype }, { axis: dimension });
});

kernel<{ axis: number }>('Pack', (inputs, { axis }, trace) => {
  const parts = Object.values(inputs);
  const first = parts[0] as TensorInfo;
  for (const part of parts)
    util.assertShapesMatch(first.shape, part.shape, 'Tensors to stack must have equal shapes: ');
  const dimension = axis < 0 ? axis + first.shape.length + 1 : axis;
  const expanded = parts.map((part) => trace.reshaped(part, part.shape.toSpliced(dimension, 0, 1)));
  if (expanded.length === 1) return expanded[0] as TensorInfo;
  const shape = first.shape.toSpliced(dimension, 0, parts.length);
  return trace.emit('Concat', expanded, { shape, dtype: first.dtype }, { axis: dimension });
});

kernel<{ axis: number }>('Unpack', ({ value }, { axis }, trace) => {
  const x = value as TensorInfo;
  const [dimension] = util.parseAxisParam(axis, x.shape) as [number];
  return Array.from({ length: x.shape[dimension] as number }, (_, i) => {
    const starts = x.shape.map((__, d) => (d === dimension ? i : 0));
    return trace.reshaped(slice(trace, x, starts, x.shape.with(dimension, 1)), x.shape.toSpliced(dimension, 1));
  });
});

kernel<{ numOrSizeSplits: number | number[]; axis: number }>('SplitV', ({ x }, { numOrSizeSplits, axis }, trace) => {
  const input = x as TensorInfo;
  const [dimension] = util.parseAxisParam(axis, input.shape) as [number];
  // The list is copied because TensorFlow.js writes the size it works out into it.
  const listed = typeof numOrSizeSplits === 'number' ? numOrSizeSplits : [...numOrSizeSplits];
  let start = 0;
  return backend_util.prepareSplitSize(input as never, listed, dimension).map((size) => {
    const starts = input.shape.map((_, d) => (d === dimension ? start : 0));
    start += size;
    return slice(trace, input, starts, input.shape.with(dimension, size));
  });
});

kernel<{ reps: number[] }>('Tile', ({ x }, { reps }, trace) => {
  const input = x as TensorInfo;
  const shape = input.shape.map((size, axis) => size * (reps[axis] as number));
  const uniform = trace.uniformOf(input);
  if (uniform !== undefined) return trace.fill(shape, input.dtype, uniform);
  if (reps.every((times) => times === 1)) return trace.reshaped(input, shape);
  return trace.emit('Tile', [input, trace.graph.ints(reps)], { shape, dtype: input.dtype });
});

kernel<{ paddings: [number, number][]; constantValue: number }>(
  'PadV2',
  ({ x }, { paddings, constantValue }, trace) => {
    const input = x as TensorInfo;
    const shape = input.shape.map((size, axis) => size + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
    if (sizeOf(input.shape) === 0) return trace.fill(shape, input.dtype, constantValue);
    const amounts = trace.graph.ints([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
    const value = trace.graph.scalar(input.dtype as 'float32', constantValue);
    return trace.emit('Pad', [input, amounts, value], { shape, dtype: input.dtype });
  },
);

kernel<{ dims: number[] }>('Reverse', ({ x }, { dims }, trace) => {
  const input = x as TensorInfo;
  const axes = util.parseAxisParam(dims, input.shape).filter((axis) => (input.shape[axis] as number) > 1);
  if (axes.length === 0) return trace.reshaped(input, input.shape);
  const all = (value: number) => trace.graph.ints(axes.map(() => value));
  return trace.emit('Slice', [input, all(-1), all(-(2 ** 31)), trace.graph.ints(axes), all(-1)], input);
});
