// The suite train-step on tfjs-node: the same model code run eagerly, each operation at once, by TensorFlow's C library.
// MODEL_TYPES_BENCH_TFJS_BACKEND=cpu tries this program out where tfjs-node does not load.
import { type HostTensor, tf } from '../../src/engine/index.js';
import type { Params } from '../../src/nn/pass.js';
import type { TrainStepCase } from '../suites/train-step.js';
import { answerSteps } from './answer-steps.js';
import { randomBatch, randomClassifier } from './random-classifier.js';

const backend = process.env.MODEL_TYPES_BENCH_TFJS_BACKEND ?? 'tensorflow';

/** The version that loaded, or why none did. */
async function load(): Promise<{ name: string } | { missing: string }> {
  if (backend !== 'tensorflow') return { name: `tfjs ${backend}` };
  try {
    // Node 23 removed util.isNullOrUndefined, which tfjs-node calls while it loads.
    const util = (await import('node:util')).default as { isNullOrUndefined?: (value: unknown) => boolean };
    util.isNullOrUndefined ??= (value) => value === null || value === undefined;
    const name = '@tensorflow/tfjs-node';
    const { version } = (await import(name)) as { version: { 'tfjs-node': string } };
    // The engine's own operators, which are made of plain operations everywhere but in a graph.
    for (const operator of ['Gelu', 'LayerNormalization', 'DropoutMask']) {
      const kernel = tf.getKernel(operator, 'cpu');
      if (kernel && !tf.getKernel(operator, backend)) tf.registerKernel({ ...kernel, backendName: backend });
    }
    return { name: `tfjs-node ${version['tfjs-node']}` };
  } catch (error) {
    const reason = String(error instanceof Error ? error.message : error).split('\n')[0];
    return { missing: `not installed (${reason})` };
  }
}

await answerSteps(async (size: TrainStepCase) => {
  if (size.dropout > 0) return { missing: 'measured without dropout only' };
  const loaded = await load();
  if ('missing' in loaded) return loaded;
  await tf.setBackend(backend);
  const model = await randomClassifier(size);
  const { inputs, labels, rowWeights } = randomBatch(size);
  const batch = {
    inputs: {
      inputIds: tensor(inputs.inputIds),
      attentionMask: tensor(inputs.attentionMask),
      tokenTypeIds: tensor(inputs.tokenTypeIds),
    },
    labels: tensor(labels),
    rowWeights: tensor(rowWeights),
  };
  const variables = new Map([...model.weights].map(([name, value]) => [name, tf.variable(tensor(value), true, name)]));
  const params: Params = Object.fromEntries(variables);
  const list = [...variables.values()];
  const optimizer = tf.train.adam(5e-5, 0.9, 0.999, 1e-8);
  const step = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => model.loss(params, batch, {}).value as tf.Scalar, list);
      const norm = tf.sqrt(tf.addN(Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)))));
      const scale = tf.minimum(1, tf.div(1, tf.add(norm, 1e-6)));
      optimizer.applyGradients(
        Object.entries(grads).map(([name, gradient]) => ({ name, tensor: tf.mul(gradient, scale) })),
      );
      return value.dataSync()[0] as number;
    });
  return { name: loaded.name, parameters: model.parameterCount, step };
});

function tensor({ data, shape }: HostTensor): tf.Tensor {
  return tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32');
}
