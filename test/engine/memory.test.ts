// Training holds memory flat: what the process holds after 500 steps is what it held after 50.
import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, it } from 'vitest';
import { compile, type HostTensor, hostTensor, tf, valueAndGradients } from '../../src/engine/index.js';
import { floats } from './values.js';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

const sizes = [64, 256, 256, 10];
const rows = 32;

const blank = ({ shape, data }: HostTensor): HostTensor => hostTensor(new Float32Array(data.length), shape);

it('500 steps of a small network', async () => {
  const params: Record<string, HostTensor> = Object.fromEntries(
    sizes.slice(1).flatMap((out, i) => [
      [`${i}.weight`, floats([sizes[i] as number, out], -0.1, 0.1, i)],
      [`${i}.bias`, floats([out], -0.1, 0.1, 10 + i)],
    ]),
  );
  const gradients = Object.fromEntries(Object.entries(params).map(([name, tensor]) => [name, blank(tensor)]));
  const step = compile(({ params, x, y }: { params: Record<string, tf.Tensor>; x: tf.Tensor; y: tf.Tensor }) =>
    valueAndGradients((p) => {
      const output = sizes.slice(1).reduce((hidden, _, i) => {
        const next = tf.add(tf.matMul(hidden, p[`${i}.weight`] as tf.Tensor), p[`${i}.bias`] as tf.Tensor);
        return i < sizes.length - 2 ? tf.relu(next) : next;
      }, x);
      return { value: tf.mean(tf.squaredDifference(output, y)) };
    }, params),
  );
  const train = async (from: number, to: number): Promise<number> => {
    let loss = 0;
    for (let i = from; i < to; i++) {
      // New batches each time, as training has them; the gradients go into the same arrays, and so do the parameters.
      const [x, y] = [floats([rows, 64], -1, 1, i % 7), floats([rows, 10], -1, 1, i % 7)];
      const { value } = await step({ params, x, y }, { into: { gradients } });
      for (const [name, { data }] of Object.entries(params))
        for (let j = 0; j < data.length; j++) data[j]! -= 0.05 * (gradients[name]?.data[j] as number);
      loss = value.data[0] as number;
    }
    return loss;
  };
  const held = (): number => {
    collect();
    return process.memoryUsage().rss;
  };

  const first = await train(0, 1);
  await train(1, 50);
  const [after50, tensors] = [held(), tf.memory().numTensors];
  const last = await train(50, 500);
  const growth = held() / after50 - 1;
  expect(growth).toBeLessThan(0.05);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(last).toBeLessThan(first);
  await step.dispose();
});

it('graphs that are dropped give their memory back', async () => {
  // The constant alone takes 4 MB, and ONNX Runtime holds it as long as the graph is loaded.
  const f = compile((x: tf.Tensor) => tf.add(tf.sum(x), tf.range(0, 2 ** 20)), { maxSignatures: 2 });
  const use = async (from: number, to: number): Promise<number> => {
    for (let size = from; size < to; size++) await f(floats([size]));
    collect();
    return process.memoryUsage().rss;
  };
  const before = await use(1, 15);
  const after = await use(15, 60);
  expect(after - before).toBeLessThan(40e6); // 45 graphs would hold 180 MB and more
  await f.dispose();
});
