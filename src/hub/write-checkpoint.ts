/**
 * Writes a checkpoint folder that Python's transformers opens, whole or not at all: everything goes into a folder beside
 * it, which then takes its name. An earlier checkpoint of that name stays in place until the new one is complete.
 *
 *     await writeCheckpoint('out/reviews', { config, tensors, tokenizerJson, tokenizerConfig });
 */
import { isAbsolute, join, normalize, sep } from 'node:path';
import { writeAll, writeFileAtomically } from './atomic-file.js';
import { type FolderKind, writeFolderAtomically } from './atomic-folder.js';
import { configText } from './config-text.js';
import { jsonText } from './json-text.js';
import { type StoredTensor, writeSafetensors } from './safetensors.js';
import { INDEX_FILE, planShards } from './shard-index.js';

/** What goes into the folder. */
export interface CheckpointContent {
  readonly config: Readonly<Record<string, unknown>>;
  /** Weights under the names transformers expects; shards are cut in this order. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly tokenizerJson: object;
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
  /** Further files by their path in the folder, such as `1_Pooling/config.json`: text or bytes. */
  readonly extraFiles?: Readonly<Record<string, string | Uint8Array>>;
}

/** Where Python starts to shard: 50 GB. */
const DEFAULT_MAX_SHARD_BYTES = 50e9;

/** Files of an earlier checkpoint that must not survive into a new one: its weights, its tokenizer, its exports. */
const CHECKPOINT: FolderKind = {
  holds: 'a checkpoint',
  marker: 'config.json',
  replaced:
    /\.safetensors$|\.safetensors\.index\.json$|^pytorch_model.*|^config\.json$|^tokenizer|^special_tokens_map\.json$|^added_tokens\.json$|^vocab\.|^merges\.txt$|^onnx$/,
};

/**
 * Writes the folder; one that holds a checkpoint already is replaced, its other files (notes, a README) kept.
 * @param options.maxShardBytes largest weights file, default 50 GB
 * @throws Error if `folder` exists and is neither empty nor a checkpoint, or if an extra file would leave the folder
 */
export async function writeCheckpoint(
  folder: string,
  content: CheckpointContent,
  options: { readonly maxShardBytes?: number } = {},
): Promise<void> {
  const maxShardBytes = options.maxShardBytes ?? DEFAULT_MAX_SHARD_BYTES;
  await writeFolderAtomically(folder, (staged) => writeFiles(staged, content, maxShardBytes), CHECKPOINT);
}

async function writeFiles(staged: string, content: CheckpointContent, maxShardBytes: number): Promise<void> {
  const { files, indexText } = planShards(content.tensors, maxShardBytes);
  const texts: Record<string, string | Uint8Array> = {
    'config.json': configText(content.config),
    'tokenizer.json': jsonText(content.tokenizerJson),
    'tokenizer_config.json': jsonText(content.tokenizerConfig),
    ...(indexText === undefined ? {} : { [INDEX_FILE]: indexText }),
  };
  for (const [path, data] of Object.entries(content.extraFiles ?? {})) {
    const clean = normalize(path);
    if (isAbsolute(path) || clean === '.' || clean === '..' || clean.startsWith(`..${sep}`)) {
      throw new Error(
        `The extra file ${JSON.stringify(path)} would lie outside the checkpoint; give a path inside it.`,
      );
    }
    if (Object.hasOwn(texts, clean) || files.has(clean)) {
      throw new Error(
        `The extra file ${JSON.stringify(path)} is part of every checkpoint; leave it out of extraFiles.`,
      );
    }
    texts[clean] = data;
  }
  for (const [name, tensors] of files) await writeSafetensors(join(staged, name), tensors);
  for (const [path, data] of Object.entries(texts)) {
    await writeFileAtomically(join(staged, path), (file) => writeAll(file, Buffer.from(data)));
  }
}
