// One graph for every size computes what the function computes when it is recorded at that size.
import { describe, expect, it } from 'vitest';
import { compile, type DynamicInput, hostTensor, recordDynamic, tf } from '../../../src/engine/index.js';
import { operators, run } from './run.js';

type X = { x: tf.Tensor };
const x: DynamicInput = { dtype: 'float32', shape: ['batch', 'sequence', 4] };
const axes = { batch: {}, sequence: { longest: 64 } };
const sizes = [
  [1, 1],
  [1, 9],
  [2, 3],
  [5, 13],
  [4, 64],
] as const;

const input = (batch: number, length: number) =>
  hostTensor(
    Float32Array.from({ length: batch * length * 4 }, (_, i) => Math.sin(i + 1)),
    [batch, length, 4],
  );

async function sameAtEverySize(f: (inputs: X) => tf.Tensor) {
  const model = recordDynamic((inputs: X) => ({ y: f(inputs) }), { x }, axes);
  const compiled = compile(f);
  for (const [batch, length] of sizes) {
    const given = { x: input(batch, length) };
    const expected = await compiled(given);
    const { y } = await run(model, given);
    expect(y?.shape).toEqual(expected.shape);
    expect(y?.values.length).toBe(expected.data.length);
    y?.values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.data[i] as number, 5);
    });
  }
  await compiled.dispose();
  return model;
}

const size = (tensor: tf.Tensor, axis: number) => tensor.shape[axis] as number;

describe('recordDynamic', () => {
  it('computes the shapes that depend on sizes: attention with two heads', async () => {
    const model = await sameAtEverySize(({ x }) => {
      const [batch, length] = [size(x, 0), size(x, 1)];
      const heads = tf.transpose(tf.reshape(x, [batch, length, 2, 2]), [0, 2, 1, 3]);
      const mixed = tf.matMul(tf.softmax(tf.matMul(heads, heads, false, true)), heads);
      return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * length, 4]);
    });
    expect(model.outputs).toEqual([{ name: 'y', type: 'float32', shape: ['batch * sequence', 4] }]);
    expect(model.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['batch', 'sequence', 4] }]);
    // The last reshape has one unknown dimension, which needs no computing; the first has two.
    expect(operators(model).filter((op) => op === 'Shape')).toHaveLength(2);
  });

  it('computes sums with an offset: rows put before each text', async () => {
    const model = await sameAtEverySize(({ x }) => {
      const before = tf.tile(tf.reshape(tf.range(0, 8), [1, 2, 4]), [size(x, 0), 1, 1]);
      const longer = tf.concat([before, x], 1);
      return tf.reshape(longer, [size(longer, 0), size(longer, 1), 2, 2]);
    });
    expect(model.outputs[0]?.shape).toEqual(['batch', 'sequence + 2', 2, 2]);
  });

  it('computes the ends of slices and what is filled with one value', async () => {
    const table = tf.tensor2d(
      Array.from({ length: 256 }, (_, i) => i),
      [64, 4],
    );
    await sameAtEverySize(({ x }) => {
      const rows = tf.slice(table, [0, 0], [size(x, 1), 4]);
      return tf.add(tf.concat([tf.fill([size(x, 0), 1, 4], 7), tf.slice(x, [0, 1, 0], [-1, -1, -1])], 1), rows);
    });
    table.dispose();
  });

  it('computes ranges, to any size', async () => {
    const model = await sameAtEverySize(({ x }) => {
      const position = tf.range(0, size(x, 1), 1, 'int32');
      const distance = tf.sub(tf.expandDims(position, 1), tf.expandDims(position, 0));
      const near = tf.cast(tf.lessEqual(tf.abs(distance), 2), 'float32');
      return tf.matMul(tf.tile(tf.expandDims(near, 0), [size(x, 0), 1, 1]), x);
    });
    expect(operators(model)).toContain('Range');
  });

  it('computes whole numbers that enter as numbers', async () => {
    await sameAtEverySize(({ x }) => tf.add(tf.div(x, size(x, 1)), tf.scalar(size(x, 0) * size(x, 1) + 1)));
  });

  it('cuts a table made while recording out of the one for the longest size', async () => {
    const waves = (length: number) =>
      tf.tensor2d(
        Array.from({ length: length * 4 }, (_, i) => Math.cos(Math.floor(i / 4) * 0.1 ** (i % 4))),
        [length, 4],
      );
    const model = await sameAtEverySize(({ x }) => tf.mul(x, waves(size(x, 1))));
    expect(model.initializers.map(({ shape }) => String(shape))).toContain('64,4');
    expect(() => recordDynamic(({ x }: X) => tf.mul(x, waves(size(x, 1))), { x }, { batch: {}, sequence: {} })).toThrow(
      /Input 1 of Mul .* a table of shape \[sequence, 4\]/,
    );
  });

  it('names inputs and outputs by their paths, a lone output "output"', () => {
    const model = recordDynamic(
      ({ a, b }: { a: tf.Tensor; b: { c: tf.Tensor } }) => ({ sum: tf.add(a, b.c), parts: [a] }),
      { a: { dtype: 'float32', shape: ['n'] }, b: { c: { dtype: 'float32', shape: [1] } } },
      { n: {} },
    );
    expect(model.inputs.map(({ name }) => name)).toEqual(['a', 'b.c']);
    expect(model.outputs.map(({ name }) => name)).toEqual(['sum', 'parts.0']);
    expect(recordDynamic(({ x }: X) => tf.neg(x), { x }, axes).outputs[0]?.name).toBe('output');
  });
});

