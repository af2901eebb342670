import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOf, hashOfTree, isStamped, stamp } from '../../src/setup/stamp.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stamp-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('texts are told apart from their concatenation', () => {
  expect(hashOf(['ab', 'c'])).not.toBe(hashOf(['a', 'bc']));
});

test('a stamp holds for its own hash only, and a missing one for none', () => {
  const file = join(folder, '.finished');
  expect(isStamped(file, 'one')).toBe(false);
  stamp(file, 'one');
  expect(isStamped(file, 'one')).toBe(true);
  expect(isStamped(file, 'two')).toBe(false);
});

test('a tree’s hash follows contents and names, not other endings or missing folders', async () => {
  const hash = () => hashOfTree(folder, ['src', 'missing'], ['.ts']);
  await mkdir(join(folder, 'src', 'deep'), { recursive: true });
  await writeFile(join(folder, 'src', 'deep', 'a.ts'), 'one');
  const first = hash();
  await writeFile(join(folder, 'src', 'notes.md'), 'ignored');
  expect(hash()).toBe(first);
  await writeFile(join(folder, 'src', 'deep', 'a.ts'), 'two');
  const second = hash();
  expect(second).not.toBe(first);
  await writeFile(join(folder, 'src', 'b.ts'), '');
  expect(hash()).not.toBe(second);
});
