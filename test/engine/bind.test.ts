// bind fixes the arrays a compiled function reads and writes; it runs on what they hold by then.
import { expect, it, vi } from 'vitest';
import { compile, hostTensor, tf } from '../../src/engine/index.js';

const vector = (...values: number[]) => hostTensor(Float32Array.from(values), [values.length]);

it('reads what the inputs hold at each call, and writes into the same place', async () => {
  const [a, sum] = [vector(1, 2), vector(0, 0)];
  const add = compile(({ x }: { x: tf.Tensor }) => ({ sum: tf.add(x, 10) }));
  const bound = add.bind({ x: a }, { into: { sum } });
  await bound();
  expect([...sum.data]).toEqual([11, 12]);
  a.data[0] = 5;
  expect((await bound()).sum).toBe(sum);
  expect([...sum.data]).toEqual([15, 12]);
});

it('may write where it reads: an update in place', async () => {
  const p = vector(1, 2);
  const double = compile(({ x }: { x: tf.Tensor }) => ({ x: tf.mul(x, 2) })).bind({ x: p }, { into: { x: p } });
  for (let i = 0; i < 3; i++) await double();
  expect([...p.data]).toEqual([8, 16]);
});

it('traces again after dispose, and goes on', async () => {
  const traced = vi.fn(({ x }: { x: tf.Tensor }) => tf.neg(x));
  const negate = compile(traced);
  const bound = negate.bind({ x: vector(1) });
  await bound();
  await negate.dispose();
  expect([...(await bound()).data]).toEqual([-1]);
  expect(traced).toHaveBeenCalledTimes(2);
});

it('refuses a destination of another shape by name', async () => {
  const f = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.neg(x) }));
  await expect(f.bind({ x: vector(1, 2) }, { into: { y: vector(0) } })()).rejects.toThrow('Output "y" is float32[2]');
});
