// What cannot be compiled is refused with the operation's name and the way round, and nothing is left behind.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compile, TraceError, tf, valueAndGradients } from '../../src/engine/index.js';
import { floats, values } from './values.js';

const backend = tf.getBackend();
let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.getBackend()).toBe(backend);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3);
});

async function failure(fn: (x: tf.Tensor) => unknown): Promise<Error> {
  try {
    await compile(fn as (x: tf.Tensor) => tf.Tensor)(floats([2, 2]));
  } catch (error) {
    return error as Error;
  }
  return expect.fail('it compiled');
}

it.each([
  ['dataSync', (x: tf.Tensor) => tf.tensor(tf.exp(x).dataSync())],
  ['arraySync', (x: tf.Tensor) => tf.tensor(tf.exp(x).arraySync() as number[][])],
  ['bufferSync', (x: tf.Tensor) => tf.exp(x).bufferSync().toTensor()],
  ['print', (x: tf.Tensor) => tf.exp(x).print()],
] as const)('reading a value while tracing by %s', async (_, fn) => {
  const error = await failure(fn);
  expect(error).toBeInstanceOf(TraceError);
  expect(error.message).toMatch(/made by Exp was read while tracing.*Return the tensor.*tf\.where/);
});

it('reading an input while tracing', async () => {
  expect((await failure((x) => (x.dataSync()[0] === 0 ? x : tf.neg(x)))).message).toContain('input');
});

it.each(['data', 'array'] as const)('reading a value while tracing by %s()', async (method) => {
  let read: Promise<unknown> = Promise.resolve();
  const f = compile((x: tf.Tensor) => {
    const y = tf.exp(x);
    read = y[method]().catch((error: unknown) => error);
    return y;
  });
  await f(floats([2]));
  expect(String(await read)).toMatch(/made by Exp was read while tracing/);
  await f.dispose();
});

it('reading a constant while tracing is fine', async () => {
  const f = compile((x: tf.Tensor) => tf.mul(x, tf.add(1, tf.scalar(2).dataSync()[0] as number)));
  expect([...(await f(values([2]))).data]).toEqual([6]);
  await f.dispose();
});

it('an operation without a kernel', async () => {
  const error = await failure((x) => tf.image.resizeBilinear(tf.reshape(x, [2, 2, 1]) as tf.Tensor3D, [4, 4]));
  expect(error).toBeInstanceOf(TraceError);
  expect(error.message).toMatch(/The operation \w+ cannot be compiled.*Compute it before and pass the result in/);
});

it('an operation without a gradient', async () => {
  const error = await failure((x) =>
    valueAndGradients(({ x }) => ({ value: tf.sum(tf.stridedSlice(x, [0, 0], [2, 2], [1, 1])) }), { x }),
  );
  expect(error).toBeInstanceOf(TraceError);
  expect(error.message).toMatch(/StridedSlice has no gradient.*tf\.customGrad/);
});

it.each([
  ['truths', (x: tf.Tensor) => tf.neg(tf.greater(x, 0)), /Neg does not compute with bool\. Cast its input/],
  [
    'whole numbers',
    (x: tf.Tensor) => tf.reciprocal(tf.cast(x, 'int32')),
    /Reciprocal does not compute with int32\. Cast/,
  ],
  ['the sum of truths', (x: tf.Tensor) => tf.add(tf.greater(x, 0), tf.greater(x, 1)), /Add of two bool .* Cast them/],
])('an operation on %s that has none', async (_, fn, message) => {
  const error = await failure(fn);
  expect(error).toBeInstanceOf(TraceError);
  expect(error.message).toMatch(message);
});

it('an async function', async () => {
  const error = await failure(async (x) => tf.neg(x));
  expect(error).toBeInstanceOf(TraceError);
  expect(error.message).toContain('this one is async');
});

it.each([
  ['nothing', () => undefined, 'got undefined'],
  ['a number', () => ({ loss: 3 }), 'at "loss"; got number 3'],
])('a function that returns %s', async (_, fn, message) => {
  expect((await failure(fn)).message).toContain(message);
});

it('an input that is no tensor', async () => {
  const f = compile(({ x }: { x: tf.Tensor }) => x);
  await expect(f({ x: [1, 2] as never })).rejects.toThrow('at "x.0"; got number 1');
});

it('an input whose shape and data disagree', async () => {
  const f = compile((x: tf.Tensor) => tf.neg(x));
  await expect(f({ dtype: 'float32', shape: [3], data: new Float32Array(2) })).rejects.toThrow();
  await f.dispose();
});

it('a tensor kept from one trace and used in another', async () => {
  let kept!: tf.Tensor;
  const first = compile((x: tf.Tensor) => {
    kept = tf.keep(tf.exp(x));
    return tf.neg(x);
  });
  await first(floats([2, 2]));
  const error = await failure((x) => tf.add(x, kept));
  expect(error).toBeInstanceOf(TraceError);
  expect(error.message).toMatch(/made by Exp while tracing was kept and used in a later trace/);
  kept.dispose();
  await first.dispose();
});

it('a tensor leaked from a trace and used in eager code', async () => {
  let leaked!: tf.Tensor;
  const f = compile((x: tf.Tensor) => {
    leaked = tf.keep(tf.exp(x));
    return leaked;
  });
  await f(floats([2]));
  expect(() => tf.tidy(() => tf.add(leaked, 1))).toThrow(TraceError);
  leaked.dispose();
  await f.dispose();
});

it.each([
  ['matMul', (x) => tf.matMul(x, tf.zeros([3, 3])), /inner dimensions.*2 of \[2,2\] and 3 of \[3,3\]/],
  ['add', (x) => tf.add(x, tf.zeros([3])), /broadcast.*2,2.*3/],
  ['reshape', (x) => tf.reshape(x, [3]), /Size\(4\) must match the product of shape 3/],
  ['slice', (x) => tf.slice(x, [1, 1], [2, 1]), /begin\[0\] \+ size\[0\] \(3\) would overflow/],
  ['concat', (x) => tf.concat([x, tf.zeros([2, 3])], 0), /does not match the shape/],
  ['stack', (x) => tf.stack([x, tf.zeros([2, 3])]), /equal shapes/],
  ['split', (x) => tf.split(x, 3), /evenly divide/],
  ['sum', (x) => tf.sum(x, 2), /axis/],
] as [string, (x: tf.Tensor) => unknown, RegExp][])('shapes that do not fit, in %s', async (_, fn, message) => {
  expect((await failure(fn)).message).toMatch(message);
});

it('a mistake of its own comes through as it is', async () => {
  const error = await failure(() => {
    throw new TypeError('my own');
  });
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe('my own');
});
