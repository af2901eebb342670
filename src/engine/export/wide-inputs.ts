// Inputs of token ids as the rest of the world feeds them: int64, where the engine computes with int32.
import { elementType, type ModelDef } from '../onnx.js';
import { rewrite } from './rewrite.js';

/** Operators that pass the elements of their first input on, whatever their type. */
const movers = new Set(['Reshape', 'Slice', 'Transpose', 'Expand', 'Tile', 'Identity']);

/** The same model with the named int32 inputs as int64. They are cast to int32 only where something needs that. */
export function wideInputs(model: ModelDef, names: Iterable<string>): ModelDef {
  /** Values that are int64 now, with the name of their int32 copy where there is one. */
  const wide = new Map<string, string | undefined>([...names].map((name) => [name, undefined]));
  const outputs = new Set(model.outputs.map(({ name }) => name));
  const inputs = model.inputs.map((input) => (wide.has(input.name) ? { ...input, type: 'int64' as const } : input));
  return rewrite({ ...model, inputs }, (node, graph) => {
    const takesWide = (at: number): boolean =>
      (node.op === 'Gather' && at === 1) ||
      (at === 0 &&
        (node.op === 'Shape' ||
          node.op === 'Cast' ||
          (movers.has(node.op) && !outputs.has(node.outputs[0] as string))));
    const given = node.inputs.map((name, at) => {
      if (!wide.has(name) || takesWide(at)) return name;
      const narrow = wide.get(name) ?? graph.node('Cast', [name], { to: elementType.int32 });
      wide.set(name, narrow);
      return narrow;
    });
    if (movers.has(node.op) && wide.has(given[0] as string)) wide.set(node.outputs[0] as string, undefined);
    graph.append({ ...node, inputs: given });
  });
}
