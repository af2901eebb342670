/** Whether a model's snapshot in the cache is whole, and if asked, whether its bytes are still those of its hashes. */
import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ExpectedFile, isExpected } from './expected-file.js';
import { missingFiles, NEEDED_FILES, WELCOME_FILES } from './model-files.js';

/**
 * Names of the files a snapshot lacks or, with `hashed`, holds with wrong bytes; a wrong one is removed, content and all,
 * so that it will be fetched again.
 * @param pinned the files known beforehand, all of which must be there with their sizes
 */
export async function lackingOf(
  snapshot: string,
  pinned: readonly ExpectedFile[] | undefined,
  hashed: boolean,
): Promise<string[]> {
  const lacking = new Set<string>();
  const known = new Set(pinned?.map(({ path }) => path));
  const others = hashed ? (await filesOf(snapshot)).filter((path) => !known.has(path)) : [];
  const byName = await Promise.all(others.map((path) => expectedByName(snapshot, path)));
  for (const expected of [...(pinned ?? []), ...byName]) {
    if (expected === undefined) continue;
    const path = join(snapshot, expected.path);
    if (await isExpected(path, expected, hashed)) continue;
    lacking.add(expected.path);
    const blob = await realpath(path).catch(() => path);
    // A link that leads out of the cache was made by somebody: what it leads to is not ours to remove.
    if (basename(dirname(blob)) === 'blobs') await rm(blob, { force: true });
    await rm(path, { force: true });
  }
  for (const name of await missingFiles(snapshot)) lacking.add(name);
  return [...lacking];
}

async function filesOf(snapshot: string): Promise<string[]> {
  const names = await readdir(snapshot).catch(() => []);
  const weights = names.filter((name) => /\.(safetensors|bin)(\.index\.json)?$/.test(name));
  return [...NEEDED_FILES, ...WELCOME_FILES, ...weights];
}

/** What a file must be by the name of the blob it links to; undefined if it is missing or no link to a hash. */
async function expectedByName(snapshot: string, path: string): Promise<ExpectedFile | undefined> {
  const target = await realpath(join(snapshot, path)).catch(() => '');
  const blob = basename(target);
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(blob)) return undefined;
  return { path, size: (await stat(target)).size, blob };
}
