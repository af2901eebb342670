// Weights put into a graph, under their own names: what was an input of the recorded function becomes a constant.
//
//   withWeights(model, 'params.', weights)       // the input "params.classifier.bias" is the constant "classifier.bias" then
import type { Weights } from '../host-tensor.js';
import type { InitializerDef, ModelDef } from '../onnx.js';

/**
 * @param prefix what stands before the weights' names in the names of the inputs
 * @returns a model whose inputs are those no weight is given for and something reads; it shares the weights' memory
 * @throws RangeError where an input with that prefix has no weight, or one of another shape
 */
export function withWeights(model: ModelDef, prefix: string, weights: Weights): ModelDef {
  const read = new Set([...model.nodes.flatMap(({ inputs }) => inputs), ...model.outputs.map(({ name }) => name)]);
  const taken = new Set([
    ...model.nodes.flatMap(({ outputs }) => outputs),
    ...model.initializers.map(({ name }) => name),
  ]);
  const renamed = new Map<string, string>();
  const initializers: InitializerDef[] = [];
  for (const { name: input, type, shape } of model.inputs) {
    if (!input.startsWith(prefix) || !read.has(input)) continue;
    const name = input.slice(prefix.length);
    const weight = weights.get(name);
    if (weight?.dtype !== type || String(weight.shape) !== String(shape))
      throw new RangeError(
        `The graph reads "${name}", ${type}[${shape}]; what was given is ${weight === undefined ? 'nothing' : `${weight.dtype}[${weight.shape}]`}.`,
      );
    if (taken.has(name)) throw new RangeError(`The weight "${name}" is named as a value of the graph is.`);
    renamed.set(input, name);
    const { buffer, byteOffset, byteLength } = weight.data;
    initializers.push({ name, type, shape: weight.shape, bytes: new Uint8Array(buffer, byteOffset, byteLength) });
  }
  return {
    nodes: model.nodes.map((node) => ({ ...node, inputs: node.inputs.map((name) => renamed.get(name) ?? name) })),
    initializers: [...initializers, ...model.initializers],
    inputs: model.inputs.filter(({ name }) => read.has(name) && !name.startsWith(prefix)),
    outputs: model.outputs,
  };
}
