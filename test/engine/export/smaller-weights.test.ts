// Weights stored as float16 and int8: what the graph computes then, and what it holds.
import { describe, expect, it } from 'vitest';
import {
  encodeModel,
  halfWeights,
  type ModelDef,
  quantizeWeights,
  recordDynamic,
  tf,
  type Weights,
  withWeights,
} from '../../../src/engine/index.js';
import { floats, values, wholes } from '../values.js';
import { operators, run } from './run.js';

const weights: Weights = new Map([
  ['words', floats([50, 32], -1, 1, 5)],
  ['positions', floats([40, 32], -1, 1, 6)],
  ['dense', floats([48, 32], -1, 1, 7)],
  ['bias', floats([48], -1, 1, 8)],
  ['product', floats([48, 16], -1, 1, 9)],
]);
const matrices = new Set(['words', 'positions', 'dense', 'product']);
type Inputs = { params: Record<string, tf.Tensor>; ids: tf.Tensor };

/** Every way a weight is read: looked up, sliced, multiplied transposed with a bias, twice without, and as a batch's operand. */
function layers({ params, ids }: Inputs) {
  const { words, positions, dense, bias, product } = params as Record<string, tf.Tensor2D>;
  const [batch, length] = ids.shape as [number, number];
  const looked = tf.gather(words as tf.Tensor, tf.reshape(ids, [batch * length]));
  const placed = tf.add(
    tf.reshape(looked, [batch, length, 32]),
    tf.slice(positions as tf.Tensor, [0, 0], [length, 32]),
  );
  const x = tf.relu(tf.reshape(placed, [batch * length, 32])) as tf.Tensor2D;
  const hidden = tf.fused.matMul({ a: x, b: dense as tf.Tensor2D, transposeB: true, bias: bias as tf.Tensor });
  const again = tf.matMul(x, dense as tf.Tensor2D, false, true);
  return { y: tf.matMul(tf.add(hidden, again) as tf.Tensor2D, product as tf.Tensor2D) };
}
const ids = { dtype: 'int32' as const, shape: ['batch', 'sequence'] };
const plain = withWeights(
  recordDynamic(layers, { params: Object.fromEntries(weights), ids }, { batch: {}, sequence: { longest: 40 } }),
  'params.',
  weights,
);
const given = { ids: wholes([4, 8, 0, 49, 3, 4], [2, 3]) };

/** The largest error, as a share of the largest value. */
async function error(model: ModelDef): Promise<number> {
  const [expected, actual] = [(await run(plain, given)).y?.values ?? [], (await run(model, given)).y?.values ?? []];
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - (actual[i] as number)))) / largest;
}

describe('halfWeights', () => {
  const half = halfWeights(plain, matrices);

  it('computes the same to the digits float16 has', async () => {
    expect(await error(half)).toBeLessThan(1e-3);
    expect(await error(half)).toBeGreaterThan(0);
  });

  it('takes half the space, and widens a matrix once, a table after looking up', () => {
    expect(half.initializers.find(({ name }) => name === 'dense')?.type).toBe('float16');
    expect(half.initializers.find(({ name }) => name === 'bias')?.type).toBe('float32');
    expect(encodeModel(half).length).toBeLessThan(0.65 * encodeModel(plain).length);
    expect(operators(half).filter((op) => op === 'Cast')).toHaveLength(4);
    expect(half.nodes.find(({ op }) => op === 'Gather')?.inputs[0]).toBe('words');
  });

  it('refuses a value float16 has not', () => {
    const large = {
      ...plain,
      initializers: plain.initializers.map((one) =>
        one.name === 'dense' ? { ...one, bytes: new Uint8Array(new Float32Array(48 * 32).fill(1e5).buffer) } : one,
      ),
    };
    expect(() => halfWeights(large, matrices)).toThrow(
      '"dense" has the value 100000, beyond what float16 holds (65504)',
    );
  });
});

describe('quantizeWeights', () => {
  const small = quantizeWeights(plain, new Set(['words', 'dense', 'product']));

  it('computes the same to the 7 bits of its products', async () => {
    expect(await error(small)).toBeLessThan(0.03);
    expect(await error(small)).toBeGreaterThan(0);
  });

  it('multiplies whole numbers, and quantises an activation once for all that read it', () => {
    expect(operators(small).filter((op) => op === 'MatMulInteger')).toHaveLength(3);
    expect(operators(small).filter((op) => op === 'DynamicQuantizeLinear')).toHaveLength(2);
    expect(operators(small)).not.toContain('Gemm');
    const names = small.initializers.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['dense_quantized', 'dense_scale', 'words_rows_quantized']));
    expect(names).not.toContain('dense');
    expect(small.initializers.find(({ name }) => name === 'dense_quantized')?.shape).toEqual([32, 48]);
  });

  it('gives each output and each row a scale of its own', async () => {
    // Two outputs a million times apart: one scale for both would round the smaller one away.
    const both: Weights = new Map([
      ['w', values([1e3, 1e3, 1e-3, -1e-3], [2, 2])],
      ['t', values([5e3, 5e3, 5e-3, 1e-3], [2, 2])],
    ]);
    const model = withWeights(
      recordDynamic(
        ({ params, ids }: Inputs) => ({
          y: tf.matMul(
            tf.gather(params.t as tf.Tensor, tf.reshape(ids, [ids.size])) as tf.Tensor2D,
            params.w as tf.Tensor2D,
            false,
            true,
          ),
          rows: tf.gather(params.t as tf.Tensor, tf.reshape(ids, [ids.size])),
        }),
        { params: Object.fromEntries(both), ids },
        { batch: {}, sequence: {} },
      ),
      'params.',
      both,
    );
    const { y, rows } = await run(quantizeWeights(model, new Set(['w', 't'])), { ids: wholes([1], [1, 1]) });
    expect(rows?.values[0]).toBeCloseTo(5e-3, 5);
    expect(rows?.values[1]).toBeCloseTo(1e-3, 4);
    expect((y?.values[0] as number) / 6).toBeCloseTo(1, 1);
    expect((y?.values[1] as number) / 4e-6).toBeCloseTo(1, 1);
  });

  it('keeps to what 16 bits hold where bytes are multiplied in pairs, and takes a matrix of zeros', async () => {
    const [quantized] = small.initializers.filter(({ name }) => name === 'dense_quantized');
    const bytes = new Int8Array(quantized?.bytes.slice().buffer as ArrayBuffer);
    expect(Math.max(...bytes.map(Math.abs))).toBe(64);
    const zeros = {
      ...plain,
      initializers: plain.initializers.map((one) =>
        one.name === 'dense' ? { ...one, bytes: new Uint8Array(48 * 32 * 4) } : one,
      ),
    };
    const { y } = await run(quantizeWeights(zeros, new Set(['dense'])), given);
    expect(y?.values.every(Number.isFinite)).toBe(true);
  });

  it('refuses what is not finite, and what is no matrix', () => {
    const broken = {
      ...plain,
      initializers: plain.initializers.map((one) =>
        one.name === 'dense' ? { ...one, bytes: new Uint8Array(new Float32Array(48 * 32).fill(Infinity).buffer) } : one,
      ),
    };
    expect(() => quantizeWeights(broken, matrices)).toThrow('"dense" has a value that is not finite');
    const flat = {
      ...plain,
      initializers: plain.initializers.map((one) => (one.name === 'dense' ? { ...one, shape: [48 * 32] } : one)),
    };
    expect(() => quantizeWeights(flat, matrices)).toThrow(
      'Only float32 matrices are stored as int8; "dense" is float32[1536].',
    );
  });
});
