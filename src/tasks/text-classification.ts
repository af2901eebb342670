// Text classification: an encoder with the head transformers puts on it (BertForSequenceClassification and its like).
import { type Compiled, compile, type HostTensor, type tf, type Weights } from '../engine/index.js';
import { writeCheckpoint } from '../hub/checkpoint.js';
import type { StoredTensor } from '../hub/safetensors.js';
import type { Encoder, EncoderInputs } from '../models/encoder.js';
import { crossEntropy } from '../nn/cross-entropy.js';
import { loraAdapters, mergeLora } from '../nn/lora.js';
import type { Params, Pass } from '../nn/pass.js';
import { type TextBatch, textBatches } from './batching.js';
import { type Prediction, predictionOf, softmax } from './prediction.js';
import { cappedBatches } from './quick.js';
import type { TextTokenizer } from './tokenizer.js';

export type { Prediction } from './prediction.js';

/** LoRA adapters that were trained but not merged: two small matrices for each linear layer they belong to. */
export interface AdapterSet {
  readonly scale: number;
  readonly dropout: number;
  /** `${layer}.lora_A.weight` [rank, in] and `${layer}.lora_B.weight` [out, rank] */
  readonly weights: Weights;
}

export interface TextClassifierParts {
  /** The id or folder it came from. */
  readonly name: string;
  readonly labels: readonly string[];
  readonly encoder: Encoder;
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
  readonly inputs: EncoderInputs;
}

const evaluationBatchSize = 32;

export class TextClassifier {
  readonly task = 'text-classification';
  readonly name: string;
  readonly labels: readonly string[];
  readonly encoder: Encoder;
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
    this.encoder = parts.encoder;
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
  logits(params: Params, inputs: EncoderInputs, pass: Pass): tf.Tensor {
    return this.encoder.head.logits(params, this.encoder.encode(params, inputs, pass), pass);
  }

  /** Mean cross-entropy of a batch as a scalar, with the logits: usable inside compile(). */
  loss(params: Params, batch: { inputs: EncoderInputs; labels: tf.Tensor; rowWeights: tf.Tensor }, pass: Pass) {
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
        this.logits(all.params, all.inputs, { adapters: loraAdapters(all.adapters, scale, 0) }),
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
        predictions[row] = predictionOf(texts[row] as string, this.labels, softmax(logits));
      });
      await new Promise(setImmediate); // lets a notebook's Stop button through
    }
    return predictions;
  }

  /** A model with copies of all weights, to train without touching this one. */
  clone(): TextClassifier {
    return this.#with(this.encoder, this.weights, this.adapters);
  }

  /** A smaller model: the first `count` layers, the embeddings and the head. Throws where there are not so many. */
  keepLayers(count: number): TextClassifier {
    const { layers: have } = this.encoder;
    if (!Number.isInteger(count) || count < 1 || count > have)
      throw new RangeError(
        `keepLayers takes a whole number from 1 to ${have}, the layers of ${this.name}; got ${count}.`,
      );
    if (this.adapters) return this.clone().mergeAdapters().keepLayers(count);
    const kept = [...this.weights].filter(([name]) => (this.encoder.layerOf(name) ?? -1) < count);
    return this.#with(this.encoder.withLayers(count), new Map(kept));
  }

  #with(encoder: Encoder, weights: Weights, adapters?: AdapterSet): TextClassifier {
    return new TextClassifier({
      name: this.name,
      labels: this.labels,
      encoder,
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
      mergeLora(this.weights, this.adapters.weights, this.adapters.scale);
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
    if (this.adapters) mergeLora(weights, this.adapters.weights, this.adapters.scale);
    const tensors = new Map<string, StoredTensor>(
      [...weights].map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data: data as Float32Array }]),
    );
    const { torch_dtype: _, ...shape } = this.encoder.config; // how the weights it came from were stored, as dtype in newer files
    const config = {
      ...shape,
      dtype: 'float32',
      architectures: [this.encoder.head.pythonClass],
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
