// What a compiled function promises beyond the values of its operations.
import { afterEach, describe, expect, it } from 'vitest';
import { compile, type HostTensor, hostTensor, tf, valueAndGradients } from '../../src/engine/index.js';
import { floats, ints, values } from './values.js';

const disposables: { dispose(): Promise<void> }[] = [];
const compiled: typeof compile = (fn, options) => {
  const result = compile(fn, options);
  disposables.push(result);
  return result;
};
afterEach(async () => {
  for (const each of disposables.splice(0)) await each.dispose();
});

const list = ({ data }: HostTensor): number[] => [...data];

describe('signatures', () => {
  const counted = (options = {}) => {
    const shapes: string[] = [];
    const double = compiled(({ x }: { x: tf.Tensor }) => {
      shapes.push(`${x.dtype}[${x.shape}]`);
      return { y: tf.add(x, x) };
    }, options);
    return { double, shapes };
  };

  it('traces once for each set of shapes and types', async () => {
    const { double, shapes } = counted();
    for (const x of [floats([2]), floats([2], 5, 6), floats([3]), ints([2]), floats([2, 1]), floats([2])])
      expect(list((await double({ x })).y)).toEqual(list(x).map((value) => Math.fround(value + value)));
    expect(shapes).toEqual(['float32[2]', 'float32[3]', 'int32[2]', 'float32[2,1]']);
  });

  it('drops the graph unused longest where there are too many', async () => {
    const { double, shapes } = counted({ maxSignatures: 2 });
    for (const size of [1, 2, 1, 3, 1, 2]) await double({ x: floats([size]) });
    expect(shapes).toEqual(['float32[1]', 'float32[2]', 'float32[3]', 'float32[2]']);
  });

  it('traces once for calls at the same time', async () => {
    const { double, shapes } = counted();
    const results = await Promise.all([1, 2, 3].map((x) => double({ x: values([x]) })));
    expect(results.map(({ y }) => list(y))).toEqual([[2], [4], [6]]);
    expect(shapes).toHaveLength(1);
  });

  it('answers calls at the same time even where their graphs push each other out', async () => {
    const { double } = counted({ maxSignatures: 1 });
    const sizes = [1, 2, 3, 1, 2, 3, 1];
    const results = await Promise.all(sizes.map((size) => double({ x: values(Array(size).fill(size)) })));
    expect(results.map(({ y }) => list(y))).toEqual(sizes.map((size) => Array(size).fill(2 * size)));
  });

  it('traces again after dispose', async () => {
    const { double, shapes } = counted();
    await double({ x: floats([2]) });
    await double.dispose();
    await double({ x: floats([2]) });
    expect(shapes).toHaveLength(2);
  });

  it('answers a call that is under way when it is disposed of', async () => {
    const { double } = counted();
    await double({ x: values([1]) });
    const pending = double({ x: values([4]) });
    await double.dispose();
    expect(list((await pending).y)).toEqual([8]);
  });

  it('traces again what failed to trace, and drops no other graph over it', async () => {
    let fail = true;
    const f = compiled(
      (x: tf.Tensor) => {
        if (fail) throw new Error('not yet');
        return tf.neg(x);
      },
      { maxSignatures: 1 },
    );
    await expect(f(values([1]))).rejects.toThrow('not yet');
    fail = false;
    expect(list(await f(values([1, 2])))).toEqual([-1, -2]);
    expect(list(await f(values([1])))).toEqual([-1]);
  });
});

