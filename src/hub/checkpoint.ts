/**
 * A checkpoint folder as Python's transformers lays it out: `config.json`, weights in one safetensors file or in shards
 * with an index, `tokenizer.json` and `tokenizer_config.json`. Older ones have `pytorch_model.bin`, and `vocab.txt` alone.
 * This file reads one; `write-checkpoint.ts` writes one.
 *
 *     const { config, tensors, tokenizerJson } = await readCheckpoint(folder);
 *     config.hidden_size;                                        // 384
 *     tensors.get('embeddings.word_embeddings.weight')?.shape;   // [30522, 384]
 */
import { isUtf8 } from 'node:buffer';
import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseJson } from './json-text.js';
import { readPytorchBin } from './pytorch-bin.js';
import { readSafetensors, type StoredTensor } from './safetensors.js';
import { INDEX_FILE, parseShardIndex, WEIGHT_FORMATS, WEIGHTS_FILE } from './shard-index.js';
import { shown } from './shown.js';
import { tokenizerFromVocabulary } from './vocabulary-file.js';

export { type CheckpointContent, writeCheckpoint } from './write-checkpoint.js';

/** What a folder holds; weights under the checkpoint's own names. */
export interface Checkpoint {
  readonly folder: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: Map<string, StoredTensor>;
  /** `tokenizer.json`; made as Python makes it where a BERT has `vocab.txt` alone. */
  readonly tokenizerJson: object;
  /** Empty if the folder has no `tokenizer_config.json`. */
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
  /** Empty if the folder has no `special_tokens_map.json`, which older checkpoints name the padding token in. */
  readonly specialTokensMap: Readonly<Record<string, unknown>>;
}

/**
 * Reads a folder. All weights are read; the caller decides which of them it wants.
 * @throws Error naming the file that is missing or broken, the weight an index names but its shard lacks, or the weight
 *   a shard holds but the index does not name; SafetensorsError or PytorchFileError for a malformed weights file
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const config = await readJsonObject(folder, 'config.json');
  const tokenizerConfig = await readIfThere(folder, 'tokenizer_config.json');
  const specialTokensMap = await readIfThere(folder, 'special_tokens_map.json');
  const tokenizerJson = await readTokenizer(folder, config, { ...specialTokensMap, ...tokenizerConfig });
  return { folder, config, tensors: await readWeights(folder), tokenizerJson, tokenizerConfig, specialTokensMap };
}

/** The weights of a folder: safetensors before older files, a single file before an index, as in Python. */
export async function readWeights(folder: string): Promise<Map<string, StoredTensor>> {
  for (const { whole, index } of WEIGHT_FORMATS) {
    if (await exists(join(folder, whole))) return readWeightsFile(join(folder, whole));
    if (await exists(join(folder, index))) return readShards(folder, index);
  }
  const other = (await readdir(folder)).find((name) => /\.(bin|pt|pth|h5|msgpack|onnx|gguf)$/.test(name));
  throw new Error(
    other === undefined
      ? `${folder} has no weights: neither ${WEIGHTS_FILE} nor ${INDEX_FILE} is in it.`
      : `${folder} has no ${WEIGHTS_FILE}, and ${other} is not read; save the model in Python with save_pretrained(folder), then read that folder.`,
  );
}

async function readWeightsFile(path: string): Promise<Map<string, StoredTensor>> {
  return path.endsWith('.bin') ? readPytorchBin(path) : (await readSafetensors(path)).tensors;
}

async function readTokenizer(
  folder: string,
  config: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
): Promise<object> {
  const vocabulary = join(folder, 'vocab.txt');
  if ((await exists(join(folder, 'tokenizer.json'))) || !(await exists(vocabulary))) {
    return readJsonObject(folder, 'tokenizer.json');
  }
  if (await exists(join(folder, 'added_tokens.json'))) {
    throw new Error(`${folder} has no tokenizer.json, and added_tokens.json beside vocab.txt${MAKE_TOKENIZER}.`);
  }
  const bytes = await readFile(vocabulary);
  if (!isUtf8(bytes)) throw new Error(`${vocabulary} is not UTF-8; fetch or copy it again.`);
  return tokenizerFromVocabulary(bytes.toString('utf8'), config, settings, vocabulary);
}

async function readIfThere(folder: string, name: string): Promise<Record<string, unknown>> {
  return (await exists(join(folder, name))) ? readJsonObject(folder, name) : {};
}

async function readShards(folder: string, indexFile: string): Promise<Map<string, StoredTensor>> {
  const indexPath = join(folder, indexFile);
  const weightMap = parseShardIndex(await readFile(indexPath, 'utf8'), indexPath);
  const tensors = new Map<string, StoredTensor>();
  for (const shard of [...new Set(weightMap.values())].sort()) {
    const path = join(folder, shard);
    if (!(await exists(path))) {
      throw new Error(`${folder} lacks ${shard}, which ${indexFile} names; fetch or copy the folder again.`);
    }
    for (const [name, tensor] of await readWeightsFile(path)) {
      if (weightMap.get(name) !== shard) {
        const place = weightMap.get(name) ?? 'nowhere';
        throw new Error(`${path} holds the weight ${shown(name)}, which ${indexFile} places ${place}.`);
      }
      tensors.set(name, tensor);
    }
  }
  for (const [name, shard] of weightMap) {
    if (!tensors.has(name)) {
      throw new Error(`${join(folder, shard)} lacks the weight ${shown(name)}, which ${indexFile} places there.`);
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
  const value = parseJson(text, path);
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
  return MAKE_TOKENIZER;
}

const MAKE_TOKENIZER = '; in Python, AutoTokenizer.from_pretrained(folder).save_pretrained(folder) makes one';

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
