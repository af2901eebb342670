// What tasks, training and export know of a text encoder, whatever its family: one object for a family with a config.json.
//
//   const encoder = encoderOf(config, 'org/name');      // architectures.ts: by config.model_type
//   const outputs = encoder.encode(params, inputs, {});
//   const logits = encoder.head.logits(params, outputs, {});
import type { tf } from '../engine/index.js';
import type { EncoderInputs } from '../nn/embeddings.js';
import type { Params, Pass } from '../nn/pass.js';

export type { EncoderInputs } from '../nn/embeddings.js';

/** What an encoder makes of its inputs. */
export interface EncoderOutputs {
  /** The embeddings and each layer's output, each [batch * length, hidden]. */
  readonly hiddenStates: readonly tf.Tensor[];
  /** [batch * length, hidden] */
  readonly lastHiddenState: tf.Tensor;
  /** int32 [batch, length]: 1 for tokens, a prompt's among them. */
  readonly attentionMask: tf.Tensor;
  /** Number of texts. */
  readonly batch: number;
  /** Tokens of each text, padding included. A prompt counts. */
  readonly length: number;
}

/** Names and shapes of weights. */
export type WeightShapes = ReadonlyMap<string, readonly number[]>;

/** How a weight that no checkpoint gives starts, where that is not as usual. */
export interface Start {
  /** Its standard deviation. Default: the encoder's initializerRange. */
  readonly deviation?: number;
  /** Draws further from 0 than so many standard deviations are drawn again. Default: none are. */
  readonly cutoff?: number;
  /** A row that starts at 0: the padding token's. */
  readonly zeroRow?: number | null;
  /** The values themselves. */
  readonly values?: Float32Array;
}

/** What transformers puts on this encoder to classify texts: pooling, dropout and linear layers. */
export interface ClassifierHead {
  /** The Python class, for instance "BertForSequenceClassification". */
  readonly pythonClass: string;
  /** The last linear layer, whose bias has one number a label: "classifier" or "classifier.out_proj". */
  readonly output: string;
  weights(labels: number): WeightShapes;
  /** Weights that pretraining leaves in a checkpoint, and that a new classifier starts from. */
  readonly pretrained?: RegExp;
  /** Is this a weight of the head? Every strategy trains those: they are new where the task is. */
  isHead(name: string): boolean;
  /** @returns [batch, labels] */
  logits(params: Params, outputs: EncoderOutputs, pass: Pass): tf.Tensor;
}

/** A family with one config.json: names, sizes and the forward pass, without any weights. */
export interface Encoder {
  /** config.json's model_type. */
  readonly modelType: string;
  /** config.json, as it is saved. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What stands before the encoder's weights inside a model with a head, for instance "bert.". */
  readonly prefix: string;
  readonly hiddenSize: number;
  /** Number of layers. */
  readonly layers: number;
  /** Longest input, in tokens. */
  readonly maxLength: number;
  readonly vocabularySize: number;
  /** Standard deviation of weights that start at random. */
  readonly initializerRange: number;
  /** Weights, the head's among them, that start otherwise than usual: see match-weights.ts. */
  start?(name: string): Start | undefined;
  /** Does the model look at token types? A graph of one that does not has no such input. */
  readonly readsTokenTypes: boolean;
  /** The name of the word embeddings, [vocabulary, size]. */
  readonly wordEmbeddings: string;
  /** Names, with prefix, and shapes of all the encoder's weights, in the order of the PyTorch module. */
  readonly weights: WeightShapes;
  /** Names in a checkpoint that are no weights of the encoder: heads of pretraining, and buffers. */
  readonly notEncoder: RegExp;
  /** Weights that a checkpoint may lack, all of them or none, and that then start anew: a pooler that was never saved. */
  readonly mayLack?: RegExp;
  /** The linear layers LoRA is added to by default, as in peft. */
  readonly loraTargets: readonly string[];
  readonly head: ClassifierHead;
  /** The layer a weight belongs to, from 0; -1 for the embeddings, undefined for what stands after the layers. */
  layerOf(name: string): number | undefined;
  encode(params: Params, inputs: EncoderInputs, pass: Pass): EncoderOutputs;
  /** The same family with the first `count` layers. */
  withLayers(count: number): Encoder;
  /** The same family with another number of tokens. @param padId the padding token, where it has another id now */
  withVocabulary(size: number, padId?: number | null): Encoder;
}

/** Makes the encoder of one family from config.json. Throws a ZodError naming the fields we cannot follow. */
export type Family = (config: unknown) => Encoder;
