// loadModel: from an id, a revision and a task to a model that predicts and trains.
//
//   const model = await loadModel('sentence-transformers/all-MiniLM-L6-v2', { task: 'text-classification', labels: ['no', 'yes'] });
import { type Checkpoint, readCheckpoint } from '../hub/checkpoint.js';
import { type ResolveOptions, resolveModel } from '../hub/resolve.js';
import { encoderOf, readLength } from '../models/architectures.js';
import type { Encoder } from '../models/encoder.js';
import { matchWeights } from './match-weights.js';
import { TextClassifier } from './text-classification.js';
import { contentOf, loadTokenizer, type TextTokenizer } from './tokenizer.js';

export interface LoadModelOptions extends Pick<ResolveOptions, 'revision' | 'onProgress' | 'onWait' | 'signal'> {
  readonly task: 'text-classification';
  /** Names of the labels. Needed where the checkpoint has no classifier; otherwise its own are the default. */
  readonly labels?: readonly string[];
  /** Longest input in tokens; longer texts are cut. Default 128; never more than the model reads. */
  readonly maxLength?: number;
  /** Seed of the weights that no checkpoint gives. Default 42. */
  readonly seed?: number;
}

/**
 * Loads a pretrained model for a task. A local folder works in place of an id.
 * Every weight the architecture has must be in the checkpoint with its shape, and every weight in the checkpoint must be
 * the architecture's; only the head, and a pooler that was never saved, may be new.
 * @throws Error naming the weights that are missing or left over, the task or the architecture we lack, or the problem_type
 *   of a classifier that is not made for one label a text
 */
export async function loadModel(idOrFolder: string, options: LoadModelOptions): Promise<TextClassifier> {
  if (options.task !== 'text-classification')
    throw new RangeError(`There is no task "${String(options.task)}"; the tasks are: text-classification.`);
  const { folder } = await resolveModel(idOrFolder, options);
  return classifierFrom(await readCheckpoint(folder), idOrFolder, options);
}

function classifierFrom(checkpoint: Checkpoint, name: string, options: LoadModelOptions): TextClassifier {
  const encoder = encoderOf(checkpoint.config, name);
  const stored = storedLabels(checkpoint, encoder);
  const labels = options.labels ?? stored;
  if (labels === undefined)
    throw new RangeError(
      `${name} has no classifier, so it needs labels: loadModel('${name}', { task: 'text-classification', labels: ['no', 'yes'] }).`,
    );
  if (labels.length < 2 || new Set(labels).size !== labels.length)
    throw new RangeError(`A classifier needs at least two labels, each named once; got [${labels.join(', ')}].`);
  const keepHead = stored !== undefined && stored.join('\n') === labels.join('\n');
  const { problem_type: problem } = checkpoint.config;
  if (keepHead && typeof problem === 'string' && problem !== 'single_label_classification')
    throw new RangeError(
      `${name} was trained for ${problem}; we have single_label_classification, one label a text. Give other labels to put a new classifier on its encoder.`,
    );
  const { weights, newWeights } = matchWeights(checkpoint, name, {
    encoder,
    head: encoder.head.weights(labels.length),
    keepHead,
    seed: options.seed ?? 42,
  });
  const { tokenizerJson, tokenizerConfig, specialTokensMap } = checkpoint;
  // special_tokens_map.json is not saved: what is read of it comes along.
  const { pad_token = contentOf(specialTokensMap.pad_token) } = tokenizerConfig;
  return new TextClassifier({
    name,
    labels,
    encoder,
    weights,
    newWeights,
    tokenizer: tokenizerOf(checkpoint, encoder, name),
    tokenizerFiles: { tokenizerJson, tokenizerConfig: pad_token ? { ...tokenizerConfig, pad_token } : tokenizerConfig },
    maxLength: readLength(options.maxLength ?? 128, encoder.maxLength),
  });
}

/**
 * The tokenizer of a checkpoint.
 * @throws RangeError where it has tokens that the model has no embedding for
 */
export function tokenizerOf(checkpoint: Checkpoint, encoder: Encoder, name: string): TextTokenizer {
  const { tokenizerJson, tokenizerConfig, specialTokensMap } = checkpoint;
  const tokenizer = loadTokenizer(tokenizerJson, tokenizerConfig, specialTokensMap);
  const { vocabularySize = 0 } = tokenizer;
  if (vocabularySize > encoder.vocabularySize)
    throw new RangeError(
      `${name}: tokenizer.json has ${vocabularySize} tokens, but the model has embeddings for ${encoder.vocabularySize}: they do not belong together.`,
    );
  return tokenizer;
}

/** The labels of a checkpoint that is a classifier already. */
function storedLabels({ tensors, config }: Checkpoint, encoder: Encoder): string[] | undefined {
  const head = tensors.get(`${encoder.head.output}.weight`);
  if (head === undefined) return undefined;
  const names = (config.id2label ?? {}) as Record<string, string>;
  return Array.from({ length: head.shape[0] as number }, (_, i) => names[i] ?? `LABEL_${i}`);
}
