// Activation functions and their derivatives against transformers' of the same names.
import { expect, it } from 'vitest';
import { compile, type tf, valueAndGradients } from '../../src/engine/index.js';
import { activationNames, activations } from '../../src/nn/activations.js';
import { values } from '../engine/values.js';
import { fixtureJson, largestError } from '../references.js';

type Expected = Record<string, { y: number[]; slope: number[] }>;
const { x, ...expected } = fixtureJson('activations.json') as { x: number[] } & Expected;

it('there is every one transformers was asked for, and no other', () => {
  expect(Object.keys(expected)).toEqual([...activationNames]);
});

it.each(activationNames)('%s and its slope are as in transformers to 2e-6', async (name) => {
  const step = compile(({ at }: { at: tf.Tensor }) => {
    const y = activations[name](at);
    return {
      y,
      slope: valueAndGradients((given) => ({ value: activations[name](given.at).sum() }), { at }).gradients.at,
    };
  });
  const { y, slope } = await step({ at: values(x as number[]) });
  await step.dispose();
  // The largest are 12, where float32's last digit is 1e-6.
  const right = (expected as Expected)[name]!;
  expect(largestError(y, { data: right.y })).toBeLessThan(2e-6);
  expect(largestError(slope, { data: right.slope })).toBeLessThan(2e-6);
});
