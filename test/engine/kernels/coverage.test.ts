// No kernel without a case.
import { expect, it } from 'vitest';
import { tf } from '../../../src/engine/index.js';
import { traceBackendName } from '../../../src/engine/trace.js';
import { compareCases } from './compare.cases.js';
import { createCases } from './create.cases.js';
import { binaryCases, unaryCases } from './elementwise.cases.js';
import { gatherCases } from './gather.cases.js';
import { matmulCases } from './matmul.cases.js';
import { operatorCases } from './operators.cases.js';
import { reduceCases } from './reduce.cases.js';
import { shapeCases } from './shape.cases.js';
import { softmaxCases } from './softmax.cases.js';

it('every kernel of the tracing backend is held against the cpu backend', () => {
  const cases = {
    ...compareCases,
    ...createCases,
    ...unaryCases,
    ...binaryCases,
    ...gatherCases,
    ...matmulCases,
    ...operatorCases,
    ...reduceCases,
    ...shapeCases,
    ...softmaxCases,
  };
  const registered = tf.getKernelsForBackend(traceBackendName).map(({ kernelName }) => kernelName);
  expect(registered.filter((name) => !(name in cases))).toEqual([]);
});
