// Element-wise arithmetic: one ONNX operator, or a few, for each TensorFlow.js kernel. Binary kernels broadcast as NumPy does.

import { sizeOf } from '../host-tensor.js';
import { elementType } from '../onnx.js';
import { backend_util, type TensorInfo } from '../tf.js';
import { kernel, type TraceBackend, TraceError } from '../trace.js';

const broadcast = (a: TensorInfo, b: TensorInfo): number[] => backend_util.assertAndGetBroadcastShape(a.shape, b.shape);

/** A float or integer scalar in the type of `like`, as an operand. */
const scalar = (trace: TraceBackend, like: TensorInfo, value: number): string =>
  trace.graph.scalar(like.dtype === 'int32' ? 'int32' : 'float32', value);

// A constant whose elements are all equal need not be spread out: operators broadcast a scalar.
const operand = (trace: TraceBackend, x: TensorInfo, other: TensorInfo, shape: number[]): TensorInfo | string => {
  const value = trace.uniformOf(x);
  const otherFills = trace.uniformOf(other) === undefined && sameShape(other.shape, shape);
  return value !== undefined && otherFills && x.dtype !== 'bool' ? trace.graph.scalar(x.dtype as 'float32', value) : x;
};

const bool = (x: TensorInfo) => ({ shape: x.shape, dtype: 'bool' as const });

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((dimension, i) => dimension === b[i]);

/** Writes `op(a, b)`, or `a` or `b` itself where the other is the neutral element (gradients are full of x * 1 and x + 0). */
function binary(kernelName: string, op: string, neutral: { left?: number; right?: number } = {}): void {
  kernel(kernelName, ({ a, b }, _, trace) => {
    const [x, y] = [a as TensorInfo, b as TensorInfo];
    const shape = broadcast(x, y);
    if (x.dtype === 'bool') return ofTruths(trace, kernelName, x, y, shape);
    if (sizeOf(shape) > 0) {
      if (neutral.right !== undefined && trace.uniformOf(y) === neutral.right && sameShape(x.shape, shape)) return x;
      if (neutral.left !== undefined && trace.uniformOf(x) === neutral.left && sameShape(y.shape, shape)) return y;
    }
    return trace.emit(op, [operand(trace, x, y, shape), operand(trace, y, x, shape)], { shape, dtype: x.dtype });
  });
}

// Sums and powers of truths leave the range of a truth; their product, smallest and largest are "and" and "or".
function ofTruths(trace: TraceBackend, kernelName: string, x: TensorInfo, y: TensorInfo, shape: number[]): TensorInfo {
  const op = { Multiply: 'And', Minimum: 'And', Maximum: 'Or' }[kernelName];
  if (op === undefined)
    throw new TraceError(`${kernelName} of two bool tensors has no ONNX form. Cast them to int32 or float32 before.`);
  return trace.emit(op, [x, y], { shape, dtype: 'bool' });
}

binary('Add', 'Add', { left: 0, right: 0 });
binary('Sub', 'Sub', { right: 0 });
binary('Multiply', 'Mul', { left: 1, right: 1 });
binary('RealDiv', 'Div', { right: 1 });
binary('Maximum', 'Max');
binary('Minimum', 'Min');
binary('Pow', 'Pow', { right: 1 });

kernel('SquaredDifference', ({ a, b }, _, trace) => {
  const like = { shape: broadcast(a as TensorInfo, b as TensorInfo), dtype: (a as TensorInfo).dtype };
  const difference = trace.emit('Sub', [a as TensorInfo, b as TensorInfo], like);
  return trace.emit('Mul', [difference, difference], like);
});

// Whole whatever the operands are, as the cpu backend has it. ONNX cuts whole quotients towards zero, so the remainder
// goes first; a detour through floats would lose digits beyond 2^24.
kernel('FloorDiv', ({ a, b }, _, trace) => {
  const [x, y] = [a as TensorInfo, b as TensorInfo];
  const like = { shape: broadcast(x, y), dtype: x.dtype };
  if (x.dtype !== 'int32') return castTo(trace, trace.emit('Floor', [trace.emit('Div', [x, y], like)], like), 'int32');
  const multiple = trace.emit('Sub', [x, trace.emit('Mod', [x, y], like)], like);
  return trace.emit('Div', [multiple, y], like);
});

// The sign follows the divisor, as in Python; ONNX's Mod does so for whole numbers only.
kernel('Mod', ({ a, b }, _, trace) => {
  const [x, y] = [a as TensorInfo, b as TensorInfo];
  const like = { shape: broadcast(x, y), dtype: x.dtype };
  if (x.dtype === 'int32') return trace.emit('Mod', [x, y], like);
  const remainder = trace.emit('Mod', [x, y], like, { fmod: 1 });
  return trace.emit('Mod', [trace.emit('Add', [remainder, y], like), y], like, { fmod: 1 });
});

kernel('AddN', (inputs, _, trace) => {
  const terms = Object.values(inputs);
  const first = terms[0] as TensorInfo;
  return terms.length === 1
    ? trace.reshaped(first, first.shape)
    : trace.emit(first.dtype === 'int32' ? 'Add' : 'Sum', addends(terms, trace), first);
});

// Sum takes floats only; whole numbers are added two at a time.
function addends(terms: TensorInfo[], trace: TraceBackend): TensorInfo[] {
  if (terms[0]?.dtype !== 'int32') return terms;
  const last = terms.at(-1) as TensorInfo;
  const rest = terms.slice(0, -1).reduce((sum, term) => trace.emit('Add', [sum, term], sum));
  return [rest, last];
}

