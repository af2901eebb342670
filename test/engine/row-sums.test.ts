// The gradient of an embedding leaves the graph as rows and ids; what the caller gets is the dense gradient all the same.
import { describe, expect, it } from 'vitest';
import { compile, hostTensor, tf, valueAndGradients } from '../../src/engine/index.js';
import { sumRows } from '../../src/engine/row-sums.js';

const matrix = (rows: number[][]) => hostTensor(Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0]);
const ids = (...values: number[]) => hostTensor(Int32Array.from(values), [values.length, 1]);

describe('sumRows', () => {
  it('adds each row at its index and forgets what was there', () => {
    const sum = matrix([
      [9, 9],
      [9, 9],
      [9, 9],
    ]);
    sumRows(
      sum,
      matrix([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      ids(2, 0, 2),
    );
    expect([...sum.data]).toEqual([3, 4, 0, 0, 6, 8]);
  });

  it('drops rows whose index is no segment', () => {
    const sum = sumRows(matrix([[0], [0]]), matrix([[1], [2], [4]]), ids(-1, 1, 2));
    expect([...sum.data]).toEqual([0, 2]);
  });
});

describe('the gradient of an embedding', () => {
  interface Inputs {
    table: tf.Tensor;
    index: tf.Tensor;
  }
  const gradient = compile(({ table, index }: Inputs) =>
    valueAndGradients((p) => ({ value: tf.sum(tf.square(tf.gather(p.table, tf.cast(index, 'int32')))) }), { table }),
  );
  const table = matrix([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const index = hostTensor(Int32Array.of(1, 1, 0), [3]);

  it('is dense where it is returned', async () => {
    const { gradients } = await gradient({ table, index });
    expect(gradients.table.shape).toEqual([3, 2]);
    expect([...gradients.table.data]).toEqual([2, 4, 12, 16, 0, 0]);
  });

  it('is written in place where the caller says so, over what was there', async () => {
    const into = {
      gradients: {
        table: matrix([
          [7, 7],
          [7, 7],
          [7, 7],
        ]),
      },
    };
    const { gradients } = await gradient({ table, index }, { into });
    expect(gradients.table).toBe(into.gradients.table);
    expect([...into.gradients.table.data]).toEqual([2, 4, 12, 16, 0, 0]);
  });

  it('may be used further in the graph, and returned twice', async () => {
    const twice = compile(({ table: t, index: i }: Inputs) => {
      const { gradients } = valueAndGradients(
        (p) => ({ value: tf.sum(tf.square(tf.gather(p.table, tf.cast(i, 'int32')))) }),
        { table: t },
      );
      return { once: gradients.table, again: gradients.table, half: tf.div(gradients.table, 2) };
    });
    const { once, again, half } = await twice({ table, index });
    expect([...once.data]).toEqual([2, 4, 12, 16, 0, 0]);
    expect([...again.data]).toEqual([2, 4, 12, 16, 0, 0]);
    expect([...half.data]).toEqual([1, 2, 6, 8, 0, 0]);
  });
});
