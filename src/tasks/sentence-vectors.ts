// Sentence vectors: an encoder whose tokens are pooled into one vector a text, so that texts of like meaning lie close.
//
//   const encoder = await loadSentenceEncoder('sentence-transformers/all-MiniLM-L6-v2');
//   const [a, b] = await encoder.encode(['A cat sleeps.', 'The cat is asleep.']);     // unit length: their product is the cosine
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Compiled, compile, type HostTensor, tf, type Weights } from '../engine/index.js';
import { readCheckpoint } from '../hub/checkpoint.js';
import { parseJson } from '../hub/json-text.js';
import { type ResolveOptions, resolveModel } from '../hub/resolve.js';
import { encoderOf, readLength } from '../models/architectures.js';
import type { Encoder, EncoderInputs } from '../models/encoder.js';
import type { Params } from '../nn/pass.js';
import { type Pooling, pool, poolings, unitLength } from '../nn/pooling.js';
import { type Truncation, textBatches, truncation } from './batching.js';
import { tokenizerOf } from './load-model.js';
import { matchWeights } from './match-weights.js';
import type { TextTokenizer } from './tokenizer.js';

export interface SentenceEncoderOptions extends Pick<ResolveOptions, 'revision' | 'onProgress' | 'onWait' | 'signal'> {
  /** Longest input in tokens; longer texts are cut. Default: what the model was made for. */
  readonly maxLength?: number;
  /** How tokens become one vector. Default: what the model was made for. */
  readonly pooling?: Pooling;
}

interface Parts {
  readonly encoder: Encoder;
  readonly weights: Weights;
  readonly tokenizer: TextTokenizer;
  readonly maxLength: number;
  /** Several are put side by side. */
  readonly pooling: readonly Pooling[];
  readonly normalised: boolean;
  readonly lowerCase: boolean;
}

interface Inputs {
  readonly params: Params;
  readonly inputs: EncoderInputs;
}

const batchSize = 32;

export class SentenceEncoder {
  readonly #parts: Parts;
  readonly #params: Readonly<Record<string, HostTensor>>;
  readonly #forward: Compiled<Inputs, tf.Tensor>;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#params = Object.fromEntries(parts.weights);
    const { encoder, pooling, normalised } = parts;
    this.#forward = compile(({ params, inputs }: Inputs) => {
      const outputs = encoder.encode(params, inputs, {});
      const pooled = tf.concat(
        pooling.map((way) => pool(outputs, way)),
        1,
      );
      return normalised ? unitLength(pooled) : pooled;
    });
  }

  /** Numbers in a vector. */
  get size(): number {
    return this.#parts.encoder.hiddenSize * this.#parts.pooling.length;
  }

  /** The vector of each text, in the order given. An empty list gives an empty list. */
  async encode(texts: readonly string[]): Promise<Float32Array[]> {
    const { tokenizer, maxLength, lowerCase } = this.#parts;
    const rows = texts.map((text) => ({ text: lowerCase ? text.toLowerCase() : text }));
    const vectors: Float32Array[] = [];
    const options = { batchSize: Math.min(batchSize, Math.max(1, texts.length)), maxLength };
    for (const { rows: members, inputs } of textBatches(tokenizer, rows, options)) {
      const { data } = await this.#forward({ params: this.#params, inputs });
      members.forEach((row, i) => {
        vectors[row] = data.slice(i * this.size, (i + 1) * this.size) as Float32Array;
      });
      await new Promise(setImmediate); // lets a notebook's Stop button through
    }
    return vectors;
  }

  /** What is lost of texts that are longer than the encoder reads. */
  truncation(texts: readonly string[]): Truncation {
    const { tokenizer, maxLength } = this.#parts;
    return truncation(
      tokenizer,
      texts.map((text) => ({ text })),
      maxLength,
    );
  }

  /** Unloads the graphs; the encoder stays usable. */
  dispose(): Promise<void> {
    return this.#forward.dispose();
  }
}

/**
 * Loads an encoder as its modules.json describes it; a checkpoint without one is pooled by the mean, as sentence-transformers
 * does. The head of a classifier is left out. A local folder works in place of an id.
 * @throws RangeError where modules.json asks for a pooling or modules we lack; Error naming a file that cannot be used
 */
