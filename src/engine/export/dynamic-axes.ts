// From a function that is recorded at fixed sizes to one graph for every size.
//
//   const model = recordDynamic(({ x }: { x: tf.Tensor }) => ({ y: tf.reshape(x, [x.shape[0] * x.shape[1]]) }),
//     { x: { dtype: 'float32', shape: ['batch', 'sequence'] } }, { batch: {}, sequence: { longest: 512 } });
//
// The function is recorded at a few sizes. It must use the same operations at each; where a whole number differs, such as
// the shape of a reshape or the end of a slice, it is fitted as a sum of products of the sizes, which the graph then
// computes from the shapes of its inputs. One more recording checks the fit. What differs in another way is refused.
import type { ModelDef, ValueDef } from '../onnx.js';
import { isResult, type Recorded } from '../record.js';
import type { Tensor } from '../tf.js';
import { TraceError } from '../trace.js';
import { flatten, type MapTree } from '../tree.js';
import { differences } from './differences.js';
import { type Axis, type DynamicInput, Recordings } from './recordings.js';
import { rewrite } from './rewrite.js';
import { isFixed, SizeNodes, spell } from './sizes.js';
import { writeVarying } from './varying-constant.js';

export type { Axis, DynamicInput } from './recordings.js';

/**
 * Records `fn` as one graph in which the named axes have any size from 1.
 * Inputs are named by their paths, and so are outputs.
 * @param inputs a tree of tensors as `fn` takes it, described
 * @param axes every name that occurs in the inputs' shapes
 * @throws TraceError naming the operation that depends on the sizes in a way no graph can compute
 */
export function recordDynamic<Input, Output>(
  fn: (inputs: Input) => Output,
  inputs: MapTree<Input, Tensor, DynamicInput>,
  axes: Readonly<Record<string, Axis>>,
): ModelDef {
  const recordings = new Recordings(fn as (inputs: unknown) => unknown, inputs, axes);
  const sources = recordings.sources();
  const varying = differences(recordings);
  const outputs = outputsOf(recordings);
  const renamed = new Map(outputs.map(({ value, def }) => [value, def.name]));
  const nameOf = (name: string) => renamed.get(name) ?? name;
  const [{ model }] = recordings.recorded as readonly [Recorded];
  const dynamic = {
    ...model,
    inputs: model.inputs.map((input) => ({ ...input, shape: recordings.inputs.get(input.name)?.shape ?? input.shape })),
    outputs: outputs.map(({ def }) => def),
  };
  let sizes: SizeNodes | undefined;
  return rewrite(dynamic, (node, graph, index) => {
    sizes ??= new SizeNodes(graph, sources);
    const given = node.inputs.map((name, input) => {
      const constants = varying.get(`${index}.${input}`);
      return constants ? writeVarying(constants, { node, input }, recordings, sizes as SizeNodes) : nameOf(name);
    });
    graph.append({ ...node, inputs: given, outputs: node.outputs.map(nameOf) });
  });
}

/** For each output the name of its value in the first recording, and what the graph says of it. */
function outputsOf(recordings: Recordings): { value: string; def: ValueDef }[] {
  const all = recordings.recorded.map(({ tree, outputs }) =>
    flatten(tree, isResult).map(([path, { dtype, shape, output }]) => ({
      name: path || 'output',
      type: dtype,
      shape,
      value: outputs[output]?.name as string,
    })),
  );
  return (all[0] ?? []).map(({ name, type, shape, value }, i) => {
    const dimensions = shape.map((_, d) => {
      const form = recordings.form(all.map((outputs) => outputs[i]?.shape[d] as number));
      if (form === undefined)
        throw new TraceError(`Dimension ${d} of the output "${name}" is no sum of products of sizes.`);
      return isFixed(form) ? (form[0] as number) : spell(form, recordings.names);
    });
    return { value, def: { name, type, shape: dimensions } };
  });
}
