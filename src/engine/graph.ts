// A graph under construction: nodes in the order they were traced, constants shared, dead ends cut off at the end.
//
//   const graph = new Graph();
//   const x = graph.input('x', 'float32', [2]);
//   const y = graph.node('Exp', [x]);
//   const bytes = graph.encode([{ name: y, type: 'float32', shape: [2] }]);
import {
  type AttributeValue,
  type ElementType,
  elementArrays,
  encodeModel,
  type InitializerDef,
  type ModelDef,
  type NodeDef,
  type ValueDef,
} from './onnx.js';
import type { RowSum } from './row-sums.js';

type ConstantType = keyof typeof elementArrays;

export class Graph {
  readonly #nodes: NodeDef[] = [];
  readonly #inputs: ValueDef[] = [];
  readonly #initializers = new Map<string, InitializerDef>();
  readonly #constants = new Map<string, string>();
  readonly #taken = new Set<string>();
  #count = 0;

  get inputs(): readonly ValueDef[] {
    return this.#inputs;
  }

  /** A graph with a model's inputs and initializers, to write its nodes into anew; no name of the model is given twice. */
  static over({ inputs, initializers, nodes }: ModelDef): Graph {
    const graph = new Graph();
    for (const name of nodes.flatMap(({ outputs }) => outputs)) graph.#taken.add(name);
    for (const { name, type, shape } of inputs) graph.input(name, type, shape);
    for (const initializer of initializers) graph.initializer(initializer);
    return graph;
  }

  input(name: string, type: ElementType, shape: ValueDef['shape']): string {
    if (this.#taken.has(name)) throw new RangeError(`A graph cannot have two inputs named "${name}".`);
    this.#taken.add(name);
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Appends an operator with one output and returns the name of that output. */
  node(op: string, inputs: readonly string[], attributes: Record<string, AttributeValue> = {}): string {
    return this.nodes(op, inputs, attributes, 1)[0] as string;
  }

  /** Appends an operator with several outputs. */
  nodes(op: string, inputs: readonly string[], attributes: Record<string, AttributeValue>, outputs: number): string[] {
    const names = Array.from({ length: outputs }, () => this.#name(op));
    this.#nodes.push({ op, inputs, outputs: names, attributes });
    return names;
  }

  /** Appends a node whose outputs have their names already. */
  append(node: NodeDef): void {
    for (const name of node.outputs) this.#taken.add(name);
    this.#nodes.push(node);
  }

  /** A constant under a name of the caller's. */
  initializer(initializer: InitializerDef): string {
    const { name } = initializer;
    if (this.#taken.has(name)) throw new RangeError(`A graph cannot have two values named "${name}".`);
    this.#taken.add(name);
    this.#initializers.set(name, initializer);
    return name;
  }

  /** A constant; equal small constants share one initializer. */
  constant(type: ConstantType, values: ArrayLike<number>, shape: readonly number[]): string {
    const key = values.length <= 64 ? `${type}[${shape}]${Array.from(values, keyOf).join()}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.#name('constant');
    const array = type === 'int64' ? BigInt64Array.from(Array.from(values, BigInt)) : elementArrays[type].from(values);
    this.#initializers.set(name, {
      name,
      type,
      shape,
      bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    });
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  scalar(type: ConstantType, value: number): string {
    return this.constant(type, [value], []);
  }

  /** A one-dimensional int64 constant: shapes, axes, begins and ends are passed to operators so. */
  ints(values: readonly number[]): string {
    return this.constant('int64', values, [values.length]);
  }

  /** Sums of rows by the name of their value; see row-sums.ts. */
  readonly rowSums = new Map<string, RowSum>();

  isConstant(name: string): boolean {
    return this.#initializers.has(name);
  }

  /** The bytes of an ONNX model that computes `outputs`. */
  encode(outputs: readonly ValueDef[]): Uint8Array {
    return encodeModel(this.model(outputs));
  }

  /** What computes `outputs`; nodes and constants that do not lead to them are left out. */
  model(outputs: readonly ValueDef[]): ModelDef {
    const needed = new Set(outputs.map((output) => output.name));
    const nodes = this.#nodes
      .toReversed()
      .filter((node) => {
        if (!node.outputs.some((name) => needed.has(name))) return false;
        for (const name of node.inputs) needed.add(name);
        return true;
      })
      .reverse();
    return {
      nodes,
      initializers: [...this.#initializers.values()].filter(({ name }) => needed.has(name)),
      inputs: this.#inputs,
      outputs,
    };
  }

  #name(op: string): string {
    // Inputs are named by the caller, who may call one "Add_1".
    do this.#count += 1;
    while (this.#taken.has(`${op}_${this.#count}`));
    return `${op}_${this.#count}`;
  }
}

// String(-0) is "0": without this a graph could take one zero for the other.
const keyOf = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
