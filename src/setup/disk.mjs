// Free space, looked at before anything large is written.

import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from './problem.mjs';

/**
 * @param {string} folder need not exist yet: its nearest parent that does is measured
 * @returns {number} bytes that this person may still write there
 */
export function freeBytes(folder) {
  let path = folder;
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/**
 * @param {string} folder where `needed` bytes are about to be written
 * @param {number} needed
 * @param {(folder: string) => number} [free]
 * @throws {Problem} where there is not that much left
 */
export function requireSpace(folder, needed, free = freeBytes) {
  const left = free(folder);
  if (left >= needed) return;
  const megabytes = (/** @type {number} */ bytes) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
  throw new Problem(
    `The disk is too full: ${folder} needs ${megabytes(needed)}, and ${megabytes(left)} are free.`,
    'Free some space and run this again: what is already done is kept.',
  );
}
