// Tensors made from nothing. They are constants of the graph, and cost nothing where all elements are equal.
import { type TensorInfo, util } from '../tf.js';
import { kernel } from '../trace.js';

kernel<{ shape: number[]; value: number; dtype?: 'float32' | 'int32' | 'bool' }>(
  'Fill',
  (_, { shape, value, dtype }, trace) => trace.fill(shape, dtype ?? 'float32', value),
);

kernel('ZerosLike', ({ x }, _, trace) => trace.fill((x as TensorInfo).shape, (x as TensorInfo).dtype, 0));
kernel('OnesLike', ({ x }, _, trace) => trace.fill((x as TensorInfo).shape, (x as TensorInfo).dtype, 1));

kernel<{ start: number; stop: number; step: number; dtype: 'float32' | 'int32' }>(
  'Range',
  (_, { start, stop, step, dtype }, trace) => {
    const count = Math.max(0, Math.ceil((stop - start) / step));
    const values = util.getTypedArrayFromDType(dtype, count) as Float32Array | Int32Array;
    for (let i = 0; i < count; i++) values[i] = start + i * step;
    return trace.constant(values, [count], dtype);
  },
);

kernel<{ start: number; stop: number; num: number }>('LinSpace', (_, { start, stop, num }, trace) => {
  const step = num > 1 ? (stop - start) / (num - 1) : 0;
  return trace.constant(
    Float32Array.from({ length: num }, (__, i) => start + i * step),
    [num],
    'float32',
  );
});
