// A constant that differs between recordings, written as what a graph computes from the sizes of its axes:
//
//   numbers        the shape of a reshape, the end of a slice: each a sum of products of sizes
//   ramps          0, 1, 2, ... up to a size
//   tables         cut out of the one for the largest sizes
import { sizeOf } from '../host-tensor.js';
import { elementType, type InitializerDef, type NodeDef } from '../onnx.js';
import { TraceError } from '../trace.js';
import type { Recordings } from './recordings.js';
import { type Form, isFixed, type SizeNodes, spell } from './sizes.js';
import { isCorner, numbersOf, stepOf } from './values.js';

/** Tables larger than this many elements are not put into a graph. */
const largestTable = 2 ** 24;

/** What reads the constant. */
interface Reader {
  readonly node: NodeDef;
  readonly input: number;
}

/**
 * @param constants one a recording
 * @returns the name of a value that equals each at its sizes
 * @throws TraceError where there is no such form
 */
export function writeVarying(
  constants: readonly InitializerDef[],
  { node, input }: Reader,
  recordings: Recordings,
  nodes: SizeNodes,
): string {
  const { graph } = nodes;
  const [{ type, shape }] = constants as readonly [InitializerDef];
  const refuse = (what: string): never => {
    throw new TraceError(
      `Input ${input} of ${node.op} (${node.outputs[0]}) depends on the sizes of ${recordings.names.join(' and ')} in a way the graph cannot compute: ${what}. Compute it from tensors, for instance with tf.range.`,
    );
  };
  const cast = (name: string): string =>
    type === 'int64' ? name : graph.node('Cast', [name], { to: elementType[type] });
  const values = constants.map(numbersOf);
  if (constants.some((one) => one.shape.length !== shape.length)) refuse('its rank changes');
  const dimensions = shape.map(
    (_, d) =>
      recordings.form(constants.map((one) => one.shape[d] as number)) ??
      refuse('its shape is no sum of products of sizes'),
  );

  if (dimensions.every(isFixed)) {
    if (sizeOf(shape) > 64) refuse(`its ${sizeOf(shape)} elements change`);
    const forms = Array.from({ length: sizeOf(shape) }, (_, i) => {
      const seen = values.map((list) => list[i] as number);
      return (
        recordings.form(seen) ?? refuse(`it is ${seen.map((value, r) => `${value} ${recordings.at(r)}`).join(', ')}`)
      );
    });
    if (shape.length === 0) return cast(nodes.scalar(forms[0] as Form));
    // One unknown dimension of a reshape follows from the others.
    if (node.op === 'Reshape' && forms.filter((form) => !isFixed(form)).length === 1)
      return graph.ints(forms.map((form) => (isFixed(form) ? (form[0] as number) : -1)));
    const flat = cast(nodes.vector(forms));
    return shape.length === 1 ? flat : graph.node('Reshape', [flat, graph.ints(shape)]);
  }

  const [start, step] = [values[0]?.[0] as number, stepOf(values[0] as ArrayLike<number>)];
  if (step !== undefined && values.every((list) => list[0] === start && stepOf(list) === step)) {
    const count =
      recordings.form(values.map((list) => list.length)) ?? refuse('its length is no sum of products of sizes');
    const limit = nodes.scalar(count.map((factor, mask) => factor * step + (mask === 0 ? start : 0)));
    const ramp = cast(graph.node('Range', [graph.scalar('int64', start), limit, graph.scalar('int64', step)]));
    return shape.length === 1 ? ramp : graph.node('Reshape', [ramp, nodes.vector(dimensions)]);
  }

  const table = tableFor(constants, dimensions, recordings);
  if (table === undefined)
    return refuse(
      `it is a table of shape [${dimensions.map((form) => spell(form, recordings.names)).join(', ')}] that is no part of one for the largest sizes`,
    );
  const cut = dimensions.flatMap((form, d) => (isFixed(form) ? [] : [d]));
  const whole = graph.constant(type as 'float32', numbersOf(table), table.shape);
  const ends = nodes.vector(cut.map((d) => dimensions[d] as Form));
  return graph.node('Slice', [whole, graph.ints(cut.map(() => 0)), ends, graph.ints(cut)]);
}

/** The constant for the largest sizes whose first rows, columns and so on are each of the given ones. */
function tableFor(
  constants: readonly InitializerDef[],
  dimensions: readonly Form[],
  recordings: Recordings,
): InitializerDef | undefined {
  const shape = recordings.largest(dimensions);
  if (shape === undefined || sizeOf(shape) > largestTable) return undefined;
  const { initializers } = recordings.atLongest().model;
  return initializers.find(
    (one) => String(one.shape) === String(shape) && constants.every((small) => isCorner(small, one)),
  );
}
