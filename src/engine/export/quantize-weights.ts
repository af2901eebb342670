// Weights stored as int8, a quarter of the file, and matrix products computed in whole numbers, as ONNX Runtime's
// quantize_dynamic writes them: activations are quantised when the graph runs, each tensor by its own range.
//
//   x W^T + b   ->   MatMulInteger(DynamicQuantizeLinear(x), Wq) * (x's scale * W's scale of each column) + b
//   table[ids]  ->   tableq[ids] * scale[ids]
//
// A matrix has a scale for each of its outputs, a table one for each row.

import type { Graph } from '../graph.js';
import { elementType, type InitializerDef, type ModelDef, type NodeDef } from '../onnx.js';
import { rewrite } from './rewrite.js';
import { numbersOf } from './values.js';

/**
 * Weights of products go from -64 to 64. Processors without VNNI, and so many browsers' machines, add pairs of products
 * of an unsigned and a signed byte in 16 bits; 2 * 255 * 64 is the most that fits (ONNX Runtime calls it reduce_range).
 */
const productRange = 64;
const tableRange = 127;

/** The same model with the named float32 matrices as int8 wherever they are multiplied by or looked up in. */
export function quantizeWeights(model: ModelDef, names: ReadonlySet<string>): ModelDef {
  const constants = new Map(model.initializers.map((one) => [one.name, one]));
  const matrices = new Map<string, { values: string; scales: string }>();
  const activations = new Map<string, string[]>();
  const floats = { to: elementType.float32 };

  return rewrite(model, (node, graph) => {
    const matrix = productOf(node);
    const weight = names.has(matrix?.name ?? '') ? constants.get(matrix?.name as string) : undefined;
    if (matrix && weight) {
      const { values, scales } = once(matrices, `${weight.name} ${matrix.transposed}`, () =>
        writeMatrix(graph, weight, matrix.transposed),
      );
      const [x = '', bias] = [node.inputs[0], node.inputs[2]];
      const quantized = once(activations, x, () => graph.nodes('DynamicQuantizeLinear', [x], {}, 3));
      const [xq, xScale, xZero] = quantized as [string, string, string];
      const sums = graph.node('Cast', [graph.node('MatMulInteger', [xq, values, xZero])], floats);
      const scaled = [sums, graph.node('Mul', [xScale, scales])];
      const last: NodeDef = bias
        ? { op: 'Add', inputs: [graph.node('Mul', scaled), bias], outputs: node.outputs, attributes: {} }
        : { op: 'Mul', inputs: scaled, outputs: node.outputs, attributes: {} };
      graph.append(last);
      return;
    }
    const [table = '', ids = ''] = node.inputs;
    if (node.op === 'Gather' && (node.attributes.axis ?? 0) === 0 && names.has(table)) {
      const { values, scales } = once(matrices, `${table} rows`, () =>
        writeTable(graph, constants.get(table) as InitializerDef),
      );
      const rows = graph.node('Cast', [graph.node('Gather', [values, ids], node.attributes)], floats);
      const inputs = [rows, graph.node('Gather', [scales, ids], node.attributes)];
      graph.append({ op: 'Mul', inputs, outputs: node.outputs, attributes: {} });
      return;
    }
    graph.append(node);
  });
}

/** The constant operand of a matrix product, and whether it is [out, in]; undefined for other nodes. */
function productOf({ op, inputs, attributes }: NodeDef): { name: string; transposed: boolean } | undefined {
  const [, name = ''] = inputs;
  if (op === 'MatMul') return { name, transposed: false };
  const plain = op === 'Gemm' && !attributes.transA && attributes.alpha === undefined && attributes.beta === undefined;
  return plain ? { name, transposed: attributes.transB === 1 } : undefined;
}

/** Writes a matrix as int8 [in, out] with scales [out]. */
function writeMatrix(graph: Graph, weight: InitializerDef, transposed: boolean): { values: string; scales: string } {
  const [rows, columns] = shapeOf(weight);
  const source = numbersOf(weight);
  const [inputs, outputs] = transposed ? [columns, rows] : [rows, columns];
  const at = (i: number, o: number) => source[transposed ? o * columns + i : i * columns + o] as number;
  const values = new Int8Array(inputs * outputs);
  const scales = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    let largest = 0;
    for (let i = 0; i < inputs; i++) largest = Math.max(largest, Math.abs(at(i, o)));
    const scale = scaleFor(largest, productRange, weight.name);
    scales[o] = scale;
    for (let i = 0; i < inputs; i++) values[i * outputs + o] = Math.round(at(i, o) / scale);
  }
  return write(graph, `${weight.name}_quantized`, values, [inputs, outputs], `${weight.name}_scale`, scales, [outputs]);
}

/** Writes a table as int8 [rows, size] with scales [rows, 1]. */
function writeTable(graph: Graph, weight: InitializerDef): { values: string; scales: string } {
  const [rows, size] = shapeOf(weight);
  const source = numbersOf(weight);
  const values = new Int8Array(rows * size);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let i = row * size; i < (row + 1) * size; i++) largest = Math.max(largest, Math.abs(source[i] as number));
    const scale = scaleFor(largest, tableRange, weight.name);
    scales[row] = scale;
    for (let i = row * size; i < (row + 1) * size; i++) values[i] = Math.round((source[i] as number) / scale);
  }
  const names = [`${weight.name}_rows_quantized`, `${weight.name}_rows_scale`] as const;
  return write(graph, names[0], values, [rows, size], names[1], scales, [rows, 1]);
}

function scaleFor(largest: number, range: number, name: string): number {
  if (!Number.isFinite(largest))
    throw new RangeError(`"${name}" has a value that is not finite (${largest}), which int8 cannot hold.`);
  return Math.fround(largest / range) || 1;
}

function shapeOf({ name, type, shape }: InitializerDef): [number, number] {
  if (type !== 'float32' || shape.length !== 2)
    throw new RangeError(`Only float32 matrices are stored as int8; "${name}" is ${type}[${shape}].`);
  return shape as unknown as [number, number];
}

function write(
  graph: Graph,
  name: string,
  values: Int8Array,
  shape: number[],
  scaleName: string,
  scales: Float32Array,
  scaleShape: number[],
) {
  return {
    values: graph.initializer({ name, type: 'int8', shape, bytes: new Uint8Array(values.buffer) }),
    scales: graph.initializer({
      name: scaleName,
      type: 'float32',
      shape: scaleShape,
      bytes: new Uint8Array(scales.buffer),
    }),
  };
}

function once<Value>(written: Map<string, Value>, key: string, make: () => Value): Value {
  const value = written.get(key) ?? make();
  written.set(key, value);
  return value;
}