describe('what no graph can compute is refused', () => {
  const recordOf = (f: (inputs: X) => tf.Tensor) => () => recordDynamic(f, { x }, axes);

  it.each([
    [
      'a fraction of a size',
      recordOf(({ x }) => tf.mul(x, 1 / size(x, 1))),
      /Input 1 of Mul .* depends on the sizes of batch and sequence in a way .*: it is 0\.0769\d* at batch 5, sequence 13, .*tf\.range/,
    ],
    [
      'a square of a size',
      recordOf(({ x }) => tf.tile(x, [1, size(x, 1), 1])),
      /Dimension 1 of the output "output" is no sum of products/,
    ],
    [
      'other operations at other sizes',
      recordOf(({ x }) => (size(x, 1) > 15 ? tf.exp(x) : tf.neg(x))),
      /after 0 operations it writes Neg at batch 5, sequence 13 and Exp at batch 5, sequence 17/,
    ],
    [
      'other attributes at other sizes',
      recordOf(({ x }) => tf.leakyRelu(x, size(x, 1))),
      /LeakyRelu at batch 5, sequence 13 and LeakyRelu at batch 5, sequence 17 with other attributes/,
    ],
    [
      'more operations at other sizes',
      recordOf(({ x }) => (size(x, 0) > 10 ? tf.exp(tf.neg(x)) : tf.neg(x))),
      /after 1 operations it writes nothing more at batch 5, sequence 13 and Exp at batch 11, sequence 63/,
    ],
    [
      'a limit beyond the sizes it is fitted by',
      recordOf(({ x }) => tf.sum(tf.slice(x, [0, 1, 0], [-1, Math.min(size(x, 1), 40) - 1, -1]))),
      /Input 2 of Slice .*: it is 13 at batch 5, sequence 13, .* 40 at batch 11, sequence 63/,
    ],
    [
      'other operands at other sizes',
      recordOf(({ x }) => {
        const [a, b] = [tf.neg(x), tf.exp(x)];
        return size(x, 1) > 15 ? tf.sub(a, b) : tf.sub(b, a);
      }),
      /must not depend on a size/,
    ],
    [
      'a table that is no part of a longer one',
      recordOf(({ x }) =>
        tf.mul(
          x,
          tf.tensor(
            Array.from({ length: size(x, 1) }, (_, i) => Math.sin(i * size(x, 1))),
            [size(x, 1), 1],
          ),
        ),
      ),
      /is no part of one for the largest sizes/,
    ],
    [
      'a table that is another one at some sizes in between',
      recordOf(({ x }) =>
        tf.mul(
          x,
          tf.tensor(
            Array.from({ length: size(x, 1) }, (_, i) => Math.sin(i) * (size(x, 1) === 17 ? 2 : 1)),
            [size(x, 1), 1],
          ),
        ),
      ),
      /is no part of one for the largest sizes/,
    ],
  ] as const)('%s', (_, record, message) => {
    expect(record).toThrow(message);
  });

  it('says what is wrong with the axes', () => {
    expect(() => recordDynamic(({ x }: X) => x, { x }, { batch: {} })).toThrow(
      'An input has the axis sequence, which is not among the axes: batch.',
    );
    expect(() => recordDynamic(({ x }: X) => tf.neg(x), { x }, { ...axes, other: {} })).toThrow(
      'No input has the axis other',
    );
    expect(() => recordDynamic(({ x }: X) => tf.neg(x), { x }, { batch: {}, sequence: { longest: 8 } })).toThrow(
      'The axis sequence must reach 19 to be recorded; its longest is 8.',
    );
  });
});
