// A folder appears whole or not at all, and what somebody else put there is left alone.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeFolderAtomically } from '../../src/hub/atomic-folder.js';
import { temporaryFolder } from '../references.js';

const kind = { holds: 'a recipe', marker: 'recipe.txt', replaced: /^(recipe\.txt|steps)$/ };
const put = (text: string) => (staged: string) => writeFile(join(staged, 'recipe.txt'), text);

it('makes a folder, and replaces an earlier one but for what is not part of it', async () => {
  const folder = join(temporaryFolder(), 'soup');
  await writeFolderAtomically(folder, put('first'), kind);
  await writeFile(join(folder, 'notes.md'), 'mine');
  await mkdir(join(folder, 'steps'));
  await writeFolderAtomically(folder, put('second'), kind);
  expect((await readdir(folder)).sort()).toEqual(['notes.md', 'recipe.txt']);
  expect(await readFile(join(folder, 'recipe.txt'), 'utf8')).toBe('second');
});

it('leaves the earlier folder, and nothing else, where writing fails', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'soup');
  await writeFolderAtomically(folder, put('first'), kind);
  const fails = async (staged: string) => {
    await put('second')(staged);
    throw new Error('out of salt');
  };
  await expect(writeFolderAtomically(folder, fails, kind)).rejects.toThrow('out of salt');
  expect(await readdir(parent)).toEqual(['soup']);
  expect(await readFile(join(folder, 'recipe.txt'), 'utf8')).toBe('first');
});

it('refuses a file, and a folder that holds other things', async () => {
  const folder = temporaryFolder();
  await writeFile(join(folder, 'thesis.tex'), '');
  await expect(writeFolderAtomically(folder, put(''), kind)).rejects.toThrow(
    `${folder} holds other things (thesis.tex) and not a recipe; save it into a folder of its own.`,
  );
  await expect(writeFolderAtomically(join(folder, 'thesis.tex'), put(''), kind)).rejects.toThrow('is a file');
});
