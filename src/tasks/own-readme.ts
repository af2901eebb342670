// Whose README.md lies in a folder: a card of ours is replaced by the next one, what somebody wrote stays.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isModelCard } from './model-card.js';

/** Is there a README that somebody wrote? */
export async function hasOwnReadme(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, 'README.md'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return text !== undefined && !isModelCard(text);
}
