// Text classification: an encoder with the head transformers puts on it (BertForSequenceClassification and its like).
import { type Compiled, compile, type HostTensor, type tf, type Weights } from '../engine/index.js';
import { writeCheckpoint } from '../hub/checkpoint.js';
import type { StoredTensor } from '../hub/safetensors.js';
import type { Encoder, EncoderInputs } from '../models/encoder.js';
import { crossEntropy } from '../nn/cross-entropy.js';
import { mergeLora } from '../nn/lora.js';
import type { Params, Pass } from '../nn/pass.js';
import { type AdapterSet, adapterKey, adapterPass, promptOf } from './adapters.js';
import { type TextBatch, textBatches } from './batching.js';
import {
  type ExportedFile,
  type ExportOnnxOptions,
  exportOnnx,
  type MeasuredFile,
  type MeasuringOptions,
} from './export-onnx.js';
import { mergePrompt } from './merge-prompt.js';
import { type ModelCardFacts, modelCard } from './model-card.js';
import { modelFacts } from './model-facts.js';
import { hasOwnReadme } from './own-readme.js';
import { readAdapter, writeAdapter } from './peft.js';
import { type Prediction, predictionOf, softmax } from './prediction.js';
import { pruneVocabulary } from './prune-vocabulary.js';
import { cappedBatches } from './quick.js';
import { loadTokenizer, type TextTokenizer, type TokenizerFiles } from './tokenizer.js';

export type { AdapterSet } from './adapters.js';
export type { Prediction } from './prediction.js';

export interface TextClassifierParts {
  /** The id or folder it came from. */
  readonly name: string;
  readonly labels: readonly string[];
  readonly encoder: Encoder;
  readonly weights: Weights;
  readonly tokenizer: TextTokenizer;
  readonly tokenizerFiles: TokenizerFiles;
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

export interface SaveOptions {
  /** What the model card should say beyond what the model itself knows: data, settings, scores, licence, limits. */
  readonly card?: Partial<ModelCardFacts>;
}

const evaluationBatchSize = 32;

export class TextClassifier {
  readonly task = 'text-classification';
  /** Set by training with LoRA or a prompt; used in predictions, merged when saved. */
  adapters: AdapterSet | undefined;
  #parts: TextClassifierParts;
  /** The graph for predictions, and the kind of adapters that is written into it. */
  #forward: { readonly run: Compiled<ForwardInputs, tf.Tensor>; readonly key: string } | undefined;

  constructor(parts: TextClassifierParts) {
    this.#parts = parts;
    this.adapters = parts.adapters;
  }

  /** The id or folder it came from. */
  get name(): string {
    return this.#parts.name;
  }
  /** Names of the labels; a row's label is an index into them. */
  get labels(): readonly string[] {
    return this.#parts.labels;
  }
  /** The architecture: sizes, names and shapes of weights, and the forward pass. */
  get encoder(): Encoder {
    return this.#parts.encoder;
  }
  /** Every weight under the name it is saved by. Training replaces values in place. */
  get weights(): Weights {
    return this.#parts.weights;
  }
  /** Turns texts into token ids. */
  get tokenizer(): TextTokenizer {
    return this.#parts.tokenizer;
  }
  /** The tokenizer's own files, as they are saved. */
  get tokenizerFiles(): TokenizerFiles {
    return this.#parts.tokenizerFiles;
  }
  /** config.json as it is saved, for the classifier that transformers calls by the same name. */
  get savedConfig(): Readonly<Record<string, unknown>> {
    const { torch_dtype: _, ...config } = this.encoder.config; // how the weights it came from were stored, as dtype in newer files
    return {
      ...config,
      dtype: 'float32',
      architectures: [this.encoder.head.pythonClass],
      problem_type: 'single_label_classification',
      id2label: Object.fromEntries(this.labels.map((label, i) => [i, label])),
      label2id: Object.fromEntries(this.labels.map((label, i) => [label, i])),
    };
  }
  /** Longest input in tokens; longer texts are cut. */
  get maxLength(): number {
    return this.#parts.maxLength;
  }
  /** Weights that no checkpoint gave. */
  get newWeights(): readonly string[] {
    return this.#parts.newWeights;
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
    const { adapters } = this;
    const key = adapterKey(adapters);
    if (this.#forward?.key !== key) await this.dispose();
    this.#forward ??= {
      key,
      run: compile((all: ForwardInputs) => this.logits(all.params, all.inputs, adapterPass(adapters, all.adapters))),
    };
    const params = Object.fromEntries(this.weights);
    return this.#forward.run({ params, adapters: Object.fromEntries(adapters?.weights ?? []), inputs });
  }

  /** The label of each text with its probabilities, in the order given. An empty list gives an empty list. */
  async predict(texts: readonly string[]): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    const rows = texts.map((text) => ({ text }));
    for (const { rows: members, inputs, dropped } of textBatches(this.tokenizer, rows, {
      batchSize: Math.min(evaluationBatchSize, Math.max(1, texts.length)),
      maxLength: this.maxLength,
    })) {
      const { data } = await this.forward(inputs);
      members.forEach((row, i) => {
        const logits = Array.from(data.subarray(i * this.labels.length, (i + 1) * this.labels.length));
        predictions[row] = predictionOf(texts[row] as string, this.labels, softmax(logits), dropped?.[i]);
      });
      await new Promise(setImmediate); // lets a notebook's Stop button through
    }
    return predictions;
  }

