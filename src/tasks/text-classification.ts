// Text classification: an encoder, its pooled vector, dropout and one linear layer, as BertForSequenceClassification.
import { type Compiled, compile, type HostTensor, type tf, type Weights } from '../engine/index.js';
import { writeCheckpoint } from '../hub/checkpoint.js';
import type { StoredTensor } from '../hub/safetensors.js';
import type { Architecture, EncoderConfig } from '../models/architectures.js';
import { crossEntropy } from '../nn/cross-entropy.js';
import { linear } from '../nn/linear.js';
import { type Adapter, dropout, type Params, type Pass } from '../nn/pass.js';
import { type TextBatch, textBatches } from './batching.js';
import { cappedBatches } from './quick.js';
import type { TextTokenizer } from './tokenizer.js';

/** LoRA adapters that were trained but not merged: two small matrices for each linear layer they belong to. */
export interface AdapterSet {
  readonly scale: number;
  readonly dropout: number;
  /** `${layer}.lora_A.weight` [rank, in] and `${layer}.lora_B.weight` [out, rank] */
  readonly weights: Weights;
}

export interface Prediction {
  readonly text: string;
  readonly label: string;
  readonly labelIndex: number;
  /** Probability of the label, in (0, 1]. */
  readonly score: number;
  /** One probability a label, in the order of `labels`; they add up to 1. */
  readonly probabilities: readonly number[];
}

export interface TextClassifierParts {
  /** The id or folder it came from. */
  readonly name: string;
  readonly labels: readonly string[];
  readonly config: EncoderConfig;
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly tokenizer: TextTokenizer;
  /** The tokenizer's own files, to save beside the weights. */
  readonly tokenizerFiles: {
    readonly tokenizerJson: object;
    readonly tokenizerConfig: Readonly<Record<string, unknown>>;
  };
  /** Longest input in tokens; longer texts are cut. */
  readonly maxLength: number;
  readonly adapters?: AdapterSet;
  /** Weights that no checkpoint gave: the head of a fresh classifier. */
  readonly newWeights: readonly string[];
}

/** What a forward pass reads. */
export interface ForwardInputs {
  readonly params: Params;
  readonly adapters: Params;
  readonly inputs: { inputIds: tf.Tensor; attentionMask: tf.Tensor; tokenTypeIds: tf.Tensor };
}

const evaluationBatchSize = 32;

export class TextClassifier {
  readonly task = 'text-classification';
  readonly name: string;
  readonly labels: readonly string[];
  readonly config: EncoderConfig;
  readonly architecture: Architecture;
  /** Every weight under the name it is saved by. Training replaces values in place. */
  readonly weights: Weights;
  readonly tokenizer: TextTokenizer;
  readonly maxLength: number;
  readonly newWeights: readonly string[];
  /** Set by training with LoRA; used in predictions, merged when saved. */
  adapters: AdapterSet | undefined;
  readonly #tokenizerFiles: TextClassifierParts['tokenizerFiles'];
  /** The graph for predictions, and the scale of adapters that is written into it. */
  #forward: { readonly run: Compiled<ForwardInputs, tf.Tensor>; readonly scale: number } | undefined;

  constructor(parts: TextClassifierParts) {
    this.name = parts.name;
    this.labels = parts.labels;
    this.config = parts.config;
    this.architecture = parts.architecture;
    this.weights = parts.weights;
    this.tokenizer = parts.tokenizer;
    this.maxLength = parts.maxLength;
    this.newWeights = parts.newWeights;
    this.adapters = parts.adapters;
    this.#tokenizerFiles = parts.tokenizerFiles;
  }

  /** Number of weights, counted as numbers. */
  get parameterCount(): number {
    return [...this.weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  }

  /** Logits [batch, labels], from tensors: usable inside compile(). */
  logits(params: Params, inputs: ForwardInputs['inputs'], pass: Pass): tf.Tensor {
    const { config, architecture } = this;
    const outputs = architecture.encode(config, params, inputs, pass, architecture.prefix);
    const pooled = architecture.pool(config, params, outputs, pass, architecture.prefix);
    const rate = config.classifier_dropout ?? config.hidden_dropout_prob;
    return linear(params, 'classifier', dropout(pooled, rate, pass), pass);
  }

  /** Mean cross-entropy of a batch as a scalar, with the logits: usable inside compile(). */
  loss(
    params: Params,
    batch: { inputs: ForwardInputs['inputs']; labels: tf.Tensor; rowWeights: tf.Tensor },
    pass: Pass,
  ) {
    const logits = this.logits(params, batch.inputs, pass);
    return { value: crossEntropy(logits, batch.labels, batch.rowWeights), logits };
  }

  /** Batches of labelled rows to train on. A seed shuffles them. */
  batches(
    rows: readonly { readonly text: string; readonly label: number }[],
    options: { batchSize: number; seed?: number; groupByLength?: boolean },
  ): TextBatch[] {
    for (const { text, label } of rows)
      if (!Number.isInteger(label) || label < 0 || label >= this.labels.length)
        throw new RangeError(
          `A row has label ${label}, but the model has ${this.labels.length} labels (${this.labels.join(', ')}), numbered from 0: "${text.slice(0, 60)}".`,
        );
    return cappedBatches(textBatches(this.tokenizer, rows, { ...options, maxLength: this.maxLength }));
  }

  /** Logits of a batch of token ids, as host tensors. */
  async forward(inputs: TextBatch['inputs']): Promise<HostTensor> {
    const { scale = 1, weights = new Map<string, HostTensor>() } = this.adapters ?? {};
    if (this.#forward?.scale !== scale) await this.dispose();
    this.#forward ??= {
      scale,
      run: compile((all: ForwardInputs) =>
        this.logits(all.params, all.inputs, { adapters: adaptersOf(all.adapters, scale, 0) }),
      ),
    };
    const params = Object.fromEntries(this.weights);
    return this.#forward.run({ params, adapters: Object.fromEntries(weights), inputs });
  }

  /** The label of each text with its probabilities, in the order given. An empty list gives an empty list. */
  async predict(texts: readonly string[]): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    const rows = texts.map((text) => ({ text }));
    for (const { rows: members, inputs } of textBatches(this.tokenizer, rows, {
      batchSize: Math.min(evaluationBatchSize, Math.max(1, texts.length)),
      maxLength: this.maxLength,
    })) {
      const { data } = await this.forward(inputs);
      members.forEach((row, i) => {
        const logits = Array.from(data.subarray(i * this.labels.length, (i + 1) * this.labels.length));
        predictions[row] = this.#prediction(texts[row] as string, softmax(logits));
      });
      await new Promise(setImmediate); // lets a notebook's Stop button through
    }
    return predictions;
  }

