// Records a function of TensorFlow.js tensors once, on symbolic tensors, as a graph.
//
//   const { model, tree } = record(({ x }) => ({ y: tf.neg(x) }), { x: { dtype: 'float32', shape: [2] } }, false);
//   encodeModel(model)                       // the bytes of a .onnx file with the input x; tree.y names its output
import { Graph } from './graph.js';
import type { DType } from './host-tensor.js';
import './kernels/index.js';
import type { ModelDef } from './onnx.js';
import type { OutputDef } from './session.js';
import { Tensor } from './tf.js';
import { TraceError, traceBackend, traceInput } from './trace.js';
import { mapTree } from './tree.js';

/** What recording needs to know of an input; a HostTensor is one. */
export interface InputDef {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** One leaf of the output tree: a value of the graph, or a sum of rows to finish outside it. */
export interface ResultDef {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Index into the graph's outputs: the value, or the rows to add up. */
  readonly output: number;
  /** Index of the rows' ids, where there are rows to add up. */
  readonly ids?: number;
}

export interface Recorded {
  readonly model: ModelDef;
  readonly outputs: readonly OutputDef[];
  /** The output tree with a `ResultDef` at each leaf. */
  readonly tree: unknown;
}

export const isResult = (value: unknown): value is ResultDef =>
  typeof value === 'object' && value !== null && 'output' in value && typeof value.output === 'number';
const isInput = (value: unknown): value is InputDef =>
  typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value;
const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

/** Inputs are named by their paths; a tensor alone has an empty one, which ONNX does not take for a name. */
export const inputName = (path: string): string => path || 'input';

/**
 * Calls `fn` once with symbolic tensors in place of the inputs, a tree of `InputDef`s.
 * @param partSums leave sums of rows that are outputs to sumRows
 * @throws TraceError where it does what no graph can, with the way round
 */
export function record(fn: (inputs: unknown) => unknown, inputs: unknown, partSums: boolean): Recorded {
  const graph = new Graph();
  try {
    return traceBackend.recordInto(graph, () => {
      const symbolic = mapTree(inputs, isInput, ({ shape, dtype }, path) =>
        traceInput(graph, inputName(path), shape, dtype),
      );
      const result = fn(symbolic);
      if (result instanceof Promise)
        throw new TraceError(
          'compile(fn) needs a function that returns tensors at once; this one is async. Await what it waits for before, and pass that in.',
        );
      const outputs: OutputDef[] = [];
      const taken = new Set(graph.inputs.map((input) => input.name));
      const output = (value: string, dtype: DType, shape: readonly number[]): number => {
        // An output needs a node of its own: inputs, constants and values returned twice are passed through one.
        const name = taken.has(value) || graph.isConstant(value) ? graph.node('Identity', [value]) : value;
        taken.add(name);
        return outputs.push({ name, dtype, shape }) - 1;
      };
      const tree = mapTree(result, isTensor, ({ dataId, shape, dtype: type }): ResultDef => {
        const dtype = type as DType;
        const name = traceBackend.nameOf({ dataId, shape, dtype });
        const sum = partSums ? graph.rowSums.get(name) : undefined;
        if (sum === undefined) return { dtype, shape, output: output(name, dtype, shape) };
        const rows = output(sum.rows, dtype, [sum.count, ...shape.slice(1)]);
        return { dtype, shape, output: rows, ids: output(sum.ids, 'int32', [sum.count, 1]) };
      });
      const model = graph.model(outputs.map(({ name, dtype, shape }) => ({ name, type: dtype, shape })));
      return { model, outputs, tree };
    });
  } catch (error) {
    throw explained(error);
  }
}

/** Turns the messages of TensorFlow.js and ONNX Runtime about what they lack into ones that say what to do. */
export function explained(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const kernel = /Kernel '(\w+)' not registered for backend/.exec(message)?.[1];
  if (kernel !== undefined)
    return new TraceError(
      `The operation ${kernel} cannot be compiled: the engine has no ONNX form for it. Compute it before and pass the result in, or write it with operations that have one (src/engine/kernels lists them).`,
      { cause: error },
    );
  const gradient = /gradient function not found for (\w+)/.exec(message)?.[1];
  if (gradient !== undefined)
    return new TraceError(
      `The operation ${gradient} has no gradient in TensorFlow.js. Write it with operations that have one, or give it one with tf.customGrad.`,
      { cause: error },
    );
  const typed = /Type 'tensor\((\w+)\)' of input parameter \(.*?\) of operator \((\w+)\)/.exec(message);
  if (typed !== null)
    return new TraceError(
      `The operation ${typed[2]} does not compute with ${typed[1] === 'float' ? 'float32' : typed[1]}. Cast its input with tf.cast before.`,
      { cause: error },
    );
  const untyped = /Could not find an implementation for (\w+)/.exec(message)?.[1];
  if (untyped !== undefined)
    return new TraceError(
      `ONNX Runtime has no ${untyped} for inputs of this type. Cast them to float32 with tf.cast before.`,
      { cause: error },
    );
  return error;
}