  /** A model with copies of all weights, to train without touching this one. */
  clone(): TextClassifier {
    return this.#with({});
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
    return this.#with({ encoder: this.encoder.withLayers(count), weights: new Map(kept) });
  }

  /**
   * A smaller model: its vocabulary keeps the tokens of these texts, the special tokens and single characters. The texts are
   * tokenised as before. Throws a RangeError where the tokenizer is no WordPiece.
   */
  pruneVocabulary(texts: readonly string[]): TextClassifier {
    if (this.adapters) return this.clone().mergeAdapters().pruneVocabulary(texts);
    const { encoder, tokenizer, tokenizerFiles, weights } = this;
    const table = weights.get(encoder.wordEmbeddings) as HostTensor;
    const pruned = pruneVocabulary({ encoder, table, tokenizerFiles }, tokenizer, texts);
    const { tokenizerJson, tokenizerConfig } = pruned.tokenizerFiles;
    return this.#with({
      encoder: pruned.encoder,
      weights: new Map([...weights, [encoder.wordEmbeddings, pruned.table]]),
      tokenizer: loadTokenizer(tokenizerJson, tokenizerConfig),
      tokenizerFiles: pruned.tokenizerFiles,
    });
  }

  #with(changes: Partial<TextClassifierParts>): TextClassifier {
    const { weights, adapters: _, ...parts } = { ...this.#parts, ...changes };
    const copies = new Map([...weights].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));
    return new TextClassifier({ ...parts, weights: copies, ...(this.adapters ? { adapters: this.adapters } : {}) });
  }

  /**
   * Makes adapters part of the model; predictions stay the same, and there is nothing left to carry along. LoRA's corrections are
   * added to the weights; a prompt's vectors become words that the tokenizer puts before every text.
   */
  mergeAdapters(): this {
    const { adapters, weights, encoder } = this;
    if (adapters?.kind === 'lora') mergeLora(weights, adapters.weights, adapters.alpha / adapters.rank);
    if (adapters?.kind === 'prompt') {
      const prompt = promptOf(adapters);
      const table = weights.get(encoder.wordEmbeddings) as HostTensor;
      const merged = mergePrompt({ encoder, table, tokenizerFiles: this.tokenizerFiles }, prompt);
      const { tokenizerJson, tokenizerConfig } = merged.tokenizerFiles;
      weights.set(encoder.wordEmbeddings, merged.table);
      this.#parts = {
        ...this.#parts,
        encoder: merged.encoder,
        tokenizer: loadTokenizer(tokenizerJson, tokenizerConfig),
        tokenizerFiles: merged.tokenizerFiles,
        maxLength: this.maxLength + (prompt.shape[0] as number),
      };
    }
    this.adapters = undefined;
    return this;
  }

  /**
   * Writes a folder that Python's AutoModelForSequenceClassification.from_pretrained opens, and loadModel here, with a model card.
   * The folder appears whole or not at all; a README that somebody wrote stays.
   */
  async save(folder: string, { card = {} }: SaveOptions = {}): Promise<void> {
    if (this.adapters) return this.clone().mergeAdapters().save(folder, { card });
    const tensors = new Map<string, StoredTensor>(
      [...this.weights].map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data: data as Float32Array }]),
    );
    const text = modelCard({ ...modelFacts(this, folder), hasWeights: true, ...card });
    const extraFiles: Record<string, string> = (await hasOwnReadme(folder)) ? {} : { 'README.md': text };
    await writeCheckpoint(folder, { config: this.savedConfig, tensors, ...this.tokenizerFiles, extraFiles });
  }

  /**
   * Writes a folder that transformers.js opens in Node.js and in a page, and any ONNX runtime: the graph for inference, of any
   * number and length of texts, as float32, float16 and int8, each measured on `test` rows where there are some, and a model card.
   * The folder appears whole or not at all; a README that somebody wrote stays.
   */
  exportOnnx(folder: string, options: MeasuringOptions): Promise<MeasuredFile[]>;
  exportOnnx(folder: string, options?: ExportOnnxOptions): Promise<ExportedFile[]>;
  async exportOnnx(folder: string, options: ExportOnnxOptions = {}): Promise<ExportedFile[]> {
    if (this.adapters) return this.clone().mergeAdapters().exportOnnx(folder, options);
    return exportOnnx(this, folder, options);
  }

  /**
   * Writes what LoRA or prompt tuning learnt, with the head, as peft keeps adapters: some kilobytes instead of the whole model.
   * Python opens it with PeftModel.from_pretrained(base, folder). Throws where there is nothing but the model itself.
   */
  async saveAdapter(folder: string): Promise<void> {
    if (this.adapters === undefined)
      throw new Error(
        `${this.name} has no adapter: it was not trained with LoRA or a prompt, or merged them; use save(folder).`,
      );
    await writeAdapter(folder, this, this.adapters);
  }

  /** Reads an adapter that peft or saveAdapter wrote, and its head; those the model has are replaced. */
  async loadAdapter(folder: string): Promise<this> {
    const { adapters, head } = await readAdapter(folder, this);
    for (const [name, { data }] of head) this.weights.get(name)?.data.set(data);
    this.adapters = adapters;
    return this;
  }

  /** Unloads the graphs for predictions. The model stays usable. */
  async dispose(): Promise<void> {
    const forward = this.#forward;
    this.#forward = undefined;
    await forward?.run.dispose();
  }
}