export async function loadSentenceEncoder(
  idOrFolder: string,
  { maxLength, pooling, ...options }: SentenceEncoderOptions = {},
): Promise<SentenceEncoder> {
  if (pooling !== undefined && !poolings.includes(pooling))
    throw new RangeError(`There is no pooling "${String(pooling)}"; there are: ${poolings.join(', ')}.`);
  const { folder } = await resolveModel(idOrFolder, options);
  const checkpoint = await readCheckpoint(folder);
  const encoder = encoderOf(checkpoint.config, idOrFolder);
  const tensors = new Map([...checkpoint.tensors].filter(([name]) => !encoder.head.isHead(name)));
  const match = { encoder, head: new Map(), keepHead: true, seed: 0 };
  const { weights } = matchWeights({ tensors }, idOrFolder, match);
  const tokenizer = tokenizerOf(checkpoint, encoder, idOrFolder);
  const modules = await readModules(folder, idOrFolder, pooling);
  return new SentenceEncoder({
    ...modules,
    encoder,
    weights,
    tokenizer,
    maxLength: readLength(maxLength ?? modules.maxLength ?? encoder.maxLength, encoder.maxLength),
  });
}

const modulesJson = z.array(z.looseObject({ type: z.string(), path: z.string() }));
const transformerJson = z.looseObject({ max_seq_length: z.int().nullish(), do_lower_case: z.boolean().nullish() });
const poolingJson = z.looseObject({ pooling_mode: z.union([z.string(), z.array(z.string())]).optional() });

interface Modules extends Pick<Parts, 'pooling' | 'normalised' | 'lowerCase'> {
  readonly maxLength?: number;
}

/** What modules.json and the files it names say. */
async function readModules(folder: string, source: string, asked: Pooling | undefined): Promise<Modules> {
  const list = await readJson(folder, 'modules.json', modulesJson);
  if (list === undefined) return { pooling: [asked ?? 'mean'], normalised: false, lowerCase: false };
  const modules = list.map(({ type, path }) => ({ kind: type.split('.').at(-1) as string, path }));
  const kinds = modules.map(({ kind }) => kind);
  if (!['Transformer,Pooling', 'Transformer,Pooling,Normalize'].includes(kinds.join()))
    throw new RangeError(
      `${source} is made of ${kinds.join(', ')}; we read Transformer, Pooling and, at the end, Normalize.`,
    );
  const { max_seq_length: maxLength, do_lower_case: lowerCase } =
    (await readJson(folder, 'sentence_bert_config.json', transformerJson)) ?? {};
  return {
    pooling: asked ? [asked] : await readPooling(folder, join(modules[1]?.path as string, 'config.json'), source),
    normalised: kinds.includes('Normalize'),
    lowerCase: lowerCase ?? false,
    ...(maxLength ? { maxLength } : {}),
  };
}

/** Before there was pooling_mode each way had a flag of its own; in this order they were put side by side. */
const flags = ['cls_token', 'max_tokens', 'mean_tokens', 'mean_sqrt_len_tokens', 'weightedmean_tokens', 'lasttoken'];

async function readPooling(folder: string, file: string, source: string): Promise<Pooling[]> {
  const instead = `loadSentenceEncoder('${source}', { pooling: 'mean' })`;
  const config = await readJson(folder, file, poolingJson);
  if (config === undefined)
    throw new Error(`${source} lacks ${file}, which says how its tokens are pooled; ${instead} says it in its place.`);
  const flagged = flags.filter((flag) => config[`pooling_mode_${flag}`] === true);
  const named = [config.pooling_mode ?? flagged.map((flag) => flag.replace(/_tokens?$/, ''))].flat();
  const unknown = named.filter((name) => !poolings.includes(name as Pooling));
  if (unknown.length > 0)
    throw new RangeError(
      `${source} pools by ${unknown.join(' and ')}; we pool by ${poolings.join(', ')}. ${instead} takes one of those instead.`,
    );
  return named.length === 0 ? ['mean'] : (named as Pooling[]);
}

/** The content of a file as `schema` has it; undefined where there is no such file. */
async function readJson<Content>(
  folder: string,
  name: string,
  schema: z.ZodType<Content>,
): Promise<Content | undefined> {
  const path = join(folder, name);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { data, error } = schema.safeParse(parseJson(text, path));
  if (error === undefined) return data;
  const problems = error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '));
  throw new Error(`${path} cannot be used: ${problems.join('; ')}.`);
}
