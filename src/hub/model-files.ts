/** Which files of a model we need, which we are glad of, and which of them a folder lacks. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { INDEX_FILE, parseShardIndex, WEIGHTS_FILE } from './shard-index.js';

/** Without these and its weights a model is of no use to us. */
export const NEEDED_FILES: readonly string[] = ['config.json', 'tokenizer.json'];

/** Fetched where the hub has them. */
export const WELCOME_FILES: readonly string[] = [
  'tokenizer_config.json',
  'special_tokens_map.json',
  'vocab.txt',
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
  '1_Pooling/config.json',
  'README.md',
  'LICENSE',
  'LICENSE.txt',
  'LICENSE.md',
];

/** Names of needed files that `folder` lacks: empty for a folder that can be read. Links to nothing count as lacking. */
export async function missingFiles(folder: string): Promise<string[]> {
  const missing: string[] = [];
  const require = async (name: string): Promise<boolean> => {
    const there = await isFile(join(folder, name));
    if (!there) missing.push(name);
    return there;
  };
  for (const name of NEEDED_FILES) await require(name);
  const index = join(folder, INDEX_FILE);
  if (await isFile(join(folder, WEIGHTS_FILE))) return missing;
  if (!(await isFile(index))) return [...missing, WEIGHTS_FILE];
  const shards = parseShardIndex(await readFile(index, 'utf8'), index).values();
  for (const shard of new Set(shards)) await require(shard);
  return missing;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
