// loadModel: from an id, a revision and a task to a model that predicts and trains.
//
//   const model = await loadModel('sentence-transformers/all-MiniLM-L6-v2', { task: 'text-classification', labels: ['no', 'yes'] });
import { hostTensor, randomNormal, seedFor, type Weights } from '../engine/index.js';
import { type Checkpoint, readCheckpoint } from '../hub/checkpoint.js';
import { resolveModel } from '../hub/resolve.js';
import { type Architecture, architectureOf, type EncoderConfig } from '../models/architectures.js';
import { TextClassifier } from './text-classification.js';
import { loadTokenizer } from './tokenizer.js';

export interface LoadModelOptions {
  readonly task: 'text-classification';
  /** Names of the labels. Needed where the checkpoint has no classifier; otherwise its own are the default. */
  readonly labels?: readonly string[];
  /** Branch, tag or commit on the hub. */
  readonly revision?: string;
  /** Longest input in tokens; longer texts are cut. Default 128, or what the model reads where that is less. */
  readonly maxLength?: number;
  /** Seed of the weights that no checkpoint gives. Default 42. */
  readonly seed?: number;
  readonly onProgress?: (progress: { file: string; loaded: number; total: number }) => void;
}

/**
 * Loads a pretrained model for a task. A local folder works in place of an id.
 * Every weight the architecture has must be in the checkpoint with its shape, and every weight in the checkpoint must be
 * the architecture's; only the head, and a pooler that was never saved, may be new.
 * @throws Error naming the weights that are missing or left over, the task or the architecture we lack
 */
export async function loadModel(idOrFolder: string, options: LoadModelOptions): Promise<TextClassifier> {
  if (options.task !== 'text-classification')
    throw new RangeError(`There is no task "${String(options.task)}"; the tasks are: text-classification.`);
  const { folder } = await resolveModel(idOrFolder, {
    ...(options.revision === undefined ? {} : { revision: options.revision }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  return classifierFrom(await readCheckpoint(folder), idOrFolder, options);
}

function classifierFrom(checkpoint: Checkpoint, name: string, options: LoadModelOptions): TextClassifier {
  const architecture = architectureOf(checkpoint.config, name);
  const config = architecture.parseConfig(checkpoint.config);
  const stored = storedLabels(checkpoint);
  const labels = options.labels ?? stored;
  if (labels === undefined)
    throw new RangeError(
      `${name} has no classifier, so it needs labels: loadModel('${name}', { task: 'text-classification', labels: ['no', 'yes'] }).`,
    );
  if (labels.length < 2 || new Set(labels).size !== labels.length)
    throw new RangeError(`A classifier needs at least two labels, each named once; got [${labels.join(', ')}].`);
  const keepHead = stored !== undefined && stored.join('\n') === labels.join('\n');
  const { weights, newWeights } = matchWeights(
    checkpoint,
    { architecture, config, labels, keepHead, seed: options.seed ?? 42 },
    name,
  );
  const { tokenizerJson, tokenizerConfig } = checkpoint;
  return new TextClassifier({
    name,
    labels,
    config,
    architecture,
    weights,
    newWeights,
    tokenizer: loadTokenizer(tokenizerJson, tokenizerConfig),
    tokenizerFiles: { tokenizerJson, tokenizerConfig },
    maxLength: Math.min(options.maxLength ?? 128, config.max_position_embeddings),
  });
}

/** The labels of a checkpoint that is a classifier already. */
function storedLabels({ tensors, config }: Checkpoint): string[] | undefined {
  const head = tensors.get('classifier.weight');
  if (head === undefined) return undefined;
  const names = (config.id2label ?? {}) as Record<string, string>;
  return Array.from({ length: head.shape[0] as number }, (_, i) => names[i] ?? `LABEL_${i}`);
}

interface Match {
  readonly architecture: Architecture;
  readonly config: EncoderConfig;
  readonly labels: readonly string[];
  readonly keepHead: boolean;
  readonly seed: number;
}

function matchWeights(
  { tensors }: Checkpoint,
  match: Match,
  source: string,
): { weights: Weights; newWeights: string[] } {
  const { architecture, config, labels, keepHead, seed } = match;
  const { prefix } = architecture;
  // A bare encoder is saved without the prefix that a model with a head puts before its names.
  const bare = ![...tensors.keys()].some((name) => name.startsWith(prefix));
  const inFile = (name: string) => (bare && name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const wanted = architecture.weights(config, prefix);
  wanted.set('classifier.weight', [labels.length, config.hidden_size]).set('classifier.bias', [labels.length]);

  const mayBeNew = (name: string) =>
    (name.startsWith('classifier.') && !keepHead) || name.startsWith(`${prefix}pooler.`);
  const missing: string[] = [];
  const newWeights: string[] = [];
  const used = new Set<string>();
  const weights: Weights = new Map();
  for (const [name, shape] of wanted) {
    const tensor = tensors.get(inFile(name));
    const fresh = name.startsWith('classifier.') && !keepHead;
    if (tensor !== undefined) used.add(inFile(name));
    if (tensor !== undefined && !fresh) {
      if (String(tensor.shape) !== String(shape) || !(tensor.data instanceof Float32Array))
        throw new RangeError(
          `${source}: weight "${inFile(name)}" is ${tensor.dtype}[${tensor.shape}], but config.json asks for floats of shape [${shape}].`,
        );
      weights.set(name, hostTensor(tensor.data, shape));
    } else if (mayBeNew(name)) {
      newWeights.push(name);
      weights.set(name, startingValue(name, shape, config.initializer_range, seed));
    } else missing.push(inFile(name));
  }
  const leftOver = [...tensors.keys()].filter((name) => !used.has(name) && !architecture.notEncoder.test(name));
  const list = (names: string[]) =>
    `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  if (missing.length > 0)
    throw new RangeError(`${source} lacks ${missing.length} weights that its config.json asks for: ${list(missing)}.`);
  if (leftOver.length > 0)
    throw new RangeError(
      `${source} holds ${leftOver.length} weights that a ${config.model_type} of its config.json has no place for: ${list(leftOver)}.`,
    );
  return { weights, newWeights };
}

/** Matrices start as small random numbers, biases at 0 and the scales of norms at 1, as in transformers. */
export function startingValue(name: string, shape: readonly number[], standardDeviation: number, seed: number) {
  if (name.endsWith('bias')) return hostTensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
  if (/norm\.weight$/i.test(name)) return hostTensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape);
  return randomNormal(shape, standardDeviation, seedFor(seed, name));
}
