// GELU: the fused operator and its gradient against the formula on the cpu backend, differences, and known values.
import { describe, expect, it } from 'vitest';
import { compile, gelu, tf, valueAndGradients } from '../../../src/engine/index.js';
import { expectParity } from '../parity.js';
import { floats, values } from '../values.js';

/** From torch.nn.functional.gelu on float64: x, gelu(x), its derivative. */
const known: readonly [number, number, number][] = [
  [-10.0, -0, -7.69459862671e-22],
  [-5.0, -1.43325785934e-6, -7.1469460018e-6],
  [-3.0, -0.00404969409489, -0.0119456472042],
  [-1.5, -0.100210801903, -0.12746919223],
  [-0.75179, -0.169971207479, 6.57897015782e-7],
  [-0.1, -0.0460172162723, 0.420476907975],
  [0.0, 0, 0.5],
  [0.001, 0.000500398942214, 0.500797884295],
  [0.5, 0.345731230637, 0.867495124656],
  [1.0, 0.841344746069, 1.08331547059],
  [2.5, 2.48447583669, 1.03761108591],
  [6.0, 5.99999999408, 1.00000003547],
  [30.0, 30, 1],
];

describe('gelu', () => {
  it.each([[[0]], [[1]], [[7]], [[3, 4]], [[2, 3, 4]], [[]]])(
    'of shape %j: compiled and eager agree, and differences',
    async (shape) => {
      await expectParity({ title: '', f: gelu, inputs: [floats(shape, -4, 4)] });
    },
  );

  it('has the values and derivatives of PyTorch to 1e-6', async () => {
    const step = compile(({ x }: { x: tf.Tensor }) =>
      valueAndGradients(
        ({ x: input }) => {
          const y = gelu(input);
          return { value: tf.sum(y), y };
        },
        { x },
      ),
    );
    const { y, gradients } = await step({ x: values(known.map(([x]) => x)) });
    await step.dispose();
    known.forEach(([x, value, slope], i) => {
      expect(Math.abs((y.data[i] as number) - value), `gelu(${x})`).toBeLessThan(1e-6 * Math.max(1, Math.abs(x)));
      expect(Math.abs((gradients.x.data[i] as number) - slope), `gelu'(${x})`).toBeLessThan(1e-6);
    });
  });
});