describe('inputs and outputs', () => {
  it('takes and returns a tensor alone', async () => {
    expect(list(await compiled((x: tf.Tensor) => tf.neg(x))(values([1, 2])))).toEqual([-1, -2]);
  });

  it('takes and returns nested lists and records', async () => {
    const f = compiled(({ pair: [a, b], more }: { pair: tf.Tensor[]; more: { c: tf.Tensor } }) => ({
      sum: [tf.add(a as tf.Tensor, b as tf.Tensor)],
      deep: { product: tf.mul(a as tf.Tensor, more.c) },
    }));
    const { sum, deep } = await f({ pair: [values([1]), values([2])], more: { c: values([5]) } });
    expect(sum.map(list)).toEqual([[3]]);
    expect(list(deep.product)).toEqual([5]);
  });

  it('returns inputs, constants and one value twice', async () => {
    const captured = tf.tensor([5, 6]);
    const f = compiled(({ x }: { x: tf.Tensor }) => {
      const y = tf.neg(x);
      return {
        x,
        again: x,
        y,
        too: y,
        zeros: tf.zeros([2]),
        captured,
        ids: tf.tensor([1, 2], [2], 'int32'),
        none: tf.zeros([0, 2]),
      };
    });
    const x = values([1, 2]);
    const out = await f({ x });
    expect(Object.fromEntries(Object.entries(out).map(([name, tensor]) => [name, list(tensor)]))).toEqual({
      x: [1, 2],
      again: [1, 2],
      y: [-1, -2],
      too: [-1, -2],
      zeros: [0, 0],
      captured: [5, 6],
      ids: [1, 2],
      none: [],
    });
    expect(out.x.data).not.toBe(x.data);
    expect([out.ids.dtype, out.none.shape]).toEqual(['int32', [0, 2]]);
    captured.dispose();
  });

  it('takes inputs the function does not use, and none at all', async () => {
    const f = compiled(({ used }: { used: tf.Tensor; unused: tf.Tensor }) => tf.neg(used));
    expect(list(await f({ used: values([1]), unused: values([2]) }))).toEqual([-1]);
    expect(list(await compiled((_: object) => tf.range(0, 3))({}))).toEqual([0, 1, 2]);
  });

  it('takes inputs named as nodes of the graph are', async () => {
    const f = compiled((inputs: Record<string, tf.Tensor>) =>
      tf.sub(tf.mul(inputs.Mul_1 as tf.Tensor, 2), inputs.Sub_2 as tf.Tensor),
    );
    expect(list(await f({ Mul_1: values([1]), Sub_2: values([10]), constant_1: values([0]) }))).toEqual([-8]);
  });

  it('carries NaN and infinities through', async () => {
    const f = compiled(({ x }: { x: tf.Tensor }) => tf.mul(x, 2));
    expect(list(await f({ x: values([Number.NaN, Infinity, -Infinity, 1]) }))).toEqual([NaN, Infinity, -Infinity, 2]);
  });

  it('returns new tensors on each call', async () => {
    const f = compiled((x: tf.Tensor) => tf.neg(x));
    const first = await f(values([1]));
    await f(values([2]));
    expect(list(first)).toEqual([-1]);
  });

  it('gives the model as ONNX', () => {
    const bytes = compiled(({ x }: { x: tf.Tensor }) => tf.erf(x)).toOnnx({ x: floats([2]) });
    expect(Buffer.from(bytes).includes('Erf')).toBe(true);
  });
});

describe('into', () => {
  const f = () => compiled(({ x }: { x: tf.Tensor }) => ({ y: tf.neg(x), more: { z: tf.mul(x, 2) } }));

  it('writes results where the caller says, and allocates the others', async () => {
    const y = values([0, 0]);
    const out = await f()({ x: values([1, 2]) }, { into: { y } });
    expect(out.y).toBe(y);
    expect(list(y)).toEqual([-1, -2]);
    expect(list(out.more.z)).toEqual([2, 4]);
  });

  it('writes into part of a larger array and touches nothing around it', async () => {
    const arena = new Float32Array(6).fill(9);
    await f()({ x: values([1, 2]) }, { into: { more: { z: hostTensor(arena.subarray(2, 4), [2]) } } });
    expect([...arena]).toEqual([9, 9, 2, 4, 9, 9]);
  });

  it('may write over an input', async () => {
    const x = values([1, 2]);
    const negate = compiled(({ x }: { x: tf.Tensor }) => ({ y: tf.neg(x) }));
    for (let i = 0; i < 3; i++) await negate({ x }, { into: { y: x } });
    expect(list(x)).toEqual([-1, -2]);
  });

  it.each([
    [
      'a path that is not there',
      { w: values([0, 0]) },
      'There is no output "w" to write into; the outputs are y, more.z.',
    ],
    [
      'another shape',
      { y: values([0, 0], [2, 1]) },
      'Output "y" is float32[2], but the tensor to write it into is float32[2,1].',
    ],
    ['another type', { y: ints([2]) }, 'Output "y" is float32[2], but the tensor to write it into is int32[2].'],
    ['something else', { y: 3 }, 'at "y"; got number 3'],
  ])('refuses %s', async (_, into, message) => {
    await expect(f()({ x: values([1, 2]) }, { into })).rejects.toThrow(message);
  });
});

