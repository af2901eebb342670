/** Which files of a model we need, which we are glad of, and which of them a folder lacks. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseShardIndex, WEIGHT_FORMATS, WEIGHTS_FILE } from './shard-index.js';

/** Without these and its weights a model is of no use to us. Each may be any of several: the first is the one to name. */
const NEEDED: readonly (readonly string[])[] = [['config.json'], ['tokenizer.json', 'vocab.txt']];

/** All files that may be needed, besides weights. */
export const NEEDED_FILES: readonly string[] = NEEDED.flat();

/** Which needed files are lacking among those there are; weights apart. */
export async function lackingAmong(has: (name: string) => boolean | Promise<boolean>): Promise<string[]> {
  const lacking: string[] = [];
  for (const names of NEEDED) {
    let found = false;
    for (const name of names) found ||= await has(name);
    if (!found) lacking.push(names[0] as string);
  }
  return lacking;
}

/** Fetched where the hub has them. */
export const WELCOME_FILES: readonly string[] = [
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
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
  const has = (name: string): Promise<boolean> => isFile(join(folder, name));
  const missing = await lackingAmong(has);
  for (const { whole, index } of WEIGHT_FORMATS) {
    if (await has(whole)) return missing;
    if (!(await has(index))) continue;
    const path = join(folder, index);
    const shards = parseShardIndex(await readFile(path, 'utf8'), path).values();
    for (const shard of new Set(shards)) if (!(await has(shard))) missing.push(shard);
    return missing;
  }
  return [...missing, WEIGHTS_FILE];
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
