// Sentence vectors: an encoder whose tokens are pooled into one vector a text, so that texts of like meaning lie close.
//
//   const encoder = await loadSentenceEncoder('sentence-transformers/all-MiniLM-L6-v2');
//   const [a, b] = await encoder.encode(['A cat sleeps.', 'The cat is asleep.']);     // unit length: their product is the cosine
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Compiled, compile, type HostTensor, type tf, type Weights } from '../engine/index.js';
import { readCheckpoint } from '../hub/checkpoint.js';
import { type ResolveOptions, resolveModel } from '../hub/resolve.js';
import { encoderOf, readLength } from '../models/architectures.js';
import type { Encoder, EncoderInputs } from '../models/encoder.js';
import type { Params } from '../nn/pass.js';
import { meanPool, unitLength } from '../nn/pooling.js';
import { textBatches } from './batching.js';
import { matchWeights } from './match-weights.js';
import { loadTokenizer, type TextTokenizer } from './tokenizer.js';

export interface SentenceEncoderOptions extends Pick<ResolveOptions, 'revision' | 'onProgress'> {
  /** Longest input in tokens; longer texts are cut. Default: what the model was made for. */
  readonly maxLength?: number;
}

interface Parts {
  readonly encoder: Encoder;
  readonly weights: Weights;
  readonly tokenizer: TextTokenizer;
  readonly maxLength: number;
  readonly normalised: boolean;
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
    const { encoder, normalised } = parts;
    this.#forward = compile(({ params, inputs }: Inputs) => {
      const { lastHiddenState } = encoder.encode(params, inputs, {});
      const pooled = meanPool(lastHiddenState, inputs.attentionMask);
      return normalised ? unitLength(pooled) : pooled;
    });
  }

  /** Numbers in a vector. */
  get size(): number {
    return this.#parts.encoder.hiddenSize;
  }

  /** The vector of each text, in the order given. An empty list gives an empty list. */
  async encode(texts: readonly string[]): Promise<Float32Array[]> {
    const { tokenizer, maxLength } = this.#parts;
    const rows = texts.map((text) => ({ text }));
    const vectors: Float32Array[] = [];
    const options = { batchSize: Math.min(batchSize, Math.max(1, texts.length)), maxLength };
    for (const { rows: members, inputs } of textBatches(tokenizer, rows, options)) {
      const { data } = await this.#forward({ params: this.#params, inputs });
      members.forEach((row, i) => {
        vectors[row] = data.slice(i * this.size, (i + 1) * this.size) as Float32Array;
      });
    }
    return vectors;
  }

  /** Unloads the graphs; the encoder stays usable. */
  dispose(): Promise<void> {
    return this.#forward.dispose();
  }
}

/**
 * Loads an encoder as its modules.json describes it; a checkpoint without one is pooled by the mean, as sentence-transformers
 * does. A local folder works in place of an id.
 * @throws RangeError where modules.json asks for another pooling than the mean or for modules we lack
 */
export async function loadSentenceEncoder(
  idOrFolder: string,
  { maxLength, ...options }: SentenceEncoderOptions = {},
): Promise<SentenceEncoder> {
  const { folder } = await resolveModel(idOrFolder, options);
  const checkpoint = await readCheckpoint(folder);
  const encoder = encoderOf(checkpoint.config, idOrFolder);
  const match = { encoder, head: new Map(), keepHead: true, seed: 0 };
  const { weights } = matchWeights(checkpoint, idOrFolder, match);
  const tokenizer = loadTokenizer(checkpoint.tokenizerJson, checkpoint.tokenizerConfig);
  const modules = await readModules(folder, idOrFolder);
  return new SentenceEncoder({
    encoder,
    weights,
    tokenizer,
    maxLength: readLength(maxLength ?? modules.maxLength ?? encoder.maxLength, encoder.maxLength),
    normalised: modules.normalised,
  });
}

const modulesJson = z.array(z.looseObject({ type: z.string(), path: z.string() }));
const transformerJson = z.looseObject({ max_seq_length: z.int().nullish() });
const poolingJson = z.looseObject({ pooling_mode: z.string().optional() });

/** What modules.json and the files it names say. */
async function readModules(folder: string, source: string): Promise<{ normalised: boolean; maxLength?: number }> {
  const list = await readJson(folder, 'modules.json');
  if (list === undefined) return { normalised: false };
  const modules = modulesJson.parse(list).map(({ type, path }) => ({ kind: type.split('.').at(-1) as string, path }));
  const kinds = modules.map(({ kind }) => kind);
  if (!['Transformer,Pooling', 'Transformer,Pooling,Normalize'].includes(kinds.join()))
    throw new RangeError(
      `${source} is made of ${kinds.join(', ')}; we read Transformer, Pooling and, at the end, Normalize.`,
    );
  const pooling = poolingJson.parse((await readJson(folder, join(modules[1]?.path as string, 'config.json'))) ?? {});
  const flags = Object.keys(pooling).filter((name) => name.startsWith('pooling_mode_') && pooling[name] === true);
  const modes = pooling.pooling_mode === undefined ? flags : [pooling.pooling_mode];
  if (!['', 'mean', 'pooling_mode_mean_tokens'].includes(modes.join()))
    throw new RangeError(`${source} pools by ${modes.join(' and ')}; we pool by the mean of the tokens only.`);
  const { max_seq_length: maxLength } = transformerJson.parse(
    (await readJson(folder, 'sentence_bert_config.json')) ?? {},
  );
  return { normalised: kinds.includes('Normalize'), ...(maxLength ? { maxLength } : {}) };
}

async function readJson(folder: string, name: string): Promise<unknown> {
  const text = await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : JSON.parse(text);
}