function unary(kernelName: string, op: string): void {
  kernel(kernelName, ({ x }, _, trace) => trace.emit(op, [x as TensorInfo], x as TensorInfo));
}

// The only one of these that TensorFlow.js gives whole numbers to and takes floats from.
kernel('Exp', ({ x }, _, trace) => {
  const floats = castTo(trace, x as TensorInfo, 'float32');
  return trace.emit('Exp', [floats], floats);
});

for (const same of ['Log', 'Sqrt', 'Neg', 'Erf', 'Tanh', 'Abs', 'Relu', 'Sigmoid', 'Floor', 'Ceil', 'Round', 'Sign'])
  unary(same, same);
for (const same of [
  'Reciprocal',
  'Sin',
  'Cos',
  'Tan',
  'Asin',
  'Acos',
  'Atan',
  'Sinh',
  'Cosh',
  'Asinh',
  'Acosh',
  'Atanh',
  'Softplus',
  'Selu',
])
  unary(same, same);

kernel('Square', ({ x }, _, trace) => trace.emit('Mul', [x as TensorInfo, x as TensorInfo], x as TensorInfo));

kernel('Rsqrt', ({ x }, _, trace) => {
  const like = x as TensorInfo;
  return trace.emit('Reciprocal', [trace.emit('Sqrt', [like], like)], like);
});

// Near 0, 1 + x drops the digits that matter: there log(1 + x) = 2 atanh(x / (2 + x)), which keeps them.
kernel('Log1p', ({ x }, _, trace) => {
  const like = x as TensorInfo;
  const plain = trace.emit('Log', [trace.emit('Add', [like, scalar(trace, like, 1)], like)], like);
  const ratio = trace.emit('Div', [like, trace.emit('Add', [like, scalar(trace, like, 2)], like)], like);
  const half = trace.emit('Atanh', [ratio], like);
  const near = trace.emit('Less', [trace.emit('Abs', [like], like), scalar(trace, like, 0.5)], bool(like));
  return trace.emit('Where', [near, trace.emit('Add', [half, half], like), plain], like);
});

// exp(x) - 1 = tanh(x / 2) (exp(x) + 1), which keeps the digits near 0.
kernel('Expm1', ({ x }, _, trace) => {
  const like = x as TensorInfo;
  const half = trace.emit('Tanh', [trace.emit('Mul', [like, scalar(trace, like, 0.5)], like)], like);
  const sum = trace.emit('Add', [trace.emit('Exp', [like], like), scalar(trace, like, 1)], like);
  return trace.emit('Mul', [half, sum], like);
});

kernel('Relu6', ({ x }, _, trace) => clip(trace, x as TensorInfo, 0, 6));

kernel<{ clipValueMin: number; clipValueMax: number }>('ClipByValue', ({ x }, { clipValueMin, clipValueMax }, trace) =>
  clip(trace, x as TensorInfo, clipValueMin, clipValueMax),
);

function clip(trace: TraceBackend, x: TensorInfo, low: number, high: number): TensorInfo {
  const raised = trace.emit('Max', [x, scalar(trace, x, low)], x);
  return trace.emit('Min', [raised, scalar(trace, x, high)], x);
}

kernel<{ alpha: number }>('LeakyRelu', ({ x }, { alpha }, trace) => {
  const floats = castTo(trace, x as TensorInfo, 'float32');
  return trace.emit('LeakyRelu', [floats], floats, { alpha: { float: alpha } });
});

kernel('Elu', ({ x }, _, trace) => trace.emit('Elu', [x as TensorInfo], x as TensorInfo));

// dy where y is above 0, dy * (y + 1) elsewhere; y is the output of Elu.
kernel('EluGrad', ({ dy, y }, _, trace) => {
  const like = y as TensorInfo;
  const slope = trace.emit(
    'Min',
    [trace.emit('Add', [like, scalar(trace, like, 1)], like), scalar(trace, like, 1)],
    like,
  );
  return trace.emit('Mul', [dy as TensorInfo, slope], like);
});

kernel('Prelu', ({ x, alpha }, _, trace) =>
  trace.emit('PRelu', [x as TensorInfo, alpha as TensorInfo], x as TensorInfo),
);

// 1 above 0, alpha elsewhere; NaN stays NaN.
kernel<{ alpha: number }>('Step', ({ x }, { alpha }, trace) => {
  const like = x as TensorInfo;
  const positive = trace.emit('Greater', [like, scalar(trace, like, 0)], bool(like));
  const step = trace.emit('Where', [positive, scalar(trace, like, 1), scalar(trace, like, alpha)], like);
  if (like.dtype !== 'float32') return step;
  const isNan = trace.emit('IsNaN', [like], bool(like));
  return trace.emit('Where', [isNan, like, step], like);
});

kernel('Identity', ({ x }) => x as TensorInfo);

kernel<{ dtype: 'float32' | 'int32' | 'bool' }>('Cast', ({ x }, { dtype }, trace) =>
  castTo(trace, x as TensorInfo, dtype),
);

/** The tensor with its values converted; floats are cut towards zero on their way to whole numbers. */
export function castTo(trace: TraceBackend, x: TensorInfo, dtype: 'float32' | 'int32' | 'bool'): TensorInfo {
  if (x.dtype === dtype) return x;
  const uniform = trace.uniformOf(x);
  if (uniform !== undefined)
    return trace.fill(
      x.shape,
      dtype,
      dtype === 'bool' ? Number(uniform !== 0) : dtype === 'int32' ? Math.trunc(uniform) : uniform,
    );
  return trace.emit('Cast', [x], { shape: x.shape, dtype }, { to: elementType[dtype] });
}
