// Stamps: a step that is done leaves the hash of what it was done from, written last. No stamp, or another hash, and the
// step is done anew; hence a step that was interrupted half way is never taken for done.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * The SHA-256 of some texts, in their order.
 *
 * @param {readonly string[]} texts
 */
export function hashOf(texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}\n`).update(text);
  return hash.digest('hex');
}

/**
 * The hash of the names and contents of all files under some folders whose names end in one of `endings`.
 *
 * @param {string} base names are taken relative to it, so that the hash is the same in every clone
 * @param {readonly string[]} folders relative to `base`; one that is missing counts as empty
 * @param {readonly string[]} endings
 */
export function hashOfTree(base, folders, endings) {
  const files = folders.flatMap((folder) => {
    const path = join(base, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
      .map((entry) => join(entry.parentPath, entry.name));
  });
  const named = files.map((path) => [relative(base, path).split(sep).join('/'), path]).sort();
  return hashOf(named.flatMap(([name = '', path = '']) => [name, readFileSync(path, 'utf8')]));
}

/**
 * @param {string} file
 * @param {string} hash
 */
export function isStamped(file, hash) {
  return existsSync(file) && readFileSync(file, 'utf8').trim() === hash;
}

/**
 * @param {string} file
 * @param {string} hash
 */
export function stamp(file, hash) {
  writeFileSync(file, `${hash}\n`);
}
