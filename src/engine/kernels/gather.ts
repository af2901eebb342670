// Looking rows up by index, and the reverse: adding rows up by index.

import { sizeOf } from '../host-tensor.js';
import { elementType } from '../onnx.js';
import { type TensorInfo, util } from '../tf.js';
import { kernel, TraceError } from '../trace.js';

kernel<{ axis: number; batchDims: number }>('GatherV2', ({ x, indices }, { axis, batchDims }, trace) => {
  const [table, index] = [x as TensorInfo, indices as TensorInfo];
  const [dimension] = util.parseAxisParam(axis, table.shape) as [number];
  if (batchDims)
    throw new TraceError(
      `tf.gather with batchDims = ${batchDims} has no ONNX form here. Flatten the batch into one axis and add each row's offset to the indices.`,
    );
  const shape = [...table.shape.slice(0, dimension), ...index.shape, ...table.shape.slice(dimension + 1)];
  return trace.emit('Gather', [table, index], { shape, dtype: table.dtype }, { axis: dimension });
});

// The gradient of gather. Rows with a negative index are dropped, as TensorFlow.js drops them.
kernel<{ numSegments: number }>('UnsortedSegmentSum', ({ x, segmentIds }, { numSegments }, trace) => {
  const [rows, ids] = [x as TensorInfo, segmentIds as TensorInfo];
  const shape = [numSegments, ...rows.shape.slice(ids.shape.length)];
  if (sizeOf(rows.shape) === 0 || sizeOf(shape) === 0) return trace.fill(shape, rows.dtype, 0);
  const { graph } = trace;
  const count = sizeOf(ids.shape);
  const zeros = trace.nameOf(trace.fill(shape, rows.dtype, 0));
  const index = graph.node('Cast', [trace.nameOf(trace.reshaped(ids, [count, 1]))], { to: elementType.int64 });
  const flat = trace.nameOf(trace.reshaped(rows, [count, ...shape.slice(1)]));
  return trace.result(
    graph.node('ScatterND', [zeros, index, flat], { reduction: 'add' }),
    shape,
    rows.dtype,
    'UnsortedSegmentSum',
  );
});

kernel<{ depth: number; onValue: number; offValue: number; dtype: 'float32' | 'int32' | 'bool' }>(
  'OneHot',
  ({ indices }, { depth, onValue, offValue, dtype }, trace) => {
    const index = indices as TensorInfo;
    const { graph } = trace;
    const type = dtype === 'float32' ? 'float32' : 'int32';
    // ONNX's OneHot counts negative indices from the end; here they select nothing, so indices are compared with a ramp.
    const column = trace.reshaped(index, [...index.shape, 1]);
    const ramp = graph.constant(
      'int32',
      Array.from({ length: depth }, (_, i) => i),
      [depth],
    );
    const shape = [...index.shape, depth];
    const hit = trace.emit('Equal', [column, ramp], { shape, dtype: 'bool' });
    if (dtype === 'bool') return hit;
    return trace.emit('Where', [hit, graph.scalar(type, onValue), graph.scalar(type, offValue)], { shape, dtype });
  },
);