describe('TensorFlow.js around a compiled function', () => {
  it('leaves tensors of the cpu backend readable, and holds no more of them than before', async () => {
    const weight = tf.tensor([2, 3]);
    const backend = tf.getBackend();
    const before = tf.memory().numTensors;
    const f = compiled(({ x }: { x: tf.Tensor }) => {
      const { value, gradients, y } = valueAndGradients(
        ({ x }) => {
          const y = tf.mul(x, weight);
          return { value: tf.sum(tf.square(y)), y };
        },
        { x },
      );
      return { value, gradients, y };
    });
    for (const shape of [[2], [1, 2], [3, 2]]) await f({ x: floats(shape) });
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe(backend);
    expect([...weight.dataSync()]).toEqual([2, 3]);
    const doubled = tf.tidy(() => tf.mul(weight, 2).dataSync());
    expect([...doubled]).toEqual([4, 6]);
    expect(list((await f({ x: values([1, 1]) })).y)).toEqual([2, 3]);
    weight.dispose();
  });

  it('takes the values a variable has while tracing', async () => {
    const variable = tf.variable(tf.tensor([1]));
    const f = compiled(({ x }: { x: tf.Tensor }) => tf.add(x, variable));
    expect(list(await f({ x: values([1]) }))).toEqual([2]);
    variable.assign(tf.tensor([10]));
    expect(list(await f({ x: values([1]) }))).toEqual([2]);
    expect([...variable.dataSync()]).toEqual([10]);
    variable.dispose();
  });
});

describe('valueAndGradients', () => {
  it('gives zeros for a parameter the value does not depend on, and passes the rest on', async () => {
    const f = compiled(({ params, x }: { params: { a: tf.Tensor; b: tf.Tensor }; x: tf.Tensor }) =>
      valueAndGradients(({ a }) => ({ value: tf.sum(tf.mul(a, x)), shifted: tf.add(a, 1), x }), params),
    );
    const out = await f({ params: { a: values([1, 2]), b: floats([2, 2]) }, x: values([3, 4]) });
    expect(list(out.value)).toEqual([11]);
    expect(list(out.shifted)).toEqual([2, 3]);
    expect(list(out.x)).toEqual([3, 4]);
    expect(list(out.gradients.a)).toEqual([3, 4]);
    expect(list(out.gradients.b)).toEqual([0, 0, 0, 0]);
  });

  it('differentiates a parameter used twice, and the parameter itself', async () => {
    const f = compiled((params: { a: tf.Tensor }) =>
      valueAndGradients(({ a }) => ({ value: tf.add(tf.square(a), a) }), params),
    );
    const { value, gradients } = await f({ a: values([3], []) });
    expect([list(value), list(gradients.a)]).toEqual([[12], [7]]);
    const self = compiled((params: { a: tf.Tensor }) => valueAndGradients(({ a }) => ({ value: a }), params));
    expect(list((await self({ a: values([3], []) })).gradients.a)).toEqual([1]);
  });

  it('refuses a value that is no scalar', async () => {
    const f = compiled((params: { a: tf.Tensor }) => valueAndGradients(({ a }) => ({ value: a }), params));
    await expect(f({ a: floats([2, 3]) })).rejects.toThrow(/value has shape \[2,3\]\. Sum or average/);
  });
});
