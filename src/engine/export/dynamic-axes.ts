// From a function that is recorded at fixed sizes to one graph for every size.
//
//   const model = recordDynamic(({ x }: { x: tf.Tensor }) => ({ y: tf.reshape(x, [x.shape[0] * x.shape[1]]) }),
//     { x: { dtype: 'float32', shape: ['batch', 'sequence'] } }, { batch: {}, sequence: { longest: 512 } });
//
// The function is recorded at a few sizes. It must use the same operations at each; where a whole number differs, such as
// the shape of a reshape or the end of a slice, it is fitted as a sum of products of the sizes, which the graph then
// computes from the shapes of its inputs. One more recording checks the fit. What differs in another way is refused.
import { type DType, sizeOf } from '../host-tensor.js';
import { elementType, type InitializerDef, type ModelDef, type NodeDef, type ValueDef } from '../onnx.js';
import { type InputDef, isResult, type Recorded, record } from '../record.js';
import type { Tensor } from '../tf.js';
import { TraceError } from '../trace.js';
import { flatten, type MapTree, mapTree } from '../tree.js';
import { rewrite } from './rewrite.js';
import { type AxisSource, type Form, fitForm, isFixed, SizeNodes, spell, valueAt } from './sizes.js';
import { isCorner, numbersOf, stepOf } from './values.js';

/** An input whose dimensions are sizes or, where they vary, names of axes. */
export interface DynamicInput {
  readonly dtype: DType;
  readonly shape: readonly (number | string)[];
}

export interface Axis {
  /** The largest size the function takes. Tables that depend on the size, such as sines of positions, are made for it. */
  readonly longest?: number;
}

/** Sizes to record the axes at: prime and unlike those of models, so that no dimension equals another by chance. */
const trials = [
  [5, 7, 11],
  [13, 17, 19],
  [23, 29, 31],
] as const;

/** Tables larger than this many elements are not put into a graph. */
const largestTable = 2 ** 24;

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
  return new Recordings(fn as (inputs: unknown) => unknown, inputs, axes).model();
}

const isInput = (value: unknown): value is DynamicInput =>
  typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value;

class Recordings {
  readonly #names: readonly string[];
  readonly #corners: readonly (readonly [number, number])[];
  /** The sizes of each recording: all corners, then the one to check by. */
  readonly #sizes: readonly (readonly number[])[];
  readonly #recorded: readonly Recorded[];
  #longest: Recorded | undefined;