  #prediction(text: string, probabilities: readonly number[]): Prediction {
    const score = Math.max(...probabilities);
    const labelIndex = probabilities.indexOf(score);
    return { text, label: this.labels[labelIndex] as string, labelIndex, score, probabilities };
  }

  /** A model with copies of all weights, to train without touching this one. */
  clone(): TextClassifier {
    return this.#with(this.config, this.weights, this.adapters);
  }

  /** A smaller model: the first `count` layers, the embeddings and the head. Throws where there are not so many. */
  keepLayers(count: number): TextClassifier {
    const { num_hidden_layers: have } = this.config;
    if (!Number.isInteger(count) || count < 1 || count > have)
      throw new RangeError(
        `keepLayers takes a whole number from 1 to ${have}, the layers of ${this.name}; got ${count}.`,
      );
    if (this.adapters) return this.clone().mergeAdapters().keepLayers(count);
    const kept = [...this.weights].filter(([name]) => (this.architecture.layerOf(name) ?? -1) < count);
    return this.#with({ ...this.config, num_hidden_layers: count }, new Map(kept));
  }

  #with(config: EncoderConfig, weights: Weights, adapters?: AdapterSet): TextClassifier {
    return new TextClassifier({
      name: this.name,
      labels: this.labels,
      config,
      architecture: this.architecture,
      weights: new Map([...weights].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }])),
      tokenizer: this.tokenizer,
      tokenizerFiles: this.#tokenizerFiles,
      maxLength: this.maxLength,
      newWeights: this.newWeights,
      ...(adapters ? { adapters } : {}),
    });
  }

  /** Adds adapters into the weights they belong to; predictions stay the same, and there is nothing left to carry along. */
  mergeAdapters(): this {
    if (this.adapters) {
      mergeInto(this.weights, this.adapters);
      this.adapters = undefined;
    }
    return this;
  }

  /**
   * Writes a folder that Python's AutoModelForSequenceClassification.from_pretrained opens, and loadModel here.
   * The folder appears whole or not at all.
   */
  async save(folder: string): Promise<void> {
    const weights: Weights = new Map(this.weights);
    if (this.adapters) mergeInto(weights, this.adapters);
    const tensors = new Map<string, StoredTensor>(
      [...weights].map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data: data as Float32Array }]),
    );
    const { torch_dtype: _, ...shape } = this.config; // how the weights it came from were stored, as dtype in newer files
    const config = {
      ...shape,
      dtype: 'float32',
      architectures: [this.architecture.classifierClass],
      problem_type: 'single_label_classification',
      id2label: Object.fromEntries(this.labels.map((label, i) => [i, label])),
      label2id: Object.fromEntries(this.labels.map((label, i) => [label, i])),
    };
    await writeCheckpoint(folder, { config, tensors, ...this.#tokenizerFiles });
  }

  /** Unloads the graphs for predictions. The model stays usable. */
  async dispose(): Promise<void> {
    const forward = this.#forward;
    this.#forward = undefined;
    await forward?.run.dispose();
  }
}

/** Pairs `${layer}.lora_A.weight` and `.lora_B.weight` up, for a forward pass. */
export function adaptersOf(params: Params, scale: number, rate: number): Map<string, Adapter> {
  const layers = Object.keys(params).filter((name) => name.endsWith('.lora_A.weight'));
  return new Map(
    layers.map((name) => {
      const layer = name.slice(0, -'.lora_A.weight'.length);
      const [a, b] = [params[name] as tf.Tensor, params[`${layer}.lora_B.weight`] as tf.Tensor];
      return [layer, { a, b, scale, dropout: rate }];
    }),
  );
}

/** W + scale * B A for each layer with an adapter, as new arrays. */
function mergeInto(weights: Weights, { scale, weights: adapters }: AdapterSet): void {
  for (const [name, a] of adapters) {
    if (!name.endsWith('.lora_A.weight')) continue;
    const layer = name.slice(0, -'.lora_A.weight'.length);
    const b = adapters.get(`${layer}.lora_B.weight`) as HostTensor;
    const base = weights.get(`${layer}.weight`) as HostTensor;
    const [rank, inputs] = a.shape as [number, number];
    const data = Float32Array.from(base.data, (value, at) => {
      const [row, column] = [Math.floor(at / inputs), at % inputs];
      let sum = 0;
      for (let r = 0; r < rank; r++)
        sum += (b.data[row * rank + r] as number) * (a.data[r * inputs + column] as number);
      return value + scale * sum;
    });
    weights.set(`${layer}.weight`, { ...base, data });
  }
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
