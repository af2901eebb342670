// Runs a model that is not in a file, as tests of rewritten graphs do.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { HostTensor } from '../../../src/engine/index.js';
import { encodeModel, type ModelDef } from '../../../src/engine/onnx.js';

/** The outputs by name, as lists of numbers with their shape. int32 goes in as int64 where the model asks for that. */
export async function run(
  model: ModelDef,
  inputs: Readonly<Record<string, HostTensor>>,
): Promise<Record<string, { values: number[]; shape: readonly number[] }>> {
  const session = await InferenceSession.create(encodeModel(model), { logSeverityLevel: 3 });
  try {
    const feeds = model.inputs.map(({ name, type }) => {
      const { dtype, data, shape } = inputs[name] as HostTensor;
      const wide = type === 'int64';
      return [
        name,
        wide
          ? new Tensor('int64', BigInt64Array.from(data as Int32Array, BigInt), shape)
          : new Tensor(dtype, data as Float32Array, shape),
      ];
    });
    const results = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(results).map(([name, { data, dims }]) => [
        name,
        { values: Array.from(data as Float32Array, Number), shape: dims },
      ]),
    );
  } finally {
    await session.release();
  }
}

/** The operators of a model, in order. */
export const operators = ({ nodes }: ModelDef): string[] => nodes.map(({ op }) => op);