  constructor(
    readonly fn: (inputs: unknown) => unknown,
    readonly inputs: unknown,
    readonly axes: Readonly<Record<string, Axis>>,
  ) {
    this.#names = Object.keys(axes);
    const used = flatten(inputs, isInput).flatMap(([, { shape }]) => shape.filter((size) => typeof size === 'string'));
    const unknown = used.find((name) => !this.#names.includes(name));
    if (unknown !== undefined)
      throw new RangeError(`An input has the axis ${unknown}, which is not among the axes: ${this.#names.join(', ')}.`);
    const sizes = this.#names.map((name, k) => {
      const [low, high, check] = trials[k] ?? [];
      if (low === undefined || high === undefined || check === undefined)
        throw new RangeError(`At most ${trials.length} axes can vary; got ${this.#names.join(', ')}.`);
      const { longest = check } = axes[name] as Axis;
      if (longest < check)
        throw new RangeError(`The axis ${name} must reach ${check} to be recorded; its longest is ${longest}.`);
      return [low, high, check] as const;
    });
    this.#corners = sizes.map(([low, high]) => [low, high]);
    const corner = (mask: number) =>
      sizes.map(([low, high]) => [low, high] as const).map((two, k) => two[(mask >> k) & 1] as number);
    this.#sizes = [
      ...Array.from({ length: 2 ** sizes.length }, (_, mask) => corner(mask)),
      sizes.map(([, , check]) => check),
    ];
    this.#recorded = this.#sizes.map((at) => this.#recordAt(at));
  }

  model(): ModelDef {
    const [base] = this.#recorded.map(({ model }) => model) as [ModelDef];
    const sources = this.#names.map((name) => this.#sourceOf(name));
    const uses = this.#aligned();
    const renamed = new Map(this.#outputs().map(({ path, value }) => [value, path]));
    const nameOf = (name: string) => renamed.get(name) ?? name;
    let sizes: SizeNodes | undefined;
    return rewrite(
      { ...base, inputs: this.#dynamicInputs(base.inputs), outputs: this.#outputs().map(({ def }) => def) },
      (node, graph, index) => {
        sizes ??= new SizeNodes(graph, sources);
        const given = node.inputs.map((name, at) => {
          const constants = uses.get(`${index}.${at}`);
          return constants === undefined ? nameOf(name) : this.#constant(constants, node, at, sizes as SizeNodes);
        });
        graph.append({ ...node, inputs: given, outputs: node.outputs.map(nameOf) });
      },
    );
  }

  #recordAt(sizes: readonly number[]): Recorded {
    const sized = mapTree(
      this.inputs,
      isInput,
      ({ dtype, shape }): InputDef => ({
        dtype,
        shape: shape.map((size) => (typeof size === 'number' ? size : (sizes[this.#names.indexOf(size)] as number))),
      }),
    );
    return record(this.fn, sized, false);
  }

  /** For each output its path, the name of its value in the first recording, and what the graph says of it. */
  #outputs(): { path: string; value: string; def: ValueDef }[] {
    const all = this.#recorded.map(({ tree, outputs }) =>
      flatten(tree, isResult).map(([path, { dtype, shape, output }]) => ({
        path: path || 'output',
        dtype,
        shape,
        value: outputs[output]?.name as string,
      })),
    );
    return (all[0] ?? []).map(({ path, dtype, shape, value }, i) => {
      const dimensions = shape.map((_, d) => {
        const form = this.#form(all.map((outputs) => outputs[i]?.shape[d] as number));
        if (form === undefined)
          throw new TraceError(`Dimension ${d} of the output "${path}" is no sum of products of sizes.`);
        return isFixed(form) ? (form[0] as number) : spell(form, this.#names);
      });
      return { path, value, def: { name: path, type: dtype, shape: dimensions } };
    });
  }

  #dynamicInputs(recorded: readonly ValueDef[]): ValueDef[] {
    const shapes = new Map(flatten(this.inputs, isInput).map(([path, { shape }]) => [path, shape]));
    return recorded.map((input) => ({ ...input, shape: shapes.get(input.name) ?? input.shape }));
  }

  #sourceOf(axis: string): AxisSource {
    for (const [input, { shape }] of flatten(this.inputs, isInput))
      if (shape.includes(axis)) return { input, dimension: shape.indexOf(axis) };
    throw new RangeError(`No input has the axis ${axis}; the axes are those of the inputs' shapes.`);
  }

  /**
   * Checks that all recordings are the same nodes, wired the same way.
   * @returns the constants of all recordings at each place, "node.input", where they are not equal
   */
  #aligned(): Map<string, readonly InitializerDef[]> {
    const models = this.#recorded.map(({ model }) => model);
    const places = models.map(placesOf);
    const constants = models.map(({ initializers }) => new Map(initializers.map((one) => [one.name, one])));
    const different = new Map<string, readonly InitializerDef[]>();
    const [base] = models as [ModelDef];
    models.forEach(({ nodes }, r) => {
      const at = nodes.findIndex((node, i) => kindOf(node) !== kindOf(base.nodes[i]));
      const missing = at < 0 && nodes.length < base.nodes.length ? nodes.length : at;
      if (missing < 0) return;
      const [here, there] = [base.nodes[missing]?.op ?? 'nothing more', nodes[missing]?.op ?? 'nothing more'];
      throw new TraceError(
        `The function does other things at other sizes: after ${missing} operations it writes ${here} ${this.#at(0)} and ${there} ${this.#at(r)}${here === there ? ' with other attributes' : ''}. Which operations it uses must not depend on a size.`,
      );
    });
    base.nodes.forEach((node, i) => {
      node.inputs.forEach((_, at) => {
        const names = models.map(({ nodes }) => nodes[i]?.inputs[at] ?? '');
        const found = names.flatMap((name, r) => constants[r]?.get(name) ?? []);
        const wires = new Set(names.map((name, r) => places[r]?.get(name)));
        if (wires.size > 1 || (found.length > 0 && found.length < names.length))
          throw new TraceError(
            `At other sizes ${node.op} (operation ${i}) reads other values: what it reads must not depend on a size.`,
          );
        if (found.some((one) => !sameConstant(one, found[0] as InitializerDef))) different.set(`${i}.${at}`, found);
      });
    });
    return different;
  }

  /** The name of a value that equals each recording's constant at its sizes. */
  #constant(constants: readonly InitializerDef[], node: NodeDef, at: number, sizes: SizeNodes): string {
    const [{ type, shape }] = constants as readonly [InitializerDef];
    const refuse = (what: string): never => {
      throw new TraceError(
        `Input ${at} of ${node.op} (${node.outputs[0]}) depends on the sizes of ${this.#names.join(' and ')} in a way the graph cannot compute: ${what}. Compute it from tensors, for instance with tf.range.`,
      );
    };
    const rank = shape.length;
    if (constants.some((one) => one.shape.length !== rank)) refuse('its rank changes');
    const { graph } = sizes;
    const dimensions = shape.map(
      (_, d) =>
        this.#form(constants.map((one) => one.shape[d] as number)) ??
        refuse('its shape is no sum of products of sizes'),
    );
    const values = constants.map(numbersOf);
    const cast = (name: string): string =>
      type === 'int64' ? name : graph.node('Cast', [name], { to: elementType[type] });

    if (dimensions.every(isFixed)) {
      if (sizeOf(shape) > 64) refuse(`its ${sizeOf(shape)} elements change`);
      const forms = Array.from({ length: sizeOf(shape) }, (_, i) => {
        const seen = values.map((list) => list[i] as number);
        return this.#form(seen) ?? refuse(`it is ${seen.map((value, r) => `${value} ${this.#at(r)}`).join(', ')}`);
      });
      if (rank === 0) return cast(sizes.scalar(forms[0] as Form));
      // One unknown dimension of a reshape follows from the others.
      if (node.op === 'Reshape' && forms.filter((form) => !isFixed(form)).length === 1)
        return graph.ints(forms.map((form) => (isFixed(form) ? (form[0] as number) : -1)));
      const flat = cast(sizes.vector(forms));
      return rank === 1 ? flat : graph.node('Reshape', [flat, graph.ints(shape)]);
    }

    const ramps = values.map((list) => ({ start: list[0] as number, step: stepOf(list) }));
    const [{ start, step }] = ramps as [{ start: number; step: number | undefined }];
    if (step !== undefined && ramps.every((ramp) => ramp.start === start && ramp.step === step)) {
      const count =
        this.#form(values.map((list) => list.length)) ?? refuse('its length is no sum of products of sizes');
      const limit = sizes.scalar(count.map((factor, mask) => factor * step + (mask === 0 ? start : 0)));
      const ends = [graph.scalar('int64', start), limit, graph.scalar('int64', step)];
      const ramp = cast(graph.node('Range', ends));
      return rank === 1 ? ramp : graph.node('Reshape', [ramp, sizes.vector(dimensions)]);
    }

    const table = this.#table(constants[0] as InitializerDef, dimensions);
    if (table === undefined)
      return refuse(
        `it is a table of shape [${dimensions.map((form) => spell(form, this.#names)).join(', ')}] that is no part of one for the largest sizes`,
      );
    const cut = dimensions.flatMap((form, d) => (isFixed(form) ? [] : [d]));
    const whole = graph.constant(type as 'float32', numbersOf(table), table.shape);
    const begins = graph.ints(cut.map(() => 0));
    return graph.node('Slice', [whole, begins, sizes.vector(cut.map((d) => dimensions[d] as Form)), graph.ints(cut)]);
  }

  /** The constant for the largest sizes whose first rows, columns and so on are the given one's. */
  #table(small: InitializerDef, dimensions: readonly Form[]): InitializerDef | undefined {
    const largest = this.#names.map((name, k) => this.axes[name]?.longest ?? (this.#sizes[0]?.[k] as number));
    const bounded = (form: Form) =>
      form.every(
        (factor, mask) =>
          factor === 0 || this.#names.every((name, k) => !(mask & (1 << k)) || this.axes[name]?.longest !== undefined),
      );
    if (!dimensions.every(bounded)) return undefined;
    const shape = dimensions.map((form) => valueAt(form, largest));
    if (sizeOf(shape) > largestTable) return undefined;
    this.#longest ??= this.#recordAt(largest);
    return this.#longest.model.initializers.find(
      (one) => one.type === small.type && String(one.shape) === String(shape) && isCorner(small, one),
    );
  }

  /** The form through one value a recording, or undefined where there is none with whole factors. */
  #form(values: readonly number[]): Form | undefined {
    const form = fitForm(values.slice(0, -1), this.#corners);
    const checked = valueAt(form, this.#sizes.at(-1) as readonly number[]) === values.at(-1);
    return checked && form.every(Number.isSafeInteger) ? form : undefined;
  }

  /** "at batch 5, sequence 13" */
  #at(recording: number): string {
    return `at ${this.#names.map((name, k) => `${name} ${this.#sizes[recording]?.[k]}`).join(', ')}`;
  }
}

/** What a node is, apart from what it reads. */
const kindOf = (node: NodeDef | undefined): string =>
  node === undefined ? '' : JSON.stringify([node.op, node.outputs.length, node.attributes]);

/** Where each value that is no constant comes from, said in a way that does not depend on names of nodes. */
function placesOf({ nodes, inputs }: ModelDef): Map<string, string> {
  const places = new Map(inputs.map(({ name }) => [name, `input ${name}`]));
  nodes.forEach(({ outputs }, i) => {
    outputs.forEach((name, k) => {
      places.set(name, `${i}.${k}`);
    });
  });
  return places;
}

const sameConstant = (a: InitializerDef, b: InitializerDef): boolean =>
  a.type === b.type && String(a.shape) === String(b.shape) && Buffer.compare(a.bytes, b.bytes) === 0;
