// A network that has learnt from a table: weights, how it reads a table, and what its outputs mean.
import { type Compiled, compile, type HostTensor, hostTensor, type tf, type Weights } from '../../engine/index.js';
import { BaselineModel } from '../baselines/baseline-model.js';
import type { ExplainOptions, Explanation, ModelJson } from '../estimator.js';
import { sampledShapley } from '../explain/sampled-shapley.js';
import { decodeNumbers, encodeNumbers } from '../number-arrays.js';
import type { Table } from '../table/table.js';
import { tableFromJson, tableToJson } from '../table/table-json.js';
import type { Task } from '../target.js';
import { type Encoding, encodeRows } from './encoding.js';
import { centralOutput, type Objective, probabilitiesOf, valuesOf } from './objective.js';
import { mapRows, rowsFrom, rowsOf } from './train.js';

/** Tensors by name, of a batch of rows. */
export type TensorRows = Readonly<Record<string, tf.Tensor>>;

/** What a network of a kind computes for a batch outside training: [rows, objective.outputs]. */
export type Forward = (params: TensorRows, rows: TensorRows) => tf.Tensor;

/** Everything a network has learnt. */
export interface Learnt {
  readonly task: Task;
  readonly encoding: Encoding;
  readonly objective: Objective;
  readonly weights: Weights;
  /** Running statistics of batch norms. */
  readonly statistics: Weights;
  /** Training rows that stand for "not knowing a feature" in explanations. */
  readonly background: Table;
}

/** How many training rows a model keeps for its explanations. */
export const backgroundRows = 100;

const predictionBatch = 4096;
/** Tables are filled up to one of these sizes, so that few graphs serve tables of any length. */
const sizes = [1, 16, 256, predictionBatch];

/** A fitted network. Its weights carry the names of the PyTorch module it equals. */
export abstract class NetworkModel extends BaselineModel {
  readonly learnt: Learnt;
  /** Every setting of the estimator. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly #compiled: { dispose(): Promise<void> }[] = [];
  #outputs: Runner | undefined;
  #disposed = false;

  constructor(learnt: Learnt, settings: Readonly<Record<string, unknown>>) {
    super(learnt.task, learnt.encoding.features);
    this.learnt = learnt;
    this.settings = settings;
  }

  abstract get kind(): string;

  protected abstract readonly forward: Forward;

  get parameters(): number {
    return [...this.learnt.weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  }

  /** What the network gives each row, row by row: scores of classes, or standardised values. */
  protected async raw(table: Table): Promise<Float32Array> {
    this.#outputs ??= this.runner(this.forward);
    return this.#outputs(table);
  }

  /** A compiled function of this network over a table of any length; disposed with the model. */
  protected runner(forward: Forward): Runner {
    const { encoding, weights, statistics } = this.learnt;
    const run: Compiled<{ params: TensorRows; rows: TensorRows }, tf.Tensor> = compile(({ params, rows }) =>
      forward(params, rows),
    );
    this.#compiled.push(run);
    const params = Object.fromEntries([...weights, ...statistics]);
    return async (table) => {
      if (this.#disposed) throw new Error(`This ${this.name} model was disposed of: fit or load it again.`);
      const rows = encodeRows(encoding, table);
      const total = table.rowCount;
      const parts: Float32Array[] = [];
      for (let from = 0; from < total; from += predictionBatch) {
        const count = Math.min(predictionBatch, total - from);
        const size = sizes.find((one) => one >= count) as number;
        const part = mapRows(rows, (tensor) => filled(rowsFrom(tensor, from, from + count), size));
        const answer = (await run({ params, rows: part } as never)) as unknown as HostTensor;
        const width = answer.data.length / size;
        parts.push((answer.data as Float32Array).subarray(0, count * width));
      }
      return joined(parts);
    };
  }

  protected async outputs(table: Table): Promise<Float64Array[]> {
    const { objective } = this.learnt;
    const raw = await this.raw(table);
    if (objective.kind === 'classes') return probabilitiesOf(raw, objective.outputs);
    return [valuesOf(objective, raw)[centralOutput(objective)] as Float64Array];
  }

  /**
   * The quantiles the network was fitted for: one array each, in ascending order, with a number a row in the target's unit.
   * @throws Error where it was fitted without `quantiles`
   */
  async predictQuantiles(table: Table): Promise<Float64Array[]> {
    if (this.learnt.objective.kind !== 'quantiles')
      throw new Error(`This ${this.name} was fitted without quantiles: give { quantiles: [0.05, 0.5, 0.95] }.`);
    return valuesOf(this.learnt.objective, await this.raw(table));
  }

  /** Sampled Shapley values; without a background, over training rows that the model keeps. */
  explain(table: Table, options: ExplainOptions = {}): Promise<Explanation> {
    return sampledShapley(this, table, { background: this.learnt.background, ...options });
  }

  toJSON(): ModelJson {
    const { task, encoding, objective, weights, statistics, background } = this.learnt;
    return {
      kind: this.kind,
      name: this.name,
      task,
      features: encoding.features,
      inputs: encoding.inputs,
      objective,
      settings: this.settings,
      background: tableToJson(background),
      weights: weightsToJson(weights),
      statistics: weightsToJson(statistics),
    };
  }

  override dispose(): void {
    this.#disposed = true;
    for (const compiled of this.#compiled.splice(0)) void compiled.dispose();
  }
}

type Runner = (table: Table) => Promise<Float32Array>;

/** What `toJSON` gave, read back. Throws Error where something is not as it was written. */
export function learntFromJson(json: ModelJson): Learnt {
  const { task, features, inputs, objective } = json as unknown as {
    task: Task;
    features: Encoding['features'];
    inputs: Encoding['inputs'];
    objective: Objective;
  };
  if (!Array.isArray(inputs) || inputs.length !== features.length)
    throw new Error(`A saved ${json.name} needs an input for each of its ${features.length} features.`);
  return {
    task,
    encoding: { features, inputs },
    objective,
    weights: weightsFromJson(json.weights),
    statistics: weightsFromJson(json.statistics),
    background: tableFromJson(json.background, 'background'),
  };
}

const weightsToJson = (weights: Weights): unknown =>
  Object.fromEntries(
    [...weights].map(([name, { shape, data }]) => [name, { shape, values: encodeNumbers(data as Float32Array) }]),
  );

function weightsFromJson(json: unknown): Weights {
  const entries = Object.entries((json ?? {}) as Record<string, { shape: number[]; values: unknown }>);
  return new Map(
    entries.map(([name, { shape, values }]) => {
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      return [name, hostTensor(decodeNumbers(values, `The weight ${name}`, size) as Float32Array, shape)];
    }),
  );
}

/** With rows of zeros below, up to `size` rows. */
function filled(tensor: HostTensor, size: number): HostTensor {
  if (rowsOf({ tensor }) === size) return tensor;
  const shape = tensor.shape.with(0, size);
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  const data = tensor.data instanceof Float32Array ? new Float32Array(length) : new Int32Array(length);
  data.set(tensor.data);
  return hostTensor(data, shape);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
