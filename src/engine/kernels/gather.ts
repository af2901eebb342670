// Looking up by index, and the reverse: adding up by index.

import { sizeOf } from '../host-tensor.js';
import { elementType } from '../onnx.js';
import { type TensorInfo, util } from '../tf.js';
import { kernel, type TraceBackend, TraceError } from '../trace.js';

kernel<{ axis: number; batchDims: number }>('GatherV2', ({ x, indices }, { axis, batchDims }, trace) => {
  const [table, index] = [x as TensorInfo, indices as TensorInfo];
  const [dimension] = util.parseAxisParam(axis, table.shape) as [number];
  const shape = [
    ...table.shape.slice(0, dimension),
    ...index.shape.slice(batchDims),
    ...table.shape.slice(dimension + 1),
  ];
  if (!batchDims) return trace.emit('Gather', [table, index], { shape, dtype: table.dtype }, { axis: dimension });
  if (batchDims !== dimension)
    throw new TraceError(
      `tf.gather with batchDims = ${batchDims} and axis = ${dimension} has no ONNX form here; they must be equal. Transpose the axis to place ${batchDims} before.`,
    );
  return gatherNd(trace, table, trace.reshaped(index, [...index.shape, 1]), shape, batchDims);
});

kernel('GatherNd', ({ params, indices }, _, trace) => {
  const [table, index] = [params as TensorInfo, indices as TensorInfo];
  const shape = [...index.shape.slice(0, -1), ...table.shape.slice(index.shape.at(-1))];
  return gatherNd(trace, table, index, shape, 0);
});

function gatherNd(
  trace: TraceBackend,
  table: TensorInfo,
  index: TensorInfo,
  shape: number[],
  batchDims: number,
): TensorInfo {
  const long = trace.graph.node('Cast', [trace.nameOf(index)], { to: elementType.int64 });
  return trace.emit('GatherND', [table, long], { shape, dtype: table.dtype }, { batch_dims: batchDims });
}

/** Zeros of the given shape, with each update added at its index; index has shape [updates, depth]. */
function scatterAdd(trace: TraceBackend, shape: readonly number[], index: TensorInfo, updates: TensorInfo): TensorInfo {
  if (sizeOf(updates.shape) === 0 || sizeOf(shape) === 0) return trace.fill(shape, updates.dtype, 0);
  const zeros = trace.fill(shape, updates.dtype, 0);
  const long = trace.graph.node('Cast', [trace.nameOf(index)], { to: elementType.int64 });
  return trace.emit('ScatterND', [zeros, long, updates], { shape, dtype: updates.dtype }, { reduction: 'add' });
}

kernel<{ shape: number[] }>('ScatterNd', ({ indices, updates }, { shape }, trace) =>
  scatterAdd(trace, shape, indices as TensorInfo, updates as TensorInfo),
);

// The gradient of gather. Rows whose id is no segment are dropped, as TensorFlow drops them; ONNX would count negative
// ids from the end, and refuse large ones.
kernel<{ numSegments: number }>('UnsortedSegmentSum', ({ x, segmentIds }, { numSegments }, trace) => {
  const [rows, ids] = [x as TensorInfo, segmentIds as TensorInfo];
  const shape = [numSegments, ...rows.shape.slice(ids.shape.length)];
  if (sizeOf(rows.shape) === 0 || sizeOf(shape) === 0) return trace.fill(shape, rows.dtype, 0);
  const count = sizeOf(ids.shape);
  const column = trace.reshaped(ids, [count, 1]);
  const flat = trace.reshaped(rows, [count, ...shape.slice(1)]);
  const { graph } = trace;
  const bool = { shape: column.shape, dtype: 'bool' as const };
  const known = trace.emit(
    'And',
    [
      trace.emit('GreaterOrEqual', [column, graph.scalar('int32', 0)], bool),
      trace.emit('Less', [column, graph.scalar('int32', numSegments)], bool),
    ],
    bool,
  );
  const index = trace.emit('Where', [known, column, graph.scalar('int32', 0)], column);
  const mask = trace.reshaped(known, [count, ...shape.slice(1).map(() => 1)]);
  const kept = trace.emit('Where', [mask, flat, graph.scalar(rows.dtype as 'float32', 0)], flat);
  const sum = scatterAdd(trace, shape, index, kept);
  if (rows.dtype === 'float32')
    graph.rowSums.set(trace.nameOf(sum), { rows: trace.nameOf(flat), ids: trace.nameOf(column), count });
  return sum;
});

kernel<{ k: number; sorted: boolean }>('TopK', ({ x }, { k, sorted }, trace) => {
  const input = x as TensorInfo;
  const shape = input.shape.with(-1, k);
  if (sizeOf(shape) === 0) return [trace.fill(shape, input.dtype, 0), trace.fill(shape, 'int32', 0)];
  const inputs = [trace.nameOf(input), trace.graph.ints([k])];
  const [top, places] = trace.graph.nodes('TopK', inputs, { sorted: sorted ? 1 : 0 }, 2) as [string, string];
  return [
    trace.result(top, shape, input.dtype, 'TopK'),
    trace.emit('Cast', [places], { shape, dtype: 'int32' }, { to: elementType.int32 }),
  ];
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
    if (dtype === 'bool') {
      if (Boolean(onValue) === Boolean(offValue)) return trace.fill(shape, 'bool', Number(Boolean(onValue)));
      return onValue ? hit : trace.emit('Not', [hit], hit);
    }
    return trace.emit('Where', [hit, graph.scalar(type, onValue), graph.scalar(type, offValue)], { shape, dtype });
  },
);
