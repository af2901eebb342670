// The part of the ONNX format the engine writes: message shapes (onnx/onnx.proto3, field numbers as there) and their bytes.
import protobuf from 'protobufjs/light.js';

/** onnx.TensorProto.DataType */
export const elementType = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  uint32: 12,
} as const;
export type ElementType = keyof typeof elementType;

/** The arrays that hold elements in memory; float16 has none. */
export const elementArrays = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint32: Uint32Array,
} satisfies Partial<Record<ElementType, unknown>>;

/** The operator set the graphs are written in, and the file format version that goes with it. */
export const opset = 20;
const irVersion = 9;

export type AttributeValue = number | { float: number } | string | readonly number[];

export interface NodeDef {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface ValueDef {
  readonly name: string;
  readonly type: ElementType;
  /** A dimension that is known only when the graph runs has a name. */
  readonly shape: readonly (number | string)[];
}

export interface InitializerDef extends ValueDef {
  readonly shape: readonly number[];
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array;
}

export interface ModelDef {
  readonly nodes: readonly NodeDef[];
  readonly initializers: readonly InitializerDef[];
  readonly inputs: readonly ValueDef[];
  readonly outputs: readonly ValueDef[];
}

type Field = [id: number, type: string, rule?: 'repeated'];
const message = (fields: Record<string, Field>) => ({
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, [id, type, rule]]) => [name, rule ? { id, type, rule } : { id, type }]),
  ),
});

const root = protobuf.Root.fromJSON({
  nested: {
    OperatorSet: message({ domain: [1, 'string'], version: [2, 'int64'] }),
    Attribute: message({
      name: [1, 'string'],
      f: [2, 'float'],
      i: [3, 'int64'],
      s: [4, 'bytes'],
      ints: [8, 'int64', 'repeated'],
      type: [20, 'int32'],
    }),
    Node: message({
      input: [1, 'string', 'repeated'],
      output: [2, 'string', 'repeated'],
      name: [3, 'string'],
      opType: [4, 'string'],
      attribute: [5, 'Attribute', 'repeated'],
    }),
    Tensor: message({
      dims: [1, 'int64', 'repeated'],
      dataType: [2, 'int32'],
      name: [8, 'string'],
      rawData: [9, 'bytes'],
    }),
    Dimension: message({ dimValue: [1, 'int64'], dimParam: [2, 'string'] }),
    Shape: message({ dim: [1, 'Dimension', 'repeated'] }),
    TensorType: message({ elemType: [1, 'int32'], shape: [2, 'Shape'] }),
    Type: message({ tensorType: [1, 'TensorType'] }),
    ValueInfo: message({ name: [1, 'string'], type: [2, 'Type'] }),
    Graph: message({
      node: [1, 'Node', 'repeated'],
      name: [2, 'string'],
      initializer: [5, 'Tensor', 'repeated'],
      input: [11, 'ValueInfo', 'repeated'],
      output: [12, 'ValueInfo', 'repeated'],
    }),
    Model: message({
      irVersion: [1, 'int64'],
      producerName: [2, 'string'],
      graph: [7, 'Graph'],
      opsetImport: [8, 'OperatorSet', 'repeated'],
    }),
  },
});
const Model = root.lookupType('Model');

const attribute = (name: string, value: AttributeValue): object => {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  return 'float' in value ? { name, type: 1, f: value.float } : { name, type: 7, ints: value };
};

const dimension = (size: number | string): object =>
  typeof size === 'number' ? { dimValue: size } : { dimParam: size };

const valueInfo = ({ name, type, shape }: ValueDef): object => ({
  name,
  type: { tensorType: { elemType: elementType[type], shape: { dim: shape.map(dimension) } } },
});

/** Protocol buffers are at most this long, less what the graph takes beside its weights. */
const largestWeights = 2 ** 31 - 2 ** 24;

/**
 * Serialises a model as the bytes of a .onnx file.
 * @throws RangeError where the weights take more than the 2 GB that such a file holds
 */
export function encodeModel(model: ModelDef): Uint8Array {
  const weights = model.initializers.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (weights > largestWeights)
    throw new RangeError(
      `A .onnx file holds at most 2 GB, and these weights take ${(weights / 1e9).toFixed(1)} GB: store them as float16 or int8.`,
    );
  return Model.encode(
    Model.create({
      irVersion,
      producerName: 'model-types',
      opsetImport: [{ domain: '', version: opset }],
      graph: {
        name: 'traced',
        node: model.nodes.map((node) => ({
          name: node.outputs.find(Boolean) ?? '',
          opType: node.op,
          input: node.inputs,
          output: node.outputs,
          attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value)),
        })),
        initializer: model.initializers.map(({ name, type, shape, bytes }) => ({
          name,
          dims: shape,
          dataType: elementType[type],
          rawData: bytes,
        })),
        input: model.inputs.map(valueInfo),
        output: model.outputs.map(valueInfo),
      },
    }),
  ).finish();
}
