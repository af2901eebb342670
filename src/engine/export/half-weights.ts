// Weights stored as float16: half the file. The graph still computes with float32, so every runtime runs it; those that
// fold constants widen the matrices once, when they load it.
import { narrowToHalf } from '../../hub/half-precision.js';
import { elementType, type InitializerDef, type ModelDef } from '../onnx.js';
import { rewrite } from './rewrite.js';
import { numbersOf } from './values.js';

/** What takes some rows out of a table: it is narrower than its table, so that is what gets widened. */
const lookups = new Set(['Gather', 'Slice']);

/**
 * The same model with the named float32 constants as float16, rounded to the nearest.
 * @throws RangeError naming a constant with a value beyond float16's range, 65504
 */
export function halfWeights(model: ModelDef, names: ReadonlySet<string>): ModelDef {
  const widened = new Map<string, string>();
  const initializers = model.initializers.map((one) => (names.has(one.name) ? narrowed(one) : one));
  return rewrite({ ...model, initializers }, (node, graph) => {
    const table = node.inputs[0] as string;
    if (lookups.has(node.op) && names.has(table)) {
      const half = graph.node(node.op, node.inputs, node.attributes);
      graph.append({ op: 'Cast', inputs: [half], outputs: node.outputs, attributes: { to: elementType.float32 } });
      return;
    }
    const inputs = node.inputs.map((name) => {
      if (!names.has(name)) return name;
      const wide = widened.get(name) ?? graph.node('Cast', [name], { to: elementType.float32 });
      widened.set(name, wide);
      return wide;
    });
    graph.append({ ...node, inputs });
  });
}

function narrowed(initializer: InitializerDef): InitializerDef {
  const { name, type } = initializer;
  if (type !== 'float32') throw new RangeError(`Only float32 can be stored as float16; "${name}" is ${type}.`);
  const values = numbersOf(initializer) as Float32Array;
  const bits = narrowToHalf(values);
  const lost = bits.findIndex((half, i) => (half & 0x7fff) === 0x7c00 && Number.isFinite(values[i]));
  if (lost >= 0)
    throw new RangeError(
      `"${name}" has the value ${values[lost]}, beyond what float16 holds (65504): keep it in float32 or int8.`,
    );
  return { ...initializer, type: 'float16', bytes: new Uint8Array(bits.buffer) };
}
