/**
 * Writes a checkpoint folder that Python's transformers opens, whole or not at all: everything goes into a folder beside
 * it, which then takes its name. An earlier checkpoint of that name stays in place until the new one is complete.
 *
 *     await writeCheckpoint('out/reviews', { config, tensors, tokenizerJson, tokenizerConfig });
 */
import { mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { temporaryPath, writeAll, writeFileAtomically } from './atomic-file.js';
import { configText } from './config-text.js';
import { type StoredTensor, writeSafetensors } from './safetensors.js';
import { INDEX_FILE, jsonText, planShards } from './shard-index.js';

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

/** Files of an earlier checkpoint that must not survive into a new one: its weights, its tokenizer. All else is carried over. */
const REPLACED =
  /\.safetensors$|\.safetensors\.index\.json$|^pytorch_model.*|^config\.json$|^tokenizer|^special_tokens_map\.json$|^added_tokens\.json$|^vocab\.|^merges\.txt$/;

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
  const target = await realpath(folder).catch(() => resolve(folder));
  const before = await readdir(target).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw new Error(`${folder} is a file; save the checkpoint under another name.`);
    throw error;
  });
  if (before.length > 0 && !before.includes('config.json')) {
    throw new Error(`${folder} holds other things (${before[0]}) and no checkpoint; save into a folder of its own.`);
  }
  const staged = temporaryPath(target, 'tmp');
  try {
    await writeFiles(staged, content, options.maxShardBytes ?? DEFAULT_MAX_SHARD_BYTES);
    await putInPlace(staged, target);
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw error;
  }
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
  await mkdir(staged, { recursive: true });
  for (const [name, tensors] of files) await writeSafetensors(join(staged, name), tensors);
  for (const [path, data] of Object.entries(texts)) {
    await writeFileAtomically(join(staged, path), (file) => writeAll(file, Buffer.from(data)));
  }
}

/** A folder cannot be replaced in one step, so the old one steps aside for the moment between two renames. */
async function putInPlace(staged: string, target: string): Promise<void> {
  const aside = temporaryPath(target, 'old');
  const existed = await renameIfThere(target, aside);
  try {
    await rename(staged, target);
  } catch (error) {
    if (existed) await rename(aside, target);
    throw error;
  }
  if (!existed) return;
  const present = new Set(await readdir(target));
  for (const name of await readdir(aside)) {
    if (!present.has(name) && !REPLACED.test(name)) await rename(join(aside, name), join(target, name));
  }
  await rm(aside, { recursive: true });
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
