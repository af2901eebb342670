// Element-wise arithmetic, of one and of two operands, and casts.
import { type HostTensor, tf } from '../../../src/engine/index.js';
import type { Case, KernelCases } from '../parity.js';
import { bools, floats, ints, truths, values, wholes } from '../values.js';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

interface Range {
  readonly low?: number;
  readonly high?: number;
  /** Inputs where the operation takes care: NaN, infinities, zeros, the ends of its domain. */
  readonly special?: readonly number[];
  readonly int32?: boolean;
  readonly smooth?: boolean;
  /** Constants to try as one of two operands. Default 0, 1, 2. */
  readonly constants?: readonly number[];
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const everything = [nan, inf, -inf, 0, -0, 1, -1, 0.5, -0.5, 1e-8, 3e38];

/** Every kind of shape, the special values, whole numbers where the operation takes them. */
const unary = (
  f: Unary,
  { low = -2, high = 2, special = everything, int32 = false, smooth = true }: Range = {},
): Case[] => [
  ...[[2, 3], [], [1, 4, 1], [0], [2, 0]].map((shape) => ({
    title: `of [${shape}]`,
    f,
    inputs: [floats(shape, low, high)],
    smooth,
  })),
  { title: 'of equal elements', f, inputs: [values([0.5, 0.5, 0.5])], gradient: low <= 0.5, smooth: false },
  { title: 'special values', f, inputs: [values(special)], gradient: false },
  ...(int32 ? [{ title: 'of whole numbers', f, inputs: [ints([2, 3])] }] : []),
  ...(int32 ? [{ title: 'of no whole numbers', f, inputs: [ints([0])] }] : []),
];

const shapePairs = [
  [
    [2, 3],
    [2, 3],
  ],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [[3], [2, 3]],
  [[2, 3], []],
  [[], [2, 3]],
  [[], []],
  [
    [2, 3],
    [1, 1],
  ],
  [[0], [1]],
  [[2, 0], []],
  [[1], [0, 3]],
] as const;

// TensorFlow.js sums no gradient back over an axis that is broadcast to length 0, and then refuses the shape.
const hasGradient = (a: readonly number[], b: readonly number[]): boolean =>
  ![a, b].some((shape) => shape.includes(1) && [...a, ...b].includes(0));

const filled = (shape: readonly number[], value: number): HostTensor =>
  values(Array(shape.reduce((n, d) => n * d, 1)).fill(value), shape);

/** Every kind of broadcast, constants that could be left out, special values, whole numbers. */
const binary = (
  f: Binary,
  { low = -2, high = 2, special = everything, int32 = true, smooth = true, constants = [0, 1, 2] }: Range = {},
): Case[] => [
  ...shapePairs.map(([a, b]) => ({
    title: `[${a}] and [${b}]`,
    f,
    inputs: [floats(a, low, high, 11), floats(b, low, high, 12)],
    smooth,
    gradient: hasGradient(a, b),
  })),
  ...constants.flatMap((value): Case[] => [
    {
      title: `a constant ${value} on the right`,
      f: (x: tf.Tensor) => f(x, tf.fill([2, 3], value)),
      inputs: [floats([2, 3], 0.5, 2)],
      smooth: false,
    },
    {
      title: `a constant ${value} on the left`,
      f: (x: tf.Tensor) => f(tf.fill([2, 3], value), x),
      inputs: [floats([2, 3], 0.5, 2)],
      smooth: false,
    },
    {
      title: `a constant ${value} that is broadcast`,
      f: (x: tf.Tensor) => f(x, tf.fill([1, 3], value)),
      inputs: [floats([2, 1], 0.5, 2)],
      smooth: false,
    },
    {
      title: `a constant ${value} that spreads the other`,
      f: (x: tf.Tensor) => f(tf.fill([2, 3], value), x),
      inputs: [floats([3], 0.5, 2)],
      smooth: false,
    },
  ]),
  {
    title: 'special values',
    f,
    inputs: [values(special, [special.length, 1]), values(special, [1, special.length])],
    gradient: false,
  },
  ...(int32
    ? [
        { title: 'whole numbers', f, inputs: [ints([2, 3], 0, 5), ints([3], 1, 4)] },
        { title: 'no whole numbers', f, inputs: [ints([0, 3]), ints([3])] },
        { title: 'a whole number and a float', f, inputs: [ints([2, 3], 1, 4), floats([3], 0.5, 2)], smooth },
      ]
    : []),
];

const positive = { low: 0.2, high: 3 };
const inside = { low: -0.9, high: 0.9 };

export const unaryCases: KernelCases = {
  Exp: unary(tf.exp, { int32: true }),
  Expm1: [
    ...unary(tf.expm1),
    { title: 'close to 0', f: tf.expm1, inputs: [values([1e-6, -1e-7, 1e-20, 1e-4])], tolerance: 1e-11, smooth: false },
  ],
  Log: unary(tf.log, positive),
  Log1p: [
    ...unary(tf.log1p, { low: -0.8, high: 2 }),
    { title: 'close to 0', f: tf.log1p, inputs: [values([1e-6, -1e-7, 1e-20, 1e-4])], tolerance: 1e-11, smooth: false },
  ],
  Sqrt: unary(tf.sqrt, positive),
  Rsqrt: unary(tf.rsqrt, positive),
  Reciprocal: unary(tf.reciprocal, positive),
  Square: unary(tf.square, { int32: true }),
  Neg: [
    ...unary(tf.neg, { int32: true }),
    { title: 'the sign of zero', f: tf.neg, inputs: [values([0, -0])], gradient: false, signedZeros: true },
  ],
  Abs: unary(tf.abs, { int32: true }),
  Sign: [
    ...unary(tf.sign, { int32: true, special: everything.slice(1) }),
    // The cpu backend says 0; NumPy, PyTorch and TensorFlow say NaN.
    { title: 'of NaN', f: tf.sign, inputs: [values([nan])], gradient: false, expected: values([nan]) },
  ],
  Erf: unary(tf.erf),
  Tanh: unary(tf.tanh),
  Sinh: unary(tf.sinh),
  Cosh: unary(tf.cosh),
  Sin: unary(tf.sin, { special: [nan, inf, -inf, 0, -0, 1, 10] }),
  Cos: unary(tf.cos, { special: [nan, inf, -inf, 0, -0, 1, 10] }),
  Tan: unary(tf.tan, { ...inside, special: [nan, inf, -inf, 0, -0, 1] }),
  Asin: unary(tf.asin, inside),
  Acos: unary(tf.acos, inside),
  Atan: unary(tf.atan),
  Asinh: unary(tf.asinh, { special: [nan, inf, -inf, 0, -0, 1, -1] }),
  Acosh: unary(tf.acosh, { low: 1.2, high: 3 }),
  Atanh: unary(tf.atanh, inside),
  Sigmoid: unary(tf.sigmoid),
  Softplus: [
    ...unary(tf.softplus),
    { title: 'far from 0', f: tf.softplus, inputs: [values([-100, -30, 30, 100])], smooth: false },
  ],
  Relu: unary(tf.relu, { int32: true }),
  Relu6: unary(tf.relu6, { low: -4, high: 9, int32: true, smooth: false }),
  LeakyRelu: [
    ...unary((x) => tf.leakyRelu(x, 0.1)),
    { title: 'whole numbers', f: (x: tf.Tensor) => tf.leakyRelu(x, 0.3), inputs: [ints([2, 3])] },
    { title: 'a slope of 0', f: (x: tf.Tensor) => tf.leakyRelu(x, 0), inputs: [floats([5])] },
  ],
  Elu: unary(tf.elu),
  EluGrad: [{ title: 'the gradient of elu', f: tf.elu, inputs: [values([-3, -1, -0.1, 0.1, 2])] }],
  Selu: unary(tf.selu),
  Step: [
    ...unary(tf.step, { int32: true }),
    { title: 'with a slope', f: (x: tf.Tensor) => tf.step(x, 0.3), inputs: [values([nan, -1, 0, 2])], gradient: false },
  ],
  Floor: unary(tf.floor, { smooth: false }),
  Ceil: unary(tf.ceil, { smooth: false }),
  Round: [
    ...unary(tf.round, { smooth: false }),
    { title: 'halves go to even', f: tf.round, inputs: [values([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])], smooth: false },
  ],
  ClipByValue: unary((x) => tf.clipByValue(x, -1, 1), { int32: true, smooth: false }),
  Identity: [
    ...unary((x) => tf.clone(x), { int32: true }),
    { title: 'of truths', f: (x: tf.Tensor) => tf.clone(x), inputs: [bools([3])] },
  ],
  Cast: (['float32', 'int32', 'bool'] as const).flatMap((to): Case[] => {
    const f = (x: tf.Tensor) => tf.cast(x, to);
    return [
      { title: `floats to ${to}`, f, inputs: [values([-2.7, -1, -0.5, 0, -0, 0.5, 1, 2.7])], smooth: false },
      { title: `a float to ${to}`, f, inputs: [values([-2.7], [])], smooth: false },
      { title: `equal floats to ${to}`, f, inputs: [filled([2, 2], -2.7)], smooth: false },
      { title: `no floats to ${to}`, f, inputs: [floats([0, 2])] },
      { title: `whole numbers to ${to}`, f, inputs: [ints([2, 3])] },
      { title: `truths to ${to}`, f, inputs: [bools([2, 3])] },
    ];
  }),
};

export const binaryCases: KernelCases = {
  Add: [...binary(tf.add), { title: 'a tensor and itself', f: (x: tf.Tensor) => tf.add(x, x), inputs: [floats([3])] }],
  Sub: binary(tf.sub),
  Multiply: binary(tf.mul),
  RealDiv: binary(tf.div, { ...positive, int32: false }),
  Maximum: binary(tf.maximum, { smooth: false }),
  Minimum: binary(tf.minimum, { smooth: false }),
  SquaredDifference: binary(tf.squaredDifference),
  Pow: [
    ...binary(tf.pow, { ...positive, special: [0, 1, -1, 2, 0.5] }),
    // JavaScript alone says that 1 to the power NaN is NaN.
    {
      title: 'NaN',
      f: tf.pow,
      inputs: [values([nan, nan, 2, 1]), values([0, 2, nan, nan])],
      gradient: false,
      expected: values([1, nan, nan, 1]),
    },
    { title: 'negative bases', f: (x: tf.Tensor) => tf.pow(x, tf.scalar(3)), inputs: [values([-2, -0.5, 0.5, 2])] },
  ],
  FloorDiv: [
    ...binary(tf.floorDiv, { ...positive, special: [1, -1, 2, 0.5, -3], smooth: false, constants: [1, 2] }),
    { title: 'signs', f: tf.div, inputs: [wholes([7, -7, 7, -7]), wholes([2, 2, -2, -2])] },
    {
      title: 'beyond what a float holds',
      f: tf.floorDiv,
      inputs: [wholes([2 ** 30 + 1, -(2 ** 30) - 1]), wholes([1, 1])],
    },
  ],
  Mod: [
    ...binary(tf.mod, { ...positive, special: [nan, 1, -1, 2, 0.5, -3], smooth: false }),
    {
      title: 'signs',
      f: tf.mod,
      inputs: [values([7, -7, 7, -7, 6]), values([2.5, 2.5, -2.5, -2.5, 3])],
      smooth: false,
    },
    { title: 'signs of whole numbers', f: tf.mod, inputs: [wholes([7, -7, 7, -7]), wholes([3, 3, -3, -3])] },
  ],
  Prelu: [
    { title: 'one slope each', f: tf.prelu, inputs: [floats([2, 3]), floats([2, 3])] },
    { title: 'a slope a channel', f: tf.prelu, inputs: [floats([2, 3]), floats([3])] },
    { title: 'one slope', f: tf.prelu, inputs: [floats([2, 3]), floats([])] },
    { title: 'nothing', f: tf.prelu, inputs: [floats([0, 3]), floats([3])] },
  ],
  AddN: [1, 2, 3, 4].flatMap((count): Case[] => {
    const f = (...terms: tf.Tensor[]) => tf.addN(terms);
    const terms = Array.from({ length: count }, (_, i) => i + 20);
    return [
      { title: `${count} matrices`, f, inputs: terms.map((seed) => floats([2, 3], -2, 2, seed)) },
      { title: `${count} scalars`, f, inputs: terms.map((seed) => floats([], -2, 2, seed)) },
      { title: `${count} of nothing`, f, inputs: terms.map(() => floats([0, 2])) },
      { title: `${count} of whole numbers`, f, inputs: terms.map((seed) => ints([4], -3, 4, seed)) },
    ];
  }),
};

/** Truths count as 0 and 1 only where that stays within what a truth can be. */
export const truthCases: KernelCases = {
  Multiply: [{ title: 'truths', f: tf.mul, inputs: [truths([0, 0, 1, 1]), truths([0, 1, 0, 1])] }],
  Maximum: [{ title: 'truths', f: tf.maximum, inputs: [truths([0, 0, 1, 1]), truths([0, 1, 0, 1])] }],
  Minimum: [{ title: 'truths', f: tf.minimum, inputs: [truths([0, 0, 1, 1]), truths([0, 1, 0, 1])] }],
};
