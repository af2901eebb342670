/**
 * A checkpoint folder as Python's transformers lays it out: `config.json`, weights in one safetensors file or in shards
 * with an index, `tokenizer.json` and `tokenizer_config.json`. This file reads one; `write-checkpoint.ts` writes one.
 *
 *     const { config, tensors, tokenizerJson } = await readCheckpoint(folder);
 *     config.hidden_size;                                        // 384
 *     tensors.get('embeddings.word_embeddings.weight')?.shape;   // [30522, 384]
 */
import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readSafetensors, type StoredTensor } from './safetensors.js';
import { INDEX_FILE, parseShardIndex, WEIGHTS_FILE } from './shard-index.js';

export { type CheckpointContent, writeCheckpoint } from './write-checkpoint.js';

/** What a folder holds; weights under the checkpoint's own names. */
export interface Checkpoint {
  readonly folder: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: Map<string, StoredTensor>;
  readonly tokenizerJson: object;
  /** Empty if the folder has no `tokenizer_config.json`. */
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
}

/**
 * Reads a folder. All weights are read; the caller decides which of them it wants.
 * @throws Error naming the file that is missing or broken, the weight an index names but its shard lacks, or the weight
 *   a shard holds but the index does not name; SafetensorsError for a malformed weights file
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const config = await readJsonObject(folder, 'config.json');
  const tokenizerJson = await readJsonObject(folder, 'tokenizer.json');
  const hasTokenizerConfig = await exists(join(folder, 'tokenizer_config.json'));
  const tokenizerConfig = hasTokenizerConfig ? await readJsonObject(folder, 'tokenizer_config.json') : {};
  return { folder, config, tensors: await readWeights(folder), tokenizerJson, tokenizerConfig };
}

/** The weights of a folder; a single file wins over an index, as it does in Python. */
export async function readWeights(folder: string): Promise<Map<string, StoredTensor>> {
  const whole = join(folder, WEIGHTS_FILE);
  if (await exists(whole)) return (await readSafetensors(whole)).tensors;
  const indexPath = join(folder, INDEX_FILE);
  if (await exists(indexPath)) return readShards(folder, indexPath);
  const pickled = (await readdir(folder)).find((name) => name.endsWith('.bin') || name.endsWith('.pt'));
  throw new Error(
    pickled === undefined
      ? `${folder} has no weights: neither ${WEIGHTS_FILE} nor ${INDEX_FILE} is in it.`
      : `${folder} has its weights in ${pickled}, a Python pickle; save them in Python with safe_serialization=True, then read that folder.`,
  );
}

async function readShards(folder: string, indexPath: string): Promise<Map<string, StoredTensor>> {
  const weightMap = parseShardIndex(await readFile(indexPath, 'utf8'), indexPath);
  const tensors = new Map<string, StoredTensor>();
  for (const shard of [...new Set(weightMap.values())].sort()) {
    const path = join(folder, shard);
    if (!(await exists(path))) {
      throw new Error(`${folder} lacks ${shard}, which ${INDEX_FILE} names; fetch or copy the folder again.`);
    }
    for (const [name, tensor] of (await readSafetensors(path)).tensors) {
      if (weightMap.get(name) !== shard) {
        const place = weightMap.get(name) ?? 'nowhere';
        throw new Error(`${path} holds the weight ${JSON.stringify(name)}, which ${INDEX_FILE} places ${place}.`);
      }
      tensors.set(name, tensor);
    }
  }
  for (const [name, shard] of weightMap) {
    if (!tensors.has(name)) {
      throw new Error(
        `${join(folder, shard)} lacks the weight ${JSON.stringify(name)}, which ${INDEX_FILE} places there.`,
      );
    }
  }
  return tensors;
}

async function readJsonObject(folder: string, name: string): Promise<Record<string, unknown>> {
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`${folder} has no ${name}${await hint(folder, name)}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not valid JSON (${(error as Error).message}); fetch or copy it again.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${path} must hold a JSON object; fetch or copy it again.`);
  }
  return value as Record<string, unknown>;
}

/** What to do about a missing file: nearly always one of these three has happened. */
async function hint(folder: string, name: string): Promise<string> {
  if (!(await exists(folder))) {
    const siblings = await readdir(dirname(folder)).catch(() => []);
    const kept = siblings.find((sibling) => sibling.startsWith(`.${basename(folder)}.`) && sibling.endsWith('.old'));
    if (kept === undefined) return ', because there is no such folder';
    return `, because saving was cut short; its earlier content is in ${join(dirname(folder), kept)}: rename it back`;
  }
  if (name !== 'tokenizer.json') return '; is it a checkpoint folder?';
  return '; in Python, AutoTokenizer.from_pretrained(folder).save_pretrained(folder) makes one';
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
