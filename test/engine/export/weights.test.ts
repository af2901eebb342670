import { describe, expect, it } from 'vitest';
import { encodeModel, recordDynamic, tf, type Weights, wideInputs, withWeights } from '../../../src/engine/index.js';
import { ints, values, wholes } from '../values.js';
import { operators, run } from './run.js';

type Inputs = { params: Record<string, tf.Tensor>; ids: tf.Tensor; mask: tf.Tensor; unread: tf.Tensor };
const ids = { dtype: 'int32' as const, shape: ['batch', 'sequence'] };
const weights: Weights = new Map([
  ['words.weight', values([1, 2, 3, 4, 5, 6], [3, 2])],
  ['extra.weight', values([9])],
]);

/** Looks ids up, and where a mask is 0 gives 0. */
const lookUp = ({ params, ids, mask }: Inputs) => {
  const [batch, length] = ids.shape as [number, number];
  const words = tf.gather(params['words.weight'] as tf.Tensor, tf.reshape(ids, [batch * length]));
  return { y: tf.mul(tf.reshape(words, [batch, length, 2]), tf.reshape(tf.cast(mask, 'float32'), [batch, length, 1])) };
};
const recorded = recordDynamic(
  lookUp,
  { params: Object.fromEntries(weights), ids, mask: ids, unread: ids },
  { batch: {}, sequence: {} },
);
const whole = () => withWeights(recorded, 'params.', weights);
const given = { ids: wholes([2, 0], [1, 2]), mask: wholes([1, 0], [1, 2]), unread: ints([1, 2]) };

describe('withWeights', () => {
  it('makes constants of weights, under their names, and leaves out what nothing reads', () => {
    const model = whole();
    expect(model.inputs.map(({ name }) => name)).toEqual(['ids', 'mask']);
    const [words] = model.initializers;
    expect(words?.name).toBe('words.weight');
    expect(words?.bytes.buffer).toBe(weights.get('words.weight')?.data.buffer); // no copy
    expect(model.initializers.map(({ name }) => name)).not.toContain('extra.weight');
    expect(Buffer.from(encodeModel(model)).includes('words.weight')).toBe(true);
  });

  it('computes what the function computes', async () => {
    expect((await run(whole(), given)).y).toEqual({ values: [5, 6, 0, 0], shape: [1, 2, 2] });
  });

  it('refuses a weight that is missing or has another shape', () => {
    expect(() => withWeights(recorded, 'params.', new Map())).toThrow(
      'The graph reads "words.weight", float32[3,2]; what was given is nothing.',
    );
    expect(() => withWeights(recorded, 'params.', new Map([['words.weight', values([1])]]))).toThrow('float32[1]');
  });
});

describe('wideInputs', () => {
  it('takes int64 without a cast where the graph looks up or casts anyway', async () => {
    const model = wideInputs(whole(), ['ids', 'mask']);
    expect(model.inputs.map(({ type }) => type)).toEqual(['int64', 'int64']);
    expect(operators(model).filter((op) => op === 'Cast')).toEqual(operators(whole()).filter((op) => op === 'Cast'));
    expect((await run(model, given)).y?.values).toEqual([5, 6, 0, 0]);
  });

  it('casts once where it computes with the numbers, and where they are what it returns', async () => {
    const model = wideInputs(
      recordDynamic(
        ({ ids }: { ids: tf.Tensor }) => ({
          sum: tf.add(ids, tf.scalar(1, 'int32')),
          difference: tf.sub(ids, tf.scalar(1, 'int32')),
          turned: tf.transpose(ids),
        }),
        { ids },
        { batch: {}, sequence: {} },
      ),
      ['ids'],
    );
    expect(operators(model).filter((op) => op === 'Cast')).toHaveLength(1);
    const { sum, difference, turned } = await run(model, { ids: wholes([1, 2, 3, 4], [2, 2]) });
    expect([sum?.values, difference?.values, turned?.values]).toEqual([
      [2, 3, 4, 5],
      [0, 1, 2, 3],
      [1, 3, 2, 4],
    ]);
  });
});
