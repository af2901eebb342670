// Matrix products. A plain two-dimensional product becomes Gemm, which takes transposed operands and a bias as they are;
// a batch of them, or one of whole numbers, becomes MatMul, into which ONNX Runtime folds the transposes.

import { sizeOf } from '../host-tensor.js';
import { backend_util, getKernel, type TensorInfo, util } from '../tf.js';
import { kernel, type TraceBackend, TraceError, traceBackendName } from '../trace.js';

interface Transposes {
  transposeA: boolean;
  transposeB: boolean;
}

kernel<Transposes>('BatchMatMul', ({ a, b }, transposes, trace) =>
  product(trace, a as TensorInfo, b as TensorInfo, transposes),
);

interface Fused extends Transposes {
  activation?: string;
  leakyreluAlpha?: number;
}

kernel<Fused>('_FusedMatMul', ({ a, b, bias, preluActivationWeights }, attributes, trace) => {
  const { activation = 'linear', leakyreluAlpha, ...transposes } = attributes;
  const result = product(trace, a as TensorInfo, b as TensorInfo, transposes, bias);
  if (activation === 'linear') return result;
  const activations: Record<string, string> = {
    relu: 'Relu',
    relu6: 'Relu6',
    elu: 'Elu',
    sigmoid: 'Sigmoid',
    leakyrelu: 'LeakyRelu',
    prelu: 'Prelu',
  };
  const writer = getKernel(activations[activation] ?? '', traceBackendName);
  if (writer === undefined)
    throw new TraceError(
      `tf.fused.matMul with activation "${activation}" has no ONNX form here. Call tf.fused.matMul without it and apply the activation to the result.`,
    );
  const inputs = preluActivationWeights ? { x: result, alpha: preluActivationWeights } : { x: result };
  return writer.kernelFunc({ inputs, attrs: { alpha: leakyreluAlpha ?? 0 }, backend: trace }) as TensorInfo;
});

function product(
  trace: TraceBackend,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: Transposes,
  bias?: TensorInfo,
): TensorInfo {
  const [rows, inner] = transposeA ? [a.shape.at(-1), a.shape.at(-2)] : [a.shape.at(-2), a.shape.at(-1)];
  const innerOfB = b.shape.at(transposeB ? -1 : -2);
  util.assert(
    inner === innerOfB,
    () =>
      `The inner dimensions of a matrix product must be equal; got ${inner} of [${a.shape}]${transposeA ? ' transposed' : ''} and ${innerOfB} of [${b.shape}]${transposeB ? ' transposed' : ''}.`,
  );
  const columns = transposeB ? b.shape.at(-2) : b.shape.at(-1);
  const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const { dtype } = a;
  const shape = [...batch, rows as number, columns as number];
  if (inner === 0 || sizeOf(shape) === 0)
    return bias && sizeOf(shape) > 0
      ? trace.emit('Expand', [bias, trace.graph.ints(shape)], { shape, dtype })
      : trace.fill(shape, dtype, 0);

  const isMatrix = (x: TensorInfo) => sizeOf(x.shape.slice(0, -2)) === 1;
  if (dtype === 'float32' && isMatrix(a) && isMatrix(b)) {
    const flat = [a, b].map((x) => (x.shape.length === 2 ? x : trace.reshaped(x, x.shape.slice(-2))));
    const gemm = trace.emit(
      'Gemm',
      bias ? [...flat, bias] : flat,
      { shape: shape.slice(-2), dtype },
      { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 },
    );
    return shape.length === 2 ? gemm : trace.reshaped(gemm, shape);
  }
  const swap = (x: TensorInfo): TensorInfo => {
    const perm = x.shape.map((_, i) => i);
    [perm[perm.length - 2], perm[perm.length - 1]] = [perm.length - 1, perm.length - 2];
    return trace.emit('Transpose', [x], { shape: perm.map((i) => x.shape[i] as number), dtype: x.dtype }, { perm });
  };
  const result = trace.emit('MatMul', [transposeA ? swap(a) : a, transposeB ? swap(b) : b], {
    shape,
    dtype,
  });
  return bias ? trace.emit('Add', [result, bias], { shape, dtype }) : result;
}
