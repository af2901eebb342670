/** Downloads a model: its config, its tokenizer, what else we are glad of, and its weights in the best format it has. */
import { readFile } from 'node:fs/promises';
import { type DownloadOptions, downloadRepo } from './download.js';
import { lackingAmong, NEEDED_FILES, WELCOME_FILES } from './model-files.js';
import { parseShardIndex, WEIGHT_FORMATS, WEIGHTS_FILE } from './shard-index.js';

/**
 * @param revision branch, tag or commit
 * @returns the commit whose snapshot is now in the cache
 * @throws Error whose message says in half a sentence why; the signal's reason if it stopped. What has come stays for the
 *   next attempt
 */
export function downloadModel(
  cache: string,
  id: string,
  revision: string,
  options: DownloadOptions = {},
): Promise<string> {
  return downloadRepo(
    { cache, id, kind: 'model', revision },
    async ({ paths, fetch }) => {
      const [lacks] = await lackingAmong((name) => paths.has(name));
      if (lacks !== undefined) throw new Error(lacking(lacks));
      const format = WEIGHT_FORMATS.find(({ whole, index }) => paths.has(whole) || paths.has(index));
      if (format === undefined) throw new Error(lacking(WEIGHTS_FILE));
      for (const path of [...NEEDED_FILES, ...WELCOME_FILES]) if (paths.has(path)) await fetch(path);
      if (paths.has(format.whole)) {
        await fetch(format.whole);
        return;
      }
      const index = await fetch(format.index);
      const weightMap = parseShardIndex(await readFile(index, 'utf8'), format.index);
      for (const shard of new Set(weightMap.values())) await fetch(shard);
    },
    options,
  );
}

function lacking(path: string): string {
  return path === WEIGHTS_FILE
    ? `the model has no ${WEIGHTS_FILE}; save it in Python with save_pretrained and give the folder instead`
    : `the model has no ${path}; save it and its tokenizer in Python with save_pretrained and give the folder instead`;
}
